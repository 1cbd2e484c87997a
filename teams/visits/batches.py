"""A call of a phone: what it made without a network, in the order in which it depends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import Field

from kit.bodies import check_json
from kit.errors import Refused
from kit.forms import Form
from kit.i18n import gettext as _
from people.permissions import Who
from teams.households.commands import add_household
from teams.households.forms import AddHouseholdForm, ResidentForm
from teams.households.residents import add_resident
from teams.visits.sync import MOST, Result, one_by_one, take_losses, take_visits


class SyncForm(Form):
    """What a phone sends: visits, households and residents made at the door, and what it lost."""

    visits: list[Any] = Field(default_factory=list)
    households: list[dict[str, Any]] = Field(default_factory=list, max_length=MOST)
    residents: list[dict[str, Any]] = Field(default_factory=list, max_length=MOST)
    losses: list[dict[str, Any]] = Field(default_factory=list, max_length=MOST)


@dataclass(frozen=True)
class Synced:
    """What became of each record, list by list, in the order it came."""

    results: list[Result]
    households: list[Result] = field(default_factory=list)
    residents: list[Result] = field(default_factory=list)


class HouseholdRecord(AddHouseholdForm):
    """A household made on a phone, under the phone's id."""

    id: UUID


class ResidentRecord(ResidentForm):
    """A resident made on a phone, under the phone's id."""

    id: UUID
    household: UUID


async def take_batch(by: Who, form: SyncForm) -> Synced:
    """Take all records of a call. Raises Refused (413) for more visits than a call may carry."""
    if len(form.visits) > MOST:
        said = _("Send at most %(most)s visits at once; the rest in a second call.", most=MOST)
        raise Refused(said, status=413)
    households = await one_by_one(by, form.households, _take_household)
    residents = await one_by_one(by, form.residents, _take_resident)
    results = await take_visits(by, form.visits)
    await take_losses(by, form.losses)
    return Synced(results, households, residents)


async def _take_household(by: Who, record: Mapping[str, Any]) -> Result:
    form = check_json(HouseholdRecord, record)
    return Result(str(await add_household(by, form, form.id)), "created")


async def _take_resident(by: Who, record: Mapping[str, Any]) -> Result:
    form = check_json(ResidentRecord, record)
    return Result(str(await add_resident(by, form.household, form, form.id)), "created")
