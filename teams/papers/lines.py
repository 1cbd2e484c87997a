"""A line of a paper form as it was typed, read into a visit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from kit import clock
from kit.database import new_id
from kit.days import parse_day
from kit.forms import refused
from kit.i18n import gettext as _
from kit.text import fold, squeeze
from teams.papers.queries import HouseholdChoice
from teams.papers.services import Service, read_marks
from teams.visits.forms import VisitForm

LINES = 10
CELLS = ("id", "household", "day", "met", "consent", "supports", "note")
NOON = time(12)
A_SEASON = timedelta(days=90)
_NO_YEAR = re.compile(r"(\d{1,2}) ?[/.\-] ?(\d{1,2}) ?[/.\-]?")


@dataclass
class PaperLine:
    """One line: its cells as typed, and what is wrong with each."""

    number: int
    cells: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def blank(self) -> bool:
        """Whether nobody wrote on this line; a day alone is no visit."""
        return not any(self.cells[name] for name in ("household", "consent", "supports", "note"))

    @property
    def sentence(self) -> str:
        """All that is wrong, in one go."""
        return " ".join(dict.fromkeys(self.wrong.values()))


def blank_lines(day: str = "", count: int = LINES, first: int = 1) -> list[PaperLine]:
    """Lines to type into; each has the id its visit will have, so that twice is once."""
    return [
        PaperLine(number, {**dict.fromkeys(CELLS, ""), "id": str(new_id()), "day": day})
        for number in range(first, first + count)
    ]


def typed_lines(sent: Mapping[str, Any]) -> list[PaperLine]:
    """The lines of a form as they were typed."""
    return [
        PaperLine(number, {name: squeeze(str(sent.get(f"{name}-{number}", ""))) for name in CELLS})
        for number in range(1, LINES + 1)
    ]


def with_days(lines: list[PaperLine]) -> list[PaperLine]:
    """The lines, those without a day on the day of the one above them, as one writes on paper.
    A day that cannot be read goes on to no other line: mended once, it is mended for all."""
    day = ""
    for line in lines:
        typed = line.cells["day"] = _with_year(line.cells["day"])
        day = typed or day
        line.cells["day"] = typed or (day if _readable(day) else "")
    return lines


def _with_year(typed: str) -> str:
    """A day as typed; of one without its year, as one writes on paper, the day of this year, in
    its first weeks that of the last."""
    found = _NO_YEAR.fullmatch(typed)
    if found is None:
        return typed
    today = clock.today()
    this, last = (f"{found[1]}/{found[2]}/{year}" for year in (today.year, today.year - 1))
    return last if _readable(last) and today - parse_day(last) <= A_SEASON else this


def _readable(day: str) -> bool:
    try:
        parse_day(day)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class Sheet:
    """What holds for all lines of a sheet."""

    performer: UUID | None
    households: Sequence[HouseholdChoice]
    services: Sequence[Service]


def read_line(line: PaperLine, sheet: Sheet) -> VisitForm | None:
    """The visit a line stands for; None where something is wrong, which is noted on the line."""
    day = _day(line)
    household = _household(line, sheet.households)
    marks = _marks(line, sheet, day)
    if line.cells["met"] == "met" and not line.cells["consent"]:
        line.wrong["consent"] = _("Say whether the resident agreed to be recorded by name.")
    if household is None and line.cells["consent"] == "consent":
        line.wrong.setdefault("consent", _("A name is written down only with its household."))
    if line.wrong or day is None:
        return None
    said = {
        "met_at": _instant(day),
        "household": household,
        "performed_by": sheet.performer,
    }
    try:
        return VisitForm.model_validate(said | _told(line, marks))
    except ValidationError as error:
        note_wrong(line, refused(error).fields)
        return None


def _told(line: PaperLine, marks: list[tuple[str, str]]) -> dict[str, Any]:
    met = line.cells["met"]
    return {
        "id": line.cells["id"],
        "met": met,
        "consent": line.cells["consent"] or None if met == "met" else None,
        "consent_method": "signed",
        "supports": [{"service": code, "outcome": outcome} for code, outcome in marks],
        "note": line.cells["note"],
    }


def note_wrong(line: PaperLine, fields: Mapping[str, str]) -> None:
    """Put sentences about a visit's fields where the line has its cells."""
    places = {"met_at": "day", "consent_method": "consent"}
    for name, sentence in fields.items():
        first = name.partition(".")[0]
        place = places.get(first, first)
        line.wrong[place if place in CELLS else "household"] = sentence


def _instant(day: date) -> datetime:
    """Paper knows the day alone: noon stands for it, or its first moment while noon is to come, so
    that a sheet sent twice is the same sheet."""
    noon = datetime.combine(day, NOON, clock.LOCAL)
    return noon if noon <= clock.now() else clock.midnight(day)


def _day(line: PaperLine) -> date | None:
    if not line.cells["day"]:
        line.wrong["day"] = _("Enter the day here, or mend it on a line above.")
        return None
    try:
        day = parse_day(line.cells["day"])
    except ValueError as error:
        line.wrong["day"] = _(str(error))
        return None
    if day > clock.today():
        line.wrong["day"] = _("Choose today or a day before.")
    return day


def _marks(line: PaperLine, sheet: Sheet, day: date | None) -> list[tuple[str, str]]:
    try:
        return read_marks(line.cells["supports"], sheet.services, day or clock.today())
    except ValueError as error:
        line.wrong["supports"] = str(error)
        return []


def _household(line: PaperLine, households: Iterable[HouseholdChoice]) -> UUID | None:
    """The household meant by a code, a name, or both as the suggestion writes them; None for a
    visit that belongs to none, which "-" says."""
    typed = line.cells["household"]
    if typed == "-":
        return None
    if not typed:
        line.wrong["household"] = _("Enter the household's code or name, or - for none.")
        return None
    plain, found = fold(typed), list(households)
    ways = (
        [h for h in found if fold(h.label) == plain],
        [h for h in found if h.code and fold(h.code) == plain],
        [h for h in found if fold(h.head) == plain],
    )
    same = next((way for way in ways if way), [])
    if len(same) == 1:
        return same[0].id
    line.wrong["household"] = (
        _("Several households have this name. Enter the code.")
        if same
        else _("The team has no such household. Check the code or the name.")
    )
    return None
