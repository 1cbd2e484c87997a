"""Who is in a session already, and devices that checked in more than one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from kit.database import SQL, among, rows, value
from sessions.attendance.figures import last_marks
from sessions.attendance.ledger import takes_part
from sessions.attendance.words import state_tone, state_word, via_word
from sessions.checkins.doors import Door
from sessions.checkins.queries import CAME

BY_THEMSELVES = ("qr", "code")


@dataclass(frozen=True)
class Arrival:
    """Somebody whom the ledger says to be there; `by` is None for who checked in alone."""

    person: UUID
    name: str
    state: str
    minutes: int | None
    marked_at: datetime
    via: str
    device: str
    by: UUID | None

    @property
    def word(self) -> str:
        """The state in the reader's language."""
        return state_word(self.state)

    @property
    def tone(self) -> str:
        """The tone of its tag."""
        return state_tone(self.state)

    @property
    def how(self) -> str:
        """How it came to be known."""
        return via_word(self.via)


@dataclass(frozen=True)
class Crowd:
    """A session as the wall counts it: how many take part, and who is there, the latest first."""

    expected: int
    arrivals: list[Arrival]

    @property
    def count(self) -> int:
        """How many are there."""
        return len(self.arrivals)

    @property
    def alone(self) -> list[Arrival]:
        """Those whom a code brought in, their own or the wall's."""
        return [one for one in self.arrivals if one.via in BY_THEMSELVES]

    @property
    def shared(self) -> list[list[Arrival]]:
        """Devices that checked in more than one person who is there, each with its people in
        their order; the fullest first."""
        marked = [one for one in reversed(self.arrivals) if one.device]
        devices = groupby(sorted(marked, key=_by_device), key=lambda one: one.device)
        several = [group for _device, found in devices if len(group := list(found)) > 1]
        return sorted(several, key=len, reverse=True)


def _by_device(one: Arrival) -> tuple[str, datetime]:
    return one.device, one.marked_at


_ARRIVALS = """
SELECT m.person, p.name, m.state, m.minutes, m.marked_at, m.via, m.device, m.by
FROM ({}) m JOIN person p ON p.id = m.person
WHERE m.state IN {}
AND EXISTS (SELECT 1 FROM enrolment e WHERE e.course = {} AND e.person = m.person AND {})
ORDER BY m.marked_at DESC, m.id DESC
"""


@dataclass(frozen=True)
class _Number:
    number: int


async def find_crowd(door: Door) -> Crowd:
    """Who is in a session."""
    marks = last_marks(SQL("k.training_session = {}", door.id))
    held = takes_part("e", door.day)
    counted = "SELECT count(*) AS number FROM enrolment e WHERE e.course = {} AND {}"
    [expected] = await rows(_Number, counted, door.course, held)
    came = await rows(Arrival, _ARRIVALS, marks, among(CAME), door.course, held)
    return Crowd(expected.number, came)


async def most_on_one_phone(meeting_id: UUID) -> int:
    """How many people who are there one phone checked in, the most of any; 0 while none did more
    than its owner. Of a session already found, for pages that only warn."""
    alone = (
        "k.training_session = {} AND k.person IN (SELECT d.person FROM mark d"
        " WHERE d.training_session = {} AND d.device <> '')"
    )
    found: int | None = await value(
        "SELECT count(*) FROM ({}) m WHERE m.device <> '' AND m.state IN {}"
        " GROUP BY m.device HAVING count(*) > 1 ORDER BY 1 DESC LIMIT 1",
        *(last_marks(SQL(alone, meeting_id, meeting_id)), among(CAME)),
    )
    return found or 0
