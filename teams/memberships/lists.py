"""Memberships in pages: by team, by person, by day."""

from __future__ import annotations

from uuid import UUID

from kit import clock
from kit.cursors import after, cut
from kit.database import SQL, all_of, rows
from kit.forms import Form, MaybeDay
from kit.spells import as_of
from people.permissions import Who
from people.reach import visible_teams
from teams.memberships.queries import MEMBERSHIP, MembershipFound


class MembershipFilter(Form):
    """Which memberships a list shows: of a team, of a person, those that held on a day, those that
    have not ended (`live`) or have."""

    team: UUID | None = None
    person: UUID | None = None
    on: MaybeDay = None
    live: bool | None = None
    after: str = ""


async def list_memberships(
    who: Who, asked: MembershipFilter, limit: int = 50
) -> tuple[list[MembershipFound], str]:
    """A page of memberships in teams within reach, by given name, and the cursor of the next."""
    wanted = [visible_teams(who, clock.today()), after("p", asked.after, "m.id")]
    if asked.team:
        wanted.append(SQL("m.team = {}", asked.team))
    if asked.person:
        wanted.append(SQL("m.person = {}", asked.person))
    if asked.on:
        wanted.append(as_of("m", asked.on, "joined_on", "left_on"))
    if asked.live is not None:
        wanted.append(SQL("m.left_on IS NULL" if asked.live else "m.left_on IS NOT NULL"))
    sql = MEMBERSHIP + "WHERE {} ORDER BY p.sort, m.id LIMIT {}"
    return cut(await rows(MembershipFound, sql, all_of(wanted), limit + 1), limit)
