"""What a list of marks would do: each row found by course, day and name, for many sessions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kit.database import new_id, rows
from kit.errors import Refused
from kit.forms import check
from kit.i18n import N_
from kit.sheets import Header, Line, Sheet, find_header, only_text, read_lines
from kit.spells import as_of
from kit.text import fold
from people.imports.kinds import (
    Options,
    Plan,
    PlannedRow,
    State,
    Words,
    refuse_no_rows,
    texts,
    words,
)
from people.imports.work import common_path
from people.permissions import Who
from sessions.attendance.columns import COLUMNS
from sessions.attendance.forms import MarkForm, of_page
from sessions.attendance.ledger import Writing, open_writing, takes_part
from sessions.attendance.queries import HeldFound, list_held
from sessions.attendance.rules import Rules, rules_of

IMPORT = "attendance.import"
NO_SESSION = N_("“%(course)s” has no session on %(day)s that is yours to take.")
SEVERAL_SESSIONS = N_("“%(course)s” has several sessions on %(day)s: write the start time.")
NOBODY = N_("%(name)s does not take part in the session on %(day)s.")
SEVERAL_PEOPLE = N_("Several trainees are called %(name)s: write the phone or the office.")
TWICE = N_("The same trainee stands in row %(row)s already.")


@dataclass(frozen=True)
class Trainee:
    """Somebody who takes part, as a list may name them."""

    person: UUID
    fold: str
    phone: str | None
    office: str | None


@dataclass
class Room:
    """A session with its rules, those who take part, and the marks to be written."""

    held: HeldFound
    rules: Rules
    people: list[Trainee]
    writing: Writing


async def plan_marks(by: Who, sheet: Sheet, _options: Options) -> Plan:
    """What a list of marks would do. Raises SheetError or Refused; writes nothing."""
    header = find_header(sheet.rows, COLUMNS)
    lines = [line for line in read_lines(sheet.rows, header, COLUMNS) if _is_row(line, header)]
    if not lines:
        raise refuse_no_rows()
    titles = sorted({fold(line.values["course"] or "") for line in lines})
    days = sorted({line.values["day"] for line in lines if line.values["day"]})
    rooms = [
        await _room(by, held)
        for held in await list_held(by, titles, days)
        if by.reaches(IMPORT, held.path)
    ]
    return Planner(by, header, rooms).plan(lines)


def _is_row(line: Line, header: Header) -> bool:
    held = {at for at, cell in enumerate(line.cells) if cell is not None}
    return bool(held & set(header.places.values())) and only_text(line.cells) is None


async def _room(by: Who, held: HeldFound) -> Room:
    people = await rows(
        Trainee,
        "SELECT e.person, p.fold, p.phone, o.fold AS office FROM enrolment e"
        " JOIN person p ON p.id = e.person"
        " LEFT JOIN office_spell o ON o.office = e.office AND {} WHERE e.course = {} AND {}",
        *(as_of("o", held.day), held.course, takes_part("e", held.day)),
    )
    writing = await open_writing(held, [_asked(one) for one in people], by.person, "import")
    return Room(held, await rules_of(by, held), people, writing)


def _asked(one: Trainee) -> MarkForm:
    return MarkForm(nonce=new_id(), person=one.person, state="present")


class _Wrong(Exception):
    """A row that cannot be imported, and why."""

    def __init__(self, reasons: Sequence[Words]) -> None:
        super().__init__()
        self.reasons = reasons


class Planner:
    """Says of each row whose mark it is and what comes of it."""

    def __init__(self, by: Who, header: Header, rooms: Sequence[Room]) -> None:
        self._by, self._header = by, header
        self._rooms: dict[tuple[str, Any], list[Room]] = defaultdict(list)
        for room in rooms:
            self._rooms[fold(room.held.title), room.held.day].append(room)
        self._seen: dict[tuple[UUID, UUID], int] = {}
        self._effects = {"marks": 0, "corrected": 0}

    def plan(self, lines: Sequence[Line]) -> Plan:
        """The plan of the whole list."""
        planned = [self._planned(line) for line in lines]
        rooms = [room for found in self._rooms.values() for room in found]
        work = [room.writing for room in rooms if room.writing.lines]
        path = common_path(self._by, {room.held.path for room in rooms}, IMPORT)
        return Plan(planned, path, self._effects, work)

    def _planned(self, line: Line) -> PlannedRow:
        wrong = [words(sentence) for sentence in line.wrong.values()]
        if wrong:
            return self._row(line, "wrong", wrong)
        try:
            room = self._room_of(line)
            return self._marked(line, room, self._who(line, room))
        except _Wrong as why:
            return self._row(line, "wrong", why.reasons)

    def _row(self, line: Line, state: State, reason: Sequence[Words] = ()) -> PlannedRow:
        held = texts((line.number, line.cells), self._header.places, COLUMNS)
        place = ", ".join(held[key] for key in ("course", "day", "starts") if held[key])
        cells = list(held.values()) if state == "wrong" else []
        return PlannedRow(line.number, state, held["name"], place, list(reason), cells=cells)

    def _room_of(self, line: Line) -> Room:
        values = line.values
        told = {"course": values["course"], "day": values["day"].strftime("%d/%m/%Y")}
        found = self._rooms.get((fold(values["course"]), values["day"]), [])
        if values["starts"] is not None:
            found = [room for room in found if room.held.starts == values["starts"]]
        if len(found) == 1:
            return found[0]
        raise _Wrong([words(SEVERAL_SESSIONS if found else NO_SESSION, **told)])

    def _who(self, line: Line, room: Room) -> Trainee:
        values = line.values
        found = [one for one in room.people if one.fold == fold(values["name"])]
        if len(found) > 1 and values["phone"]:
            found = [one for one in found if one.phone == values["phone"]]
        if len(found) > 1 and values["office"]:
            found = [one for one in found if one.office == fold(values["office"])]
        if len(found) == 1:
            return found[0]
        day = room.held.day.strftime("%d/%m/%Y")
        if found:
            raise _Wrong([words(SEVERAL_PEOPLE, name=values["name"])])
        raise _Wrong([words(NOBODY, name=values["name"], day=day)])

    def _marked(self, line: Line, room: Room, who: Trainee) -> PlannedRow:
        before = self._seen.setdefault((room.held.id, who.person), line.number)
        if before != line.number:
            raise _Wrong([words(TWICE, row=before)])
        try:
            mark = _mark(line, who.person)
        except Refused as refused:
            raise _Wrong([words(said) for said in refused.fields.values()]) from None
        now = room.writing.people[who.person]
        if now.taken and now.says(room.writing.line(mark, now)):
            return self._row(line, "unchanged")
        result = room.writing.take(mark, room.rules.judge)
        if result.errors:
            raise _Wrong([words(error["message"]) for error in result.errors])
        self._effects["corrected" if now.taken else "marks"] += 1
        return self._row(line, "changed" if now.taken else "new")


def _mark(line: Line, person: UUID) -> MarkForm:
    values = line.values
    told = {
        "nonce": new_id(),
        "person": person,
        "state": values["state"],
        "minutes": values["minutes"],
        "substitute_name": values["substitute"] or "",
        "reason": values["reason"] or "",
    }
    return check(MarkForm, of_page(told))
