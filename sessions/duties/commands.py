"""The yearly duty: set it from a day on; take a line back that does not hold yet."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kit import clock
from kit.database import run, transaction
from kit.errors import NotFound, Refused
from kit.forms import Day, Form
from kit.i18n import gettext as _
from people.audit.commands import record
from people.permissions import Who, must
from sessions.duties.queries import list_duties
from sessions.words import CATEGORY_NAMES

Category = Literal["cadre", "civil_servant", "public_employee", "part_time"]


class DutyForm(Form):
    """How many periods of 45 minutes a category owes a year, from a day on."""

    category: Category
    periods: int = Field(ge=0, le=999)
    since: Day


async def set_duty(by: Who, form: DutyForm) -> None:
    """Set the duty of a category from a day on; on the day of an earlier line, correct that one.
    What held before stays, for records of earlier years are counted by it. Twice is once."""
    must(by.everywhere("catalogue.edit"))
    async with transaction():
        lines = (await list_duties()).get(form.category, [])
        same = next((duty for duty in lines if duty.since == form.since), None)
        if same and same.periods == form.periods:
            return
        await run(
            "INSERT INTO training_duty (category, since, periods, made_at, made_by)"
            " VALUES ({}, {}, {}, {}, {}) ON CONFLICT (category, since) DO UPDATE SET"
            " periods = excluded.periods, made_at = excluded.made_at, made_by = excluded.made_by",
            *(form.category, form.since, form.periods, clock.now(), by.person),
        )
        before = {"periods": same.periods} if same else {}
        after = {"periods": form.periods, "since": form.since}
        name = CATEGORY_NAMES[form.category]
        await record(by, "duty.set", name=_(name), before=before, after=after)


class DropDutyForm(Form):
    """A line that is to be taken back."""

    category: Category
    since: Day


async def drop_duty(by: Who, form: DropDutyForm) -> None:
    """Take back a line that does not hold yet. Raises Refused for one that does or did, NotFound
    for one that never was."""
    must(by.everywhere("catalogue.edit"))
    async with transaction():
        lines = (await list_duties()).get(form.category, [])
        found = next((duty for duty in lines if duty.since == form.since), None)
        if found is None:
            raise NotFound
        if form.since <= clock.today():
            raise Refused(_("This duty holds already. Set another one from a later day."))
        sql = "DELETE FROM training_duty WHERE category = {} AND since = {}"
        await run(sql, form.category, form.since)
        before = {"periods": found.periods, "since": form.since}
        name = CATEGORY_NAMES[form.category]
        await record(by, "duty.drop", name=_(name), before=before, after={})
