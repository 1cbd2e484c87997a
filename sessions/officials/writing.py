"""The writer of officials: offices, people and spells, each row noted for the undoing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from kit.database import insert_many, new_id, refusing
from kit.i18n import gettext as _
from kit.text import fold, sort_key_title
from people.batches.commands import UNVERSIONED, Recorder
from people.imports.kinds import Plan, Tick
from people.imports.work import write_new, write_update
from people.permissions import Who
from people.tables import Person
from places.tables import Office, OfficeSpell
from sessions.officials.offices import Place
from sessions.officials.plans import OfficialWork
from sessions.officials.tables import Official


async def write_officials(_by: Who, plan: Plan, batch: Recorder, tick: Tick) -> None:
    """Write what was planned, within the caller's transaction.

    Raises Refused (409) when the register changed meanwhile in a way that clashes.
    """
    work: OfficialWork = plan.work
    clash = _("The register was changed meanwhile. Start the import again.")
    with refusing({"": clash}):
        await _offices(batch, work)
        await write_new(batch, Person, work.persons)
        for update in work.person_updates:
            await write_update(batch, Person, update, clash)
        for update in work.official_updates:
            await write_update(batch, Official, update, clash)
        await write_new(batch, Official, work.officials, tick)


async def _offices(batch: Recorder, work: OfficialWork) -> None:
    spells = [_spell(place, work) for place in work.offices]
    await insert_many("office", [{"id": place.id} for place in work.offices])
    await insert_many("office_spell", spells)
    for place, spell in zip(work.offices, spells, strict=True):
        batch.made(Office, place.id, UNVERSIONED)
        batch.made(OfficeSpell, UUID(str(spell["id"])))


def _spell(place: Place, work: OfficialWork) -> dict[str, Any]:
    """An office holds from the first day of the year, so that earlier spells find it."""
    first = min([work.since, *(one["since"] for one in work.officials)])
    return {
        "id": new_id(),
        "office": place.id,
        "name": place.name,
        "fold": fold(place.name),
        "sort": sort_key_title(place.name),
        "area": place.area,
        "since": first.replace(month=1, day=1),
        "until": None,
        "version": 1,
    }
