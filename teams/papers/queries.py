"""What a paper form and its typing in need to know of a team: its hamlets, people, households."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kit import clock
from kit.database import SQL, all_of, rows
from kit.forms import Form, Maybe
from kit.spells import as_of
from people.permissions import Who
from people.reach import Choice, TeamChoice, seat_of_team, told_apart, visible_teams
from teams.households.reach import served_by, visible_households

VERB = "visit.log"
MOST_HOUSEHOLDS = 2000
A_PAGE = 10


class PaperFilter(Form):
    """Which form to print: of a team, how many blank pages, or one line a household that is due."""

    team: Annotated[UUID | None, Maybe] = None
    pages: Annotated[int, Field(ge=1, le=20)] = 1
    due: bool = False


@dataclass(frozen=True)
class HouseholdChoice:
    """A household to suggest."""

    id: UUID
    code: str
    head: str
    address: str

    @property
    def label(self) -> str:
        """Code and head, as a suggestion writes them."""
        return f"{self.code} · {self.head}" if self.code else self.head


async def list_suggested(who: Who, team: UUID) -> list[HouseholdChoice]:
    """The households a team serves today, by the given name of their heads."""
    today = clock.today()
    return await rows(
        HouseholdChoice,
        "SELECT h.id, h.code, h.head, h.address FROM household h WHERE {}"
        " ORDER BY h.sort, h.id LIMIT {}",
        all_of(
            [
                SQL("h.merged_into IS NULL"),
                visible_households(who, today, "household.read"),
                served_by(team, today),
            ]
        ),
        MOST_HOUSEHOLDS,
    )


async def choices_own_teams(who: Who, chosen: UUID | None, most: int = 200) -> list[Choice]:
    """The live teams for which `who` may log visits, in Vietnamese order; of more than `most`
    only the chosen one."""
    today = clock.today()
    found = await rows(
        TeamChoice,
        "SELECT t.id, t.name, {} AS seat FROM team t WHERE {} AND {}"
        " ORDER BY t.sort, t.id LIMIT {}",
        seat_of_team(),
        as_of("t", today, "founded_on", "dissolved_on"),
        visible_teams(who, today, VERB),
        most + 1,
    )
    teams = told_apart(found)
    return teams if len(teams) <= most else [team for team in teams if team.id == chosen]


@dataclass(frozen=True)
class HamletLine:
    """An area a team covers."""

    id: UUID
    name: str


async def list_hamlets(team: UUID, day: date) -> list[HamletLine]:
    """The areas a team covers on a day. For a team already found."""
    return await rows(
        HamletLine,
        "SELECT ta.area AS id, s.name FROM team_area ta JOIN area_spell s ON s.area = ta.area"
        " WHERE ta.team = {} AND {} AND {} ORDER BY s.path",
        *(team, as_of("ta", day), as_of("s", day)),
    )
