"""Memberships: one, those of a team, those of a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit.database import row, rows
from kit.errors import NotFound
from kit.pages import day as written
from people.permissions import Who
from teams.roster.queries import TeamFound, find_team
from teams.words import position_word


@dataclass(frozen=True)
class MembershipFound:
    """A spell of a person in a team; `left_on` is the first day outside it."""

    id: UUID
    team: UUID
    team_name: str
    person: UUID
    name: str
    sort: str
    phone: str | None
    sex: str | None
    born_on: date | None
    born_year: int | None
    position: str
    organisation: str
    joined_on: date
    left_on: date | None
    left_reason: str
    decision: str
    version: int

    @property
    def role(self) -> str:
        """The position in words."""
        return position_word(self.position)

    def holds(self, day: date) -> bool:
        """Whether the person was in the team on a day."""
        return self.joined_on <= day and (self.left_on is None or day < self.left_on)

    @property
    def born(self) -> str:
        """The birthday, or the bare year, in words."""
        return written(self.born_on) or str(self.born_year or "")


MEMBERSHIP = """
SELECT m.id, m.team, t.name AS team_name, m.person, p.name, p.sort, p.phone, p.sex, p.born_on,
       p.born_year, m.position, m.organisation, m.joined_on, m.left_on, m.left_reason, m.decision,
       m.version
FROM membership m JOIN person p ON p.id = m.person JOIN team t ON t.id = m.team
"""


async def find_membership(
    who: Who, membership_id: UUID, verb: str = "team.read"
) -> tuple[MembershipFound, TeamFound]:
    """A membership and its team, both within reach. Raises NotFound or Forbidden."""
    found = await row(MembershipFound, MEMBERSHIP + "WHERE m.id = {}", membership_id)
    if found is None:
        raise NotFound
    return found, await find_team(who, found.team, verb)


async def find_standing(person_id: UUID) -> MembershipFound | None:
    """The newest membership of a person already found: how he or she stands now."""
    sql = MEMBERSHIP + "WHERE m.person = {} ORDER BY m.joined_on DESC, m.id DESC LIMIT 1"
    return await row(MembershipFound, sql, person_id)


_IN_ORDER = " ORDER BY CASE m.position WHEN 'leader' THEN 0 WHEN 'deputy' THEN 1 ELSE 2 END"


async def list_team_spells(team_id: UUID) -> list[MembershipFound]:
    """Every spell of a team already found: leader, deputies, members, each by given name."""
    sql = MEMBERSHIP + "WHERE m.team = {}" + _IN_ORDER + ", p.sort, p.id, m.joined_on, m.id"
    return await rows(MembershipFound, sql, team_id)


async def list_person_spells(person_id: UUID) -> list[MembershipFound]:
    """Every spell of a person already found, the newest first."""
    sql = MEMBERSHIP + "WHERE m.person = {} ORDER BY m.joined_on DESC, m.id DESC"
    return await rows(MembershipFound, sql, person_id)


def members_on(spells: list[MembershipFound], day: date) -> list[MembershipFound]:
    """Who of the spells was in the team on a day, in their order."""
    return [spell for spell in spells if spell.holds(day)]


def past_members(spells: list[MembershipFound], day: date) -> list[MembershipFound]:
    """The last spell of each person who had left by a day, the latest first."""
    present = {spell.person for spell in members_on(spells, day)}
    last: dict[UUID, MembershipFound] = {}
    for spell in sorted(spells, key=lambda spell: spell.joined_on):
        if spell.left_on and spell.left_on <= day and spell.person not in present:
            last[spell.person] = spell
    return sorted(last.values(), key=lambda spell: spell.left_on or day, reverse=True)
