"""Typing paper visits in: a line a visit, each a visit of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

from kit import clock
from kit.errors import Refused
from kit.forms import Form, Maybe
from kit.i18n import gettext as _
from people.permissions import Who
from people.reach import Choice
from teams.papers.lines import (
    LINES,
    PaperLine,
    Sheet,
    blank_lines,
    note_wrong,
    read_line,
    with_days,
)
from teams.papers.queries import (
    HouseholdChoice,
    list_suggested,
)
from teams.papers.services import Service, list_services
from teams.roster.queries import TeamFound
from teams.visits.card import Mate, list_mates
from teams.visits.commands import log_visit
from teams.visits.forms import VisitForm


class TypedFor(Form):
    """Whose paper it is: the team, and who made the visits."""

    team: Annotated[UUID | None, Maybe] = None
    performed_by: Annotated[UUID | None, Maybe] = None


@dataclass(frozen=True)
class Desk:
    """All a sheet is typed in with: the team, its people and households, the services."""

    team: TeamFound
    mates: list[Mate]
    households: list[HouseholdChoice]
    services: list[Service]

    def sheet(self, performer: UUID | None) -> Sheet:
        """What holds for all lines of a sheet of somebody."""
        return Sheet(performer, self.households, self.services)

    @property
    def offered(self) -> list[Service]:
        """The services of today, for the list below the sheet."""
        return [service for service in self.services if service.offered(clock.today())]

    @property
    def mate_pairs(self) -> list[tuple[UUID, str]]:
        """The members as a select wants them."""
        return [(mate.id, mate.name) for mate in self.mates]


async def set_desk(who: Who, team: TeamFound) -> Desk:
    """What typing in for a team needs; two queries."""
    today = clock.today()
    return Desk(
        team,
        await list_mates(team.id, today),
        await list_suggested(who, team.id),
        await list_services(),
    )


@dataclass
class Typed:
    """What became of a sheet: how many lines were saved, and those that came back."""

    saved: int = 0
    wrong: list[PaperLine] = field(default_factory=list)

    def lines(self) -> list[PaperLine]:
        """The lines to show again: the wrong ones first, then blank ones."""
        for number, line in enumerate(self.wrong, 1):
            line.number = number
        left = len(self.wrong)
        return self.wrong + blank_lines(count=LINES - left, first=left + 1)


async def transcribe(by: Who, desk: Desk, performer: UUID, lines: list[PaperLine]) -> Typed:
    """Log each line that somebody wrote on as a visit of its own; a line that is refused keeps
    nobody else's back, and comes back with the reason."""
    typed, sheet = Typed(), desk.sheet(performer)
    for line in with_days(lines):
        if line.blank:
            continue
        form = read_line(line, sheet)
        if form is not None and await _log(by, form, line):
            typed.saved += 1
        else:
            typed.wrong.append(line)
    return typed


async def _log(by: Who, form: VisitForm, line: PaperLine) -> bool:
    try:
        logged = await log_visit(by, form, "paper")
    except Refused as refused:
        note_wrong(line, refused.fields or {"household": refused.message})
        return False
    if logged.status == "conflict":
        line.wrong["household"] = _("This line was saved before, with other words. See the visits.")
    return logged.status != "conflict"


def team_to_type_for(asked: TypedFor, who: Who, teams: list[Choice]) -> UUID | None:
    """The team asked for, else the own one, else the only one there is."""
    return asked.team or who.own_team or (teams[0].id if len(teams) == 1 else None)
