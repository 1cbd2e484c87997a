"""Households: add, edit, pause and take up again, set the team by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import hold_id, new_id, refusing, run, transaction, value
from kit.errors import Forbidden, NotFound, Refused
from kit.i18n import N_
from kit.i18n import gettext as _
from kit.spells import as_of
from people.audit.commands import changes, record
from people.permissions import Who
from people.reach import visible_teams
from teams.households.forms import (
    AddHouseholdForm,
    EditHouseholdForm,
    HouseholdTeamForm,
    MuteForm,
    VersionForm,
)
from teams.households.queries import HouseholdFound, Twin, find_household, list_twins
from teams.households.tables import Household, HouseholdTeam
from teams.roster.commands import refuse_future

KEYS = ("fold", "sort", "search")
CODE_TAKEN = N_("Another household of this hamlet has this code.")


def code_clash() -> dict[str, str]:
    """The sentence of a code that is taken, by what either engine calls the rule."""
    said = _(CODE_TAKEN)
    return {"household_code": said, "household.area, household.code": said}


async def add_household(by: Who, form: AddHouseholdForm, household_id: UUID | None = None) -> UUID:
    """Add a household. Raises Refused (409, details: the twins) while duplicates are not denied.

    An id comes from a phone, whose owner has left the door long ago: it is never held up by
    duplicates, a code that is taken is left blank, and the same id again is the same household.
    """
    async with transaction():
        if household_id:
            await hold_id(household_id)
            if await _is_there(by, household_id):
                return household_id
        await refuse_no_area(form.area)
        new = form.row()
        if household_id:
            new["code"] = await _free_code(form)
        elif not form.really_new:
            await _refuse_twins(by, form)
        household = household_id or new_id()
        with refusing(code_clash()):
            await Household.insert(_household(by, household, new))
        found = await _within_reach(by, household)
        after = form.model_dump(exclude={"really_new", "area"}, exclude_none=True)
        after["area"] = found.place
        await record(by, "household.add", household, found.head, path=found.path, after=after)
    return household


async def _is_there(by: Who, household: UUID) -> bool:
    """Whether a household of this id exists. Raises NotFound for one beyond reach."""
    if await value("SELECT id FROM household WHERE id = {}", household) is None:
        return False
    await find_household(by, household)
    return True


async def refuse_no_area(area: UUID) -> None:
    """Raise Refused for a place that is no hamlet or commune of today."""
    sql = (
        "SELECT r.id FROM area r JOIN area_spell s ON s.area = r.id"
        " WHERE r.id = {} AND r.kind IN ('hamlet', 'commune') AND {}"
    )
    if await value(sql, area, as_of("s", clock.today())) is None:
        raise Refused(fields={"area": _("This area is not there. Choose another.")})


async def _free_code(form: AddHouseholdForm) -> str:
    """The code of a household from a phone, blank when another one has it."""
    sql = "SELECT id FROM household WHERE area = {} AND code = {} AND merged_into IS NULL"
    taken = form.code and await value(sql, form.area, form.code)
    return "" if taken else form.code


async def _refuse_twins(by: Who, form: AddHouseholdForm) -> None:
    twins = await list_twins(by, Twin(form.area, form.head, form.phone, form.code))
    if twins:
        raise Refused(
            _("This household may be here already. Look at the list, then decide."),
            status=409,
            details=twins,
        )


def _household(by: Who, household: UUID, new: Mapping[str, Any]) -> Household:
    return Household(
        id=household,
        last_met_on=None,
        muted_since=None,
        mute_reason="",
        muted_by=None,
        merged_into=None,
        made_at=clock.now(),
        made_by=by.person,
        anonymised_at=None,
        version=1,
        **new,
    )


async def _within_reach(by: Who, household: UUID) -> HouseholdFound:
    """The household just written. Raises Forbidden where the writer has no say."""
    try:
        return await find_household(by, household, "household.edit")
    except NotFound:
        raise Forbidden from None


async def edit_household(by: Who, household: UUID, form: EditHouseholdForm) -> None:
    """Change a household. Raises Refused (409, details: their values) if another was faster."""
    async with transaction():
        now = await find_household(by, household, "household.edit")
        new = form.row()
        told = {k: v for k, v in new.items() if k not in KEYS}
        before, after = changes(now.__dict__, told)
        if not after:
            return
        if form.area != now.area:
            await refuse_no_area(form.area)
        with refusing(code_clash()):
            await save(by, now, form.version, new)
        found = await _within_reach(by, household)
        if "area" in after:
            before["area"], after["area"] = now.place, found.place
        await record(
            by, "household.edit", household, new["head"], path=now.path, before=before, after=after
        )


async def save(by: Who, now: HouseholdFound, version: int, new: Mapping[str, Any]) -> None:
    """Set columns of a household as it was shown. Raises Refused (409, details: their values)."""
    sets = ", ".join(f"{column} = {{}}" for column in new)
    done = await run(
        f"UPDATE household SET {sets}, version = version + 1"
        " WHERE id = {} AND version = {} AND merged_into IS NULL RETURNING id",
        *(*new.values(), now.id, version),
    )
    if not done:
        raise Refused(
            _("Somebody else changed this household meanwhile. Look at their values."),
            status=409,
            details=await find_household(by, now.id),
        )


async def mute_household(by: Who, household: UUID, form: MuteForm) -> None:
    """Pause the visits to a household from a day on: it is no longer due. Its history stays."""
    refuse_future(form.on)
    async with transaction():
        now = await find_household(by, household, "household.edit")
        if (now.muted_since, now.mute_reason) == (form.on, form.reason):
            return
        new = {"muted_since": form.on, "mute_reason": form.reason, "muted_by": by.person}
        await save(by, now, form.version, new)
        after = {"on": form.on, "reason": form.reason}
        await record(by, "household.mute", household, now.head, path=now.path, after=after)


async def unmute_household(by: Who, household: UUID, form: VersionForm) -> None:
    """Take a paused household up again, with its history. Twice is the same as once."""
    async with transaction():
        now = await find_household(by, household, "household.edit")
        if now.muted_since is None:
            return
        before = {"on": now.muted_since, "reason": now.mute_reason}
        new = {"muted_since": None, "mute_reason": "", "muted_by": None}
        await save(by, now, form.version, new)
        await record(by, "household.return", household, now.head, path=now.path, before=before)


async def assign_household_team(by: Who, household: UUID, form: HouseholdTeamForm) -> None:
    """From a day on a team set by hand serves a household; without one, whoever covers the hamlet.

    Raises Forbidden for a team beyond reach, Refused for a day before the last such change.
    """
    refuse_future(form.on)
    async with transaction():
        now = await find_household(by, household, "team.edit")
        if form.team == (now.team if now.by_hand else None):
            return
        name = await _team_within(by, form.team) if form.team else None
        await save(by, now, form.version, {"merged_into": None})
        with refusing({"": _("The day lies before the last change of the team.")}):
            await _replace_team(household, form)
        await record(
            by,
            "household.team",
            household,
            now.head,
            path=now.path,
            before={"team": now.team_name},
            after={"team": name, "on": form.on},
        )


async def _team_within(by: Who, team: UUID) -> str:
    sql = "SELECT t.name FROM team t WHERE t.id = {} AND t.dissolved_on IS NULL AND {}"
    name = await value(sql, team, visible_teams(by, clock.today(), "team.edit"))
    if name is None:
        raise Refused(fields={"team": _("This team is not there. Choose another.")})
    return str(name)


async def _replace_team(household: UUID, form: HouseholdTeamForm) -> None:
    await run(
        "UPDATE household_team SET until = {} WHERE household = {} AND until IS NULL",
        *(form.on, household),
    )
    if form.team:
        spell = HouseholdTeam(
            id=new_id(), household=household, team=form.team, since=form.on, until=None
        )
        await HouseholdTeam.insert(spell)
