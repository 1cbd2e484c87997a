"""Check-in: who fits what was typed, whose device this is, who is in, whose code this is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kit import clock
from kit.cursors import after, cut
from kit.database import SQL, all_of, row, rows, value
from kit.errors import NotFound
from kit.spells import as_of, last_known
from kit.text import fold
from sessions.attendance.ledger import Standing, standings, takes_part
from sessions.attendance.words import state_word
from sessions.checkins.doors import Door
from sessions.words import clock_of

LETTERS, LAST = 2, 3
"""How many letters of the name and last digits of the phone a trainee types at least."""
CAME = ("present", "late", "left_early")
"""The states of who is there."""
CARDS = 100


@dataclass(frozen=True)
class Trainee:
    """Somebody who takes part in a course, with the personal code; never a phone."""

    enrolment: UUID
    person: UUID
    name: str
    sort: str
    office_name: str | None
    code: str

    @property
    def id(self) -> UUID:
        """The key of order beside the name."""
        return self.person


@dataclass(frozen=True)
class _Named(Trainee):
    fold: str


_TRAINEE = """
SELECT e.id AS enrolment, e.person, p.name, p.sort, o.name AS office_name, e.code, p.fold
FROM enrolment e JOIN person p ON p.id = e.person
LEFT JOIN office_spell o ON o.office = e.office AND {}
WHERE {}
"""


async def _trainees(which: list[SQL], end: str = "", *more: object) -> list[_Named]:
    """Trainees, each with the search key of the name."""
    office = as_of("o", clock.today())
    return await rows(_Named, _TRAINEE + end, office, all_of(which), *more)


def _of(door: Door) -> list[SQL]:
    """The conditions that an enrolment is of a session and holds on its day."""
    return [SQL("e.course = {}", door.course), takes_part("e", door.day)]


async def list_fitting(door: Door, letters: str, digits: str) -> list[Trainee]:
    """The trainees of a session of whom a word of the name begins with the letters and the phone
    ends with the digits; nobody for too few of either. Nobody else is ever told."""
    typed = " ".join(re.findall(r"\w+", fold(letters)))
    tail = last_digits(digits)
    if not typed or not tail:
        return []
    which = [*_of(door), SQL("p.phone LIKE {}", f"%{tail}")]
    found = await _trainees(which, " ORDER BY p.sort, p.id LIMIT 50")
    return [trainee for trainee in found if _begins(typed, trainee.fold)]


def last_digits(typed: str) -> str:
    """The end of a phone number as typed: three digits or more, "" for fewer."""
    digits = "".join(sign for sign in typed if sign.isascii() and sign.isdigit())
    return digits[-9:] if len(digits) >= LAST else ""


def _begins(typed: str, name: str) -> bool:
    """Whether a word of a name begins so; one letter is enough only for a word of one letter."""
    words = re.findall(r"\w+", name)
    if len(typed) < LETTERS:
        return typed in words
    return f" {typed}" in f" {' '.join(words)}"


async def find_trainee(door: Door, enrolment_id: UUID) -> Trainee:
    """A trainee of a session by enrolment. Raises NotFound."""
    found = await _trainees([*_of(door), SQL("e.id = {}", enrolment_id)])
    if not found:
        raise NotFound
    return found[0]


async def find_by_code(door: Door, code: str) -> Trainee:
    """A trainee of a session by the personal code, whatever was scanned or typed around it.
    Raises NotFound."""
    found = await _trainees([*_of(door), SQL("e.code = {}", plain_code(code))])
    if not found:
        raise NotFound
    return found[0]


def plain_code(scanned: str) -> str:
    """A personal code as it is stored: the last step of an address, without other signs."""
    last = scanned.strip().rstrip("/").rpartition("/")[2]
    return "".join(sign for sign in last.upper() if sign.isascii() and sign.isalnum())


async def find_remembered(door: Door, device: str) -> Trainee | None:
    """Who checked in last with a device, if that person takes part in this session."""
    last = SQL(
        "p.id = (SELECT m.person FROM mark m WHERE m.device = {} AND m.device <> ''"
        " ORDER BY m.received_at DESC, m.id DESC LIMIT 1)",
        device,
    )
    found = await _trainees([*_of(door), last])
    return found[0] if found else None


async def find_standing(door: Door, person: UUID) -> Standing:
    """Where a trainee of a session stands. Raises NotFound for who does not take part."""
    found = await standings(door, [person])
    if person not in found:
        raise NotFound
    return found[person]


@dataclass(frozen=True)
class CheckedIn:
    """A trainee with what the ledger says: `state` None is not taken."""

    trainee: Trainee
    state: str | None
    minutes: int | None
    at: datetime | None

    @property
    def came(self) -> bool:
        """Whether the ledger says that the trainee is there."""
        return self.state in CAME

    @property
    def word(self) -> str:
        """The state in the reader's language."""
        return state_word(self.state)


async def find_checked_in(door: Door, trainee: Trainee) -> CheckedIn:
    """What the ledger says of a trainee."""
    found = await find_standing(door, trainee.person)
    at = found.marked_at if found.taken else None
    return CheckedIn(trainee, found.taken, found.minutes, at)


@dataclass(frozen=True)
class OwnCode:
    """A personal code as its owner sees it: the course, and where it lies."""

    enrolment: UUID
    person: UUID
    name: str
    code: str
    state: str
    course: UUID
    title: str
    path: str
    cancelled_on: date | None


async def find_own_code(code: str) -> OwnCode:
    """Whose code this is. Raises NotFound for one that was never given."""
    found = await row(
        OwnCode,
        "SELECT e.id AS enrolment, e.person, p.name, e.code, e.state, c.id AS course, c.title,"
        " a.path, c.cancelled_on FROM enrolment e JOIN person p ON p.id = e.person"
        " JOIN course c ON c.id = e.course JOIN area_spell a ON a.area = c.area AND {}"
        " WHERE e.code = {}",
        *(last_known("a", clock.today()), plain_code(code)),
    )
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class ComingCode:
    """The personal code for a course, with its next session; `starts` in minutes after midnight."""

    code: str
    title: str
    day: date
    starts: int
    ends: int
    venue_name: str | None

    @property
    def hours(self) -> str:
        """08:00–11:30."""
        return f"{clock_of(self.starts)}–{clock_of(self.ends)}"


async def list_own_codes(person: UUID) -> list[ComingCode]:
    """The codes of somebody for courses that still meet, the next session first."""
    return await rows(
        ComingCode,
        "SELECT e.code, c.title, s.day, s.starts, s.ends, v.name AS venue_name FROM enrolment e"
        " JOIN course c ON c.id = e.course AND c.cancelled_on IS NULL"
        " JOIN training_session s ON s.id = (SELECT n.id FROM training_session n"
        "  WHERE n.course = c.id AND n.cancelled_at IS NULL AND n.day >= {}"
        "  ORDER BY n.day, n.starts, n.id LIMIT 1)"
        " LEFT JOIN venue v ON v.id = s.venue"
        " WHERE e.person = {} AND e.state = 'enrolled' ORDER BY s.day, s.starts, e.id",
        *(clock.today(), person),
    )


async def find_code_of(course_id: UUID, person: UUID | None) -> str:
    """The personal code of somebody enrolled in a course; "" for who is not."""
    sql = "SELECT code FROM enrolment WHERE course = {} AND person = {} AND state = 'enrolled'"
    return str(await value(sql, course_id, person) or "")


async def list_cards(course_id: UUID, cursor: str) -> tuple[Sequence[Trainee], str]:
    """The enrolled of a course already found, by given name, for printing their codes; and the
    cursor of the next page or ""."""
    which = [
        SQL("e.course = {}", course_id),
        SQL("e.state = 'enrolled'"),
        after("p", cursor),
    ]
    found = await _trainees(which, " ORDER BY p.sort, p.id LIMIT {}", CARDS + 1)
    return cut(found, CARDS)
