"""Members: add, move many at once, change position, end, bring back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from kit import clock
from kit.database import ON_SQLITE, among, hold, rows, run, transaction
from kit.errors import NotFound, Refused
from kit.forms import Day, Form, Line, MaybeDay, Version
from kit.guard import SafeLine
from kit.i18n import gettext as _
from people.audit.commands import record
from people.batches.commands import Recorder
from people.permissions import Who
from people.reach import visible_persons, visible_teams
from teams.memberships.queries import MembershipFound, find_membership, find_standing
from teams.memberships.spells import close_spell, open_spell
from teams.roster.commands import refuse_future
from teams.roster.queries import TeamFound, find_team

Position = Literal["leader", "deputy", "member"]


@dataclass(frozen=True)
class Candidate:
    """A person to be moved, with the membership live now, if any."""

    person: UUID
    name: str
    membership: UUID | None
    team: UUID | None
    team_name: str | None
    position: str | None
    joined_on: date | None
    version: int | None
    organisation: str

    @property
    def state(self) -> str:
        """The membership and its version, as AssignForm wants them; empty for none."""
        return f"{self.membership}:{self.version}" if self.membership else ""


class AssignForm(Form):
    """Move people to a team from a day on.

    Each of `people` is `person:membership:version`, the membership as it was shown for the
    person, or `person:` for none: so a move that rests on an outdated page is noticed.
    """

    team: UUID
    people: list[str] = Field(min_length=1, max_length=500)
    on: MaybeDay = None

    def shown(self) -> dict[UUID, str]:
        """Person → the membership that was shown (Candidate.state). Raises Refused."""
        try:
            pairs = (token.partition(":") for token in self.people)
            return {UUID(person): state for person, _, state in pairs}
        except ValueError:
            raise Refused(_("Choose people from the list.")) from None


async def assign_members(by: Who, form: AssignForm) -> UUID:
    """Move people to a team at one go; the id of the batch, by which it can be undone.

    Raises Refused (409) with both values when somebody else moved one of them meanwhile, and
    then moves nobody.
    """
    day, shown = form.on or clock.today(), form.shown()
    async with transaction():
        team = await _open_team(by, form.team, "member.assign", day)
        found = await _candidates(by, list(shown))
        _refuse_if_moved(found, shown)
        moving = [candidate for candidate in found if candidate.team != team.id]
        await _refuse_if_elsewhere(by, moving)
        _refuse_if_too_new(moving, day)
        if not moving:
            raise Refused(_("They are all in this team already."), status=409)
        batch = Recorder(by, "assignment", team.name, team.path)
        for candidate in moving:
            await _move(batch, candidate, team, day)
        await batch.save({"moved": len(moving)})
        await record(
            by,
            "member.assign",
            team.id,
            team.name,
            path=team.path,
            before={c.name: c.team_name for c in moving},
            after={"people": [c.name for c in moving], "team": team.name, "on": day},
        )
    return batch.id


def _refuse_if_moved(found: list[Candidate], shown: dict[UUID, str]) -> None:
    stale = [c for c in found if c.state != shown[c.person]]
    if stale:
        raise Refused(
            _("Somebody else moved people of your choice meanwhile. Nobody was moved now."),
            status=409,
            details=stale,
        )


async def _refuse_if_elsewhere(by: Who, moving: list[Candidate]) -> None:
    """Raise Refused for those whom only the coordinator of their present team may move."""
    teams = [candidate.team for candidate in moving if candidate.team]
    reached = await run(
        "SELECT t.id FROM team t WHERE t.id IN {} AND {}",
        *(among(teams), visible_teams(by, clock.today(), "member.assign")),
    )
    mine = {team["id"] for team in reached}
    away = [c.name for c in moving if c.team and c.team not in mine]
    if away:
        said = _(
            "In a team of another area: %(people)s. Ask the coordinator there.",
            people=", ".join(away),
        )
        raise Refused(said)


def _refuse_if_too_new(moving: list[Candidate], day: date) -> None:
    late = [c.name for c in moving if c.joined_on and c.joined_on > day]
    if late:
        said = _("Joined the present team after this day: %(people)s.", people=", ".join(late))
        raise Refused(fields={"on": said})


async def _move(batch: Recorder, candidate: Candidate, team: TeamFound, day: date) -> None:
    if candidate.membership:
        await close_spell(batch, candidate.membership, day, _("moved to %(team)s", team=team.name))
    organisation = candidate.organisation
    await open_spell(batch, team.id, candidate.person, "member", day, organisation)


async def _candidates(by: Who, people: list[UUID]) -> list[Candidate]:
    found = await rows(
        Candidate,
        "SELECT p.id AS person, p.name, m.id AS membership, m.team, t.name AS team_name,"
        " m.position, m.joined_on, m.version,"
        " coalesce(nullif(m.organisation, ''), p.organisation) AS organisation FROM person p"
        " LEFT JOIN membership m ON m.person = p.id AND m.left_on IS NULL"
        " LEFT JOIN team t ON t.id = m.team WHERE p.id IN {} AND {} ORDER BY p.id"
        + ("" if ON_SQLITE else " FOR UPDATE OF p"),
        *(among(people), visible_persons(by, clock.today(), "member.assign")),
    )
    if len(found) < len(people):
        raise NotFound
    return found


async def _open_team(by: Who, team_id: UUID, verb: str, day: date) -> TeamFound:
    """The team, kept from being dissolved meanwhile. Raises Refused if it is not there that day."""
    refuse_future(day)
    await hold("team", [team_id], "SHARE")
    team = await find_team(by, team_id, verb)
    if day < team.founded_on or (team.dissolved_on and day >= team.dissolved_on):
        raise Refused(fields={"on": _("The team does not exist on this day.")}, status=409)
    return team


class AddMemberForm(Form):
    """A person who joins a team."""

    person: UUID
    position: Position = "member"
    organisation: Line = Field(default="", max_length=160)
    decision: Line = Field(default="", max_length=120)
    on: Day


async def add_member(by: Who, team_id: UUID, form: AddMemberForm) -> UUID:
    """Add a person who is in no team. Raises Refused when in one, or when a leader is there."""
    async with transaction():
        team = await _open_team(by, team_id, "member.assign", form.on)
        person = (await _candidates(by, [form.person]))[0]
        membership = await open_spell(
            None, team_id, form.person, form.position, form.on, form.organisation, form.decision
        )
        after = {"team": team.name, "position": form.position, "on": form.on}
        await record(by, "member.add", person.person, person.name, path=team.path, after=after)
    return membership


class PositionForm(Form):
    """A new position from a day on; `version` is the one that was shown."""

    position: Position
    on: Day
    decision: Line = Field(default="", max_length=120)
    version: Version


async def change_position(by: Who, membership_id: UUID, form: PositionForm) -> None:
    """Promote or step down. A new leader replaces the old one, who stays as a member.

    Raises Refused (409, details: how the person stands now) if another was faster.
    """
    async with transaction():
        now, team = await _live(by, membership_id, form.version, form.on)
        if now.position == form.position:
            return
        leader = await _leader(team) if form.position == "leader" else None
        await hold("person", [now.person, *([leader["person"]] if leader else [])])
        if leader:
            await close_spell(None, leader["id"], form.on, _("new position"))
        await close_spell(None, now.id, form.on, _("new position"), form.version)
        if leader:
            person, organisation = leader["person"], leader["organisation"]
            await open_spell(None, team.id, person, "member", form.on, organisation)
        await _reopen(now, form)
        await record(
            by,
            "member.position",
            now.person,
            now.name,
            path=team.path,
            before={"position": now.position, "leader": leader and leader["name"]},
            after={"position": form.position, "team": team.name, "on": form.on},
        )


async def _live(
    by: Who, membership_id: UUID, version: int, day: date
) -> tuple[MembershipFound, TeamFound]:
    """A membership to be changed from a day on, as it was shown. Raises Refused."""
    refuse_future(day)
    now, team = await find_membership(by, membership_id, "member.assign")
    if now.left_on or now.version != version:
        raise Refused(
            _("Somebody else changed this membership meanwhile. Look again, then decide."),
            status=409,
            details=await find_standing(now.person),
        )
    if day < now.joined_on:
        raise Refused(fields={"on": _("The day lies before the membership began.")})
    return now, team


async def _leader(team: TeamFound) -> Mapping[str, Any] | None:
    """The membership of a team's leader of now, with the name."""
    found = await run(
        "SELECT m.id, m.person, m.organisation, p.name FROM membership m"
        " JOIN person p ON p.id = m.person"
        " WHERE m.team = {} AND m.position = 'leader' AND m.left_on IS NULL",
        team.id,
    )
    return found[0] if found else None


async def _reopen(now: MembershipFound, form: PositionForm) -> None:
    await open_spell(
        None, now.team, now.person, form.position, form.on, now.organisation, form.decision
    )


class EndForm(Form):
    """The first day outside the team, and why."""

    on: Day
    reason: SafeLine = Field(min_length=3, max_length=300)
    version: Version


async def end_membership(by: Who, membership_id: UUID, form: EndForm) -> None:
    """End a membership. Leader and member rights end with it the same day.

    Raises Refused (409, details: how the person stands now) if another was faster.
    """
    async with transaction():
        now, team = await _live(by, membership_id, form.version, form.on)
        await hold("person", [now.person])
        await close_spell(None, now.id, form.on, form.reason, form.version)
        after = {"left_on": form.on, "reason": form.reason, "team": team.name}
        await record(by, "member.end", now.person, now.name, path=team.path, after=after)


class BringBackForm(Form):
    """The day a former member is back."""

    on: Day


async def bring_back(by: Who, membership_id: UUID, form: BringBackForm) -> UUID:
    """Bring a former member back into the same team, as a member with the same organisation."""
    async with transaction():
        old, team = await find_membership(by, membership_id, "member.assign")
        await _open_team(by, team.id, "member.assign", form.on)
        await hold("person", [old.person])
        if not old.left_on:
            raise Refused(_("This person is in the team."), status=409)
        if form.on < old.left_on:
            raise Refused(fields={"on": _("The day lies before the membership ended.")})
        back = await open_spell(None, team.id, old.person, "member", form.on, old.organisation)
        after = {"team": team.name, "on": form.on}
        await record(by, "member.bring_back", old.person, old.name, path=team.path, after=after)
    return back
