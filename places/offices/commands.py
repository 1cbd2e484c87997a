"""Offices: found one, rename or move it from a day on, end it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from kit.database import new_id, refusing, run, transaction
from kit.errors import Refused
from kit.forms import Day, Form, Line, Version
from kit.i18n import gettext as _
from kit.text import fold, sort_key_title
from people.audit.commands import changes, record
from people.permissions import Who
from people.reach import choices_areas
from places.areas.queries import list_spells_from
from places.offices.queries import OfficeFound, find_office
from places.tables import Office, OfficeSpell


class OfficeForm(Form):
    """The name of an office and the area it belongs to, from a day on."""

    name: Line = Field(min_length=2, max_length=160)
    area: UUID
    since: Day


async def found_office(by: Who, form: OfficeForm) -> UUID:
    """Found an office. Raises Refused for an area beyond reach, or a name already there."""
    office = new_id()
    async with transaction():
        path = await _path_for(by, form)
        await _refuse_twin(form, None)
        await Office.insert(Office(id=office))
        await _open_spell(office, form, 1)
        await record(by, "office.found", office, form.name, path=path, after=form.model_dump())
    return office


async def _path_for(by: Who, form: OfficeForm) -> str:
    """The path today of the form's area, which must lie within reach and exist from the day on."""
    choices = {choice.id: choice.path for choice in await choices_areas(by, "office.edit")}
    if form.area not in choices:
        raise Refused(fields={"area": _("Choose an area from the list.")})
    spells = await list_spells_from(form.area, form.since)
    if spells[0].since > form.since or spells[-1].until:
        raise Refused(fields={"since": _("The area does not exist from this day on.")})
    return choices[form.area]


async def _refuse_twin(form: OfficeForm, own: UUID | None) -> None:
    twins = await run(
        "SELECT office FROM office_spell WHERE fold = {} AND area = {} AND until IS NULL",
        *(fold(form.name), form.area),
    )
    if any(twin["office"] != own for twin in twins):
        sentence = _("An office of this name belongs to this area already.")
        raise Refused(fields={"name": sentence}, status=409)


async def _open_spell(office: UUID, form: OfficeForm, version: int) -> None:
    with refusing({"office_spell": _("Somebody else changed this office meanwhile.")}):
        await OfficeSpell.insert(
            OfficeSpell(
                id=new_id(),
                office=office,
                **_words(form),
                since=form.since,
                until=None,
                version=version,
            )
        )


def _words(form: OfficeForm) -> dict[str, Any]:
    name = form.name
    return {"name": name, "fold": fold(name), "sort": sort_key_title(name), "area": form.area}


class ChangeOfficeForm(OfficeForm):
    """From `since` on the office has this name and area. `version` is the one shown."""

    version: Version


async def change_office(by: Who, office_id: UUID, form: ChangeOfficeForm) -> None:
    """Rename or move an office from a day on; on the first day of its last spell, correct that.

    Raises Refused (409, details: their values) if another was faster.
    """
    async with transaction():
        now = await find_office(by, office_id, "office.edit")
        if (now.name, now.area, now.until) == (form.name, form.area, None):
            return
        _refuse_stale(now, form.version)
        _refuse_earlier(now, form.since, "since")
        path = await _path_for(by, form)
        await _refuse_twin(form, office_id)
        if form.since == now.since:
            await _set(now, _words(form))
        else:
            await _set(now, {"until": form.since})
            await _open_spell(office_id, form, now.version + 1)
        before, after = changes(now.__dict__, form.model_dump(exclude={"version"}))
        await record(
            by, "office.change", office_id, form.name, path=path, before=before, after=after
        )


def _refuse_stale(now: OfficeFound, version: int) -> None:
    if now.version != version:
        raise Refused(
            _(
                "Somebody else changed this office meanwhile."
                " Look at their values, then save again."
            ),
            status=409,
            details=now,
        )
    if now.until:
        raise Refused(_("This office has ended."), status=409, details=now)


def _refuse_earlier(now: OfficeFound, day: date, field: str) -> None:
    if day < now.since:
        last = now.since.strftime("%d/%m/%Y")
        sentence = _(
            "The latest change holds from %(day)s. Choose that day or a later one.", day=last
        )
        raise Refused(fields={field: sentence})


async def _set(now: OfficeFound, values: dict[str, Any]) -> None:
    """Change the last spell. Raises Refused (409) when it is not as it was read."""
    sets = ", ".join(f"{column} = {{}}" for column in values)
    done = await run(
        f"UPDATE office_spell SET {sets}, version = version + 1 WHERE id = {{}} AND version = {{}}"
        " RETURNING id",
        *(*values.values(), now.spell, now.version),
    )
    if not done:
        raise Refused(_("Somebody else changed this office meanwhile."), status=409)


class EndOfficeForm(Form):
    """The first day without the office."""

    on: Day
    version: Version


async def end_office(by: Who, office_id: UUID, form: EndOfficeForm) -> None:
    """End an office; its people keep it on record. On the day it has ended, that is done."""
    async with transaction():
        now = await find_office(by, office_id, "office.edit")
        if now.until == form.on:
            return
        _refuse_stale(now, form.version)
        _refuse_earlier(now, form.on, "on")
        if form.on == now.since:
            sentence = _("The latest change begins on this very day. Choose a later day.")
            raise Refused(fields={"on": sentence})
        await _set(now, {"until": form.on})
        after = {"until": form.on}
        await record(by, "office.end", office_id, now.name, path=now.path, after=after)
