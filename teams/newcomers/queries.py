"""Persons who may join a team."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kit import clock
from kit.database import rows
from people.permissions import Who
from people.persons.queries import matches
from people.reach import visible_persons


@dataclass(frozen=True)
class Joiner:
    """Somebody who may join a team; `team_name` is where he or she is now, if anywhere."""

    id: UUID
    name: str
    born_year: int | None
    phone: str | None
    organisation: str
    team_name: str | None


async def list_joiners(who: Who, typed: str) -> list[Joiner]:
    """Up to 20 persons within reach whose name or phone holds what was typed."""
    return await rows(
        Joiner,
        "SELECT p.id, p.name, p.born_year, p.phone, p.organisation, t.name AS team_name"
        " FROM person p LEFT JOIN membership m ON m.person = p.id AND m.left_on IS NULL"
        " LEFT JOIN team t ON t.id = m.team WHERE p.merged_into IS NULL AND {} AND {}"
        " ORDER BY CASE WHEN m.id IS NULL THEN 0 ELSE 1 END, p.sort, p.id LIMIT 20",
        matches(typed),
        visible_persons(who, clock.today(), "member.assign"),
    )
