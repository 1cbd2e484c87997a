"""Teams: found, edit, say which areas they cover, dissolve."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from kit import clock
from kit.database import among, hold, new_id, refusing, run, transaction
from kit.errors import Forbidden, Refused
from kit.forms import Day, Form, Line, MaybeDay, MaybePhone, Version
from kit.guard import SafeLine
from kit.i18n import gettext as _
from kit.text import fold, sort_key_title
from people.audit.commands import changes, record
from people.permissions import Who
from people.reach import visible_areas
from teams.roster.queries import TeamFound, find_team
from teams.tables import Team, TeamArea


def refuse_future(day: date, field: str = "on") -> None:
    """Raise Refused for a day yet to come: the register holds what is, not what is planned."""
    if day > clock.today():
        raise Refused(fields={field: _("The day lies in the future. Enter it when it has come.")})


class FoundTeamForm(Form):
    """A new team: its name, the areas it covers, and the decision that founds it."""

    name: Line = Field(min_length=2, max_length=120)
    areas: list[UUID] = Field(min_length=1, max_length=20)
    founded_on: Day
    decision_number: Line = Field(default="", max_length=60)
    decision_on: MaybeDay = None
    target_size: int = Field(default=5, ge=1, le=99)
    phone: MaybePhone = None


async def found_team(by: Who, form: FoundTeamForm) -> UUID:
    """Found a team. Raises Forbidden for areas beyond reach, Refused for a name already there."""
    refuse_future(form.founded_on, "founded_on")
    path = await _path_within(by, form.areas)
    team = new_id()
    async with transaction():
        await hold("area", form.areas)
        await _refuse_twin(form.name, form.areas)
        await Team.insert(_team_row(team, form))
        for area in dict.fromkeys(form.areas):
            await TeamArea.insert(
                TeamArea(id=new_id(), team=team, area=area, since=form.founded_on, until=None)
            )
        await record(by, "team.found", team, form.name, path=path, after=form.model_dump())
    return team


def _team_row(team: UUID, form: FoundTeamForm) -> Team:
    return Team(
        id=team,
        name=form.name,
        fold=fold(form.name),
        sort=sort_key_title(form.name),
        founded_on=form.founded_on,
        dissolved_on=None,
        dissolved_why="",
        decision_number=form.decision_number,
        decision_on=form.decision_on,
        target_size=form.target_size,
        phone=form.phone,
        version=1,
    )


async def _path_within(by: Who, areas: list[UUID]) -> str:
    """The path of the first of the areas, all of which must lie within reach."""
    found = await run(
        "SELECT a.area, a.path FROM area_spell a WHERE a.area IN {} AND a.until IS NULL AND {}"
        " ORDER BY a.path",
        *(among(areas), visible_areas(by, "team.found")),
    )
    if len(found) < len(set(areas)):
        raise Forbidden
    return str(found[0]["path"])


async def _refuse_twin(name: str, areas: list[UUID]) -> None:
    twin = await run(
        "SELECT t.id FROM team t JOIN team_area ta ON ta.team = t.id WHERE t.fold = {}"
        " AND ta.area IN {} AND ta.until IS NULL AND t.dissolved_on IS NULL",
        *(fold(name), among(areas)),
    )
    if twin:
        sentence = _("A team of this name covers this area already.")
        raise Refused(fields={"name": sentence}, status=409)


class EditTeamForm(Form):
    """What may be changed of a team; `version` is the one that was shown."""

    name: Line = Field(min_length=2, max_length=120)
    decision_number: Line = Field(default="", max_length=60)
    decision_on: MaybeDay = None
    target_size: int = Field(ge=1, le=99)
    phone: MaybePhone = None
    version: Version


async def edit_team(by: Who, team_id: UUID, form: EditTeamForm) -> None:
    """Change a team's words and numbers. Raises Refused (409) if another was faster."""
    async with transaction():
        team = await find_team(by, team_id, "team.edit")
        new = form.model_dump(exclude={"version"})
        before, after = changes(team.__dict__, new)
        if not after:
            return
        keys = {"fold": fold(form.name), "sort": sort_key_title(form.name)}
        await _set(by, team, form.version, {**new, **keys})
        await record(
            by, "team.edit", team_id, form.name, path=team.path, before=before, after=after
        )


async def _set(by: Who, team: TeamFound, version: int, values: dict[str, object]) -> None:
    sets = ", ".join(f"{column} = {{}}" for column in values)
    done = await run(
        f"UPDATE team SET {sets}, version = version + 1 WHERE id = {{}} AND version = {{}}"
        " RETURNING id",
        *(*values.values(), team.id, version),
    )
    if not done:
        raise Refused(
            _("Somebody else changed this team meanwhile. Look at their values, then save again."),
            status=409,
            details=await find_team(by, team.id),
        )


class DissolveTeamForm(Form):
    """The first day without the team, and why."""

    on: Day
    why: SafeLine = Field(min_length=3, max_length=300)
    version: Version


async def dissolve_team(by: Who, team_id: UUID, form: DissolveTeamForm) -> None:
    """Dissolve a team from a day on: memberships and areas end with it. Nothing vanishes."""
    refuse_future(form.on)
    async with transaction():
        team = await find_team(by, team_id, "team.dissolve")
        if team.dissolved_on:
            raise Refused(_("This team is dissolved already."), status=409)
        if form.on < team.founded_on:
            raise Refused(fields={"on": _("The day lies before the team was founded.")})
        new = {"dissolved_on": form.on, "dissolved_why": form.why}
        await _set(by, team, form.version, new)
        await _end_all(team_id, form)
        after = {"dissolved_on": form.on, "why": form.why}
        await record(by, "team.dissolve", team_id, team.name, path=team.path, after=after)


async def _end_all(team_id: UUID, form: DissolveTeamForm) -> None:
    """End every membership and every area of a team. Raises Refused if one began after the day."""
    members = await run("SELECT person FROM membership WHERE team = {}", team_id)
    await hold("person", list({member["person"] for member in members}))
    with refusing({"": _("A member or an area joined after this day. Choose a later day.")}):
        await run(
            "UPDATE membership SET left_on = {}, left_reason = {}, version = version + 1"
            " WHERE team = {} AND (left_on IS NULL OR left_on > {})",
            *(form.on, form.why, team_id, form.on),
        )
        await run(
            "UPDATE team_area SET until = {} WHERE team = {} AND (until IS NULL OR until > {})",
            *(form.on, team_id, form.on),
        )


class TeamAreasForm(Form):
    """The areas a team covers from a day on."""

    areas: list[UUID] = Field(min_length=1, max_length=20)
    on: Day


async def set_team_areas(by: Who, team_id: UUID, form: TeamAreasForm) -> None:
    """From a day on a team covers just these areas; what it covered before stays on record.

    An area added and taken away on the same day leaves no trace but the log's.
    """
    refuse_future(form.on)
    async with transaction():
        await hold("team", [team_id])
        team = await find_team(by, team_id, "team.edit")
        if team.dissolved_on or form.on < team.founded_on:
            raise Refused(fields={"on": _("The team does not exist on this day.")})
        now = await TeamArea.select().where((TeamArea.team == team_id) & TeamArea.until.is_null())
        held = {spell["area"] for spell in now}
        gone = [spell["id"] for spell in now if spell["area"] not in form.areas]
        new = [area for area in dict.fromkeys(form.areas) if area not in held]
        if new:
            await _path_within(by, new)
        elif not gone:
            return
        await _recover(team_id, gone, new, form.on)
        before, after = {"areas": sorted(held)}, {"areas": form.areas, "on": form.on}
        await record(
            by, "team.cover", team_id, team.name, path=team.path, before=before, after=after
        )


async def _recover(team_id: UUID, gone: list[UUID], new: list[UUID], day: date) -> None:
    with refusing({"": _("A covered area began after this day. Choose a later day.")}):
        for spell in gone:
            await TeamArea.update({TeamArea.until: day}).where(TeamArea.id == spell)
        for area in new:
            await TeamArea.insert(
                TeamArea(id=new_id(), team=team_id, area=area, since=day, until=None)
            )
