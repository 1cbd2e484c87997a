"""The writer of members: areas, teams, people and memberships, each row noted for the undoing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from kit.database import ON_SQLITE, insert_many, new_id, refusing, run
from kit.errors import Refused
from kit.i18n import gettext as _
from kit.text import fold, sort_key_title
from people.batches.commands import UNVERSIONED, Recorder
from people.imports.kinds import Plan, Tick
from people.imports.work import write_new, write_update
from people.permissions import Who
from people.tables import Person
from places.areas.queries import next_number
from places.settings.queries import find_body
from places.tables import Area, AreaSpell
from teams.imports.places import Place, TeamPlace
from teams.imports.work import Work
from teams.tables import Membership, Team, TeamArea


async def write_members(_by: Who, plan: Plan, batch: Recorder, tick: Tick) -> None:
    """Write what was planned, within the caller's transaction.

    Raises Refused (409) when the register changed meanwhile in a way that clashes.
    """
    work: Work = plan.work
    clash = _("The register was changed meanwhile. Start the import again.")
    with refusing({"": clash}):
        await _areas(batch, work)
        await _teams(batch, work)
        await write_new(batch, Person, work.persons)
        for update in work.person_updates:
            await write_update(batch, Person, update, clash)
        await _end(batch, work, clash)
        for update in work.membership_updates:
            await write_update(batch, Membership, update, clash)
        await write_new(batch, Membership, work.memberships, tick)


async def _areas(batch: Recorder, work: Work) -> None:
    if not work.areas:
        return
    if not ON_SQLITE:
        await run("LOCK TABLE area IN SHARE ROW EXCLUSIVE MODE")
    areas: list[dict[str, Any]] = []
    spells: list[dict[str, Any]] = []
    for number, area in enumerate(work.areas, await next_number()):
        area.path = f"{area.parent.path if area.parent else '/'}{number}/"
        areas.append({"id": area.id, "number": number, "kind": area.kind})
        spells.append(_spell(area, work))
    await insert_many("area", areas)
    await insert_many("area_spell", spells)
    for made, spell in zip(areas, spells, strict=True):
        batch.made(Area, _id(made), UNVERSIONED)
        batch.made(AreaSpell, _id(spell))


def _spell(area: Place, work: Work) -> dict[str, Any]:
    return {
        "id": new_id(),
        "area": area.id,
        "name": area.name,
        "fold": fold(area.name),
        "sort": sort_key_title(area.name),
        "code": None,
        "parent": area.parent.id if area.parent else None,
        "path": area.path,
        "since": work.areas_since,
        "until": None,
        "basis": work.decision,
        "version": 1,
    }


async def _teams(batch: Recorder, work: Work) -> None:
    size = (await find_body()).target_size
    covers = [
        {
            "id": new_id(),
            "team": team.id,
            "area": team.area.id,
            "since": team.founded_on,
            "until": None,
        }
        for team in work.teams
    ]
    await insert_many("team", [_team(team, work, size) for team in work.teams])
    await insert_many("team_area", covers)
    for team in work.teams:
        batch.made(Team, team.id)
    for cover in covers:
        batch.made(TeamArea, _id(cover), UNVERSIONED)


def _team(team: TeamPlace, work: Work, size: int) -> dict[str, Any]:
    return {
        "id": team.id,
        "name": team.name,
        "fold": fold(team.name),
        "sort": sort_key_title(team.name),
        "founded_on": team.founded_on,
        "dissolved_on": None,
        "dissolved_why": "",
        "decision_number": work.decision,
        "decision_on": work.decided_on,
        "target_size": size,
        "phone": None,
        "version": 1,
    }


def _id(record: Mapping[str, Any]) -> UUID:
    return UUID(str(record["id"]))


async def _end(batch: Recorder, work: Work, clash: str) -> None:
    for ending in work.endings:
        done = await run(
            "UPDATE membership SET left_on = {}, left_reason = {}, version = version + 1"
            " WHERE id = {} AND left_on IS NULL RETURNING version",
            *(ending.on, ending.reason, ending.membership),
        )
        if not done:
            raise Refused(clash, status=409)
        before = {"left_on": None, "left_reason": ""}
        batch.changed(Membership, ending.membership, before, int(done[0]["version"]))
        await asyncio.sleep(0)
