"""What a trainer needs today: the sessions of the day, those that come, marks and names lacking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from kit import clock
from kit.database import SQL, all_of, rows
from kit.spells import last_known
from people.permissions import Who
from people.reach import visible_areas
from places.settings.queries import find_body
from sessions.attendance.figures import untaken
from sessions.meetings.queries import visible_meetings
from sessions.words import clock_of

WEEK = timedelta(days=7)
SHOWN = 60


@dataclass(frozen=True)
class ClassFound:
    """A session of these days; `lacking` counts trainees without a mark, of `trainees`."""

    id: UUID
    course: UUID
    title: str
    topic: str
    day: date
    starts: int
    ends: int
    venue: str | None
    path: str
    trainees: int
    lacking: int

    @property
    def hours(self) -> str:
        """08:00–11:30."""
        return f"{clock_of(self.starts)}–{clock_of(self.ends)}"

    @property
    def begun(self) -> bool:
        """Whether it has begun."""
        return clock.midnight(self.day) + timedelta(minutes=self.starts) <= clock.now()

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return clock.midnight(self.day) + timedelta(minutes=self.ends) <= clock.now()


_CLASSES = """
SELECT x.* FROM (
SELECT s.id, s.course, c.title, s.topic, s.day, s.starts, s.ends, v.name AS venue, a.path,
       (SELECT count(*) FROM enrolment e WHERE e.course = s.course AND e.since <= s.day
           AND (e.until IS NULL OR s.day < e.until)) AS trainees,
       CASE WHEN s.day <= {} THEN {} ELSE 0 END AS lacking
FROM training_session s JOIN course c ON c.id = s.course
JOIN area_spell a ON a.area = c.area AND {}
LEFT JOIN venue v ON v.id = s.venue
WHERE s.day BETWEEN {} AND {} AND s.cancelled_at IS NULL AND {}) x
WHERE x.day >= {} OR x.lacking > 0 ORDER BY x.day, x.starts, x.id LIMIT {}
"""


@dataclass(frozen=True)
class Deadline:
    """A course whose offices must name their people within a week."""

    id: UUID
    title: str
    deadline: date
    capacity: int
    taken: int


_DEADLINES = """
SELECT c.id, c.title, c.deadline, c.capacity,
       (SELECT count(*) FROM enrolment e WHERE e.course = c.id AND e.state = 'enrolled') AS taken
FROM course c JOIN area_spell a ON a.area = c.area AND {}
WHERE c.deadline BETWEEN {} AND {} AND c.opened_on <= {} AND c.cancelled_on IS NULL
  AND (c.closed_on IS NULL OR c.closed_on > {}) AND {}
ORDER BY c.deadline, c.sort, c.id LIMIT 10
"""


@dataclass(frozen=True)
class OwnClasses:
    """The page of whoever teaches, or only learns."""

    today: list[ClassFound]
    coming: list[ClassFound]
    lacking: list[ClassFound]
    deadlines: list[Deadline]


async def find_own_classes(who: Who) -> OwnClasses:
    """The sessions of today and the next week within reach, taught or attended; those before whose
    marks are lacking and not locked yet; and deadlines."""
    today = clock.today()
    marks = untaken("s") if who.may("attendance.mark") else SQL("0")
    days = (today - timedelta(days=(await find_body()).lock_days), today + WEEK)
    found = await rows(
        ClassFound,
        _CLASSES,
        *(today, marks, last_known("a", today), *days, visible_meetings(who), today, SHOWN),
    )
    return OwnClasses(
        today=[one for one in found if one.day == today],
        coming=[one for one in found if one.day > today],
        lacking=[one for one in found if one.day < today and one.lacking],
        deadlines=await _deadlines(who, today) if who.may("course.read") else [],
    )


async def _deadlines(who: Who, today: date) -> list[Deadline]:
    reach = all_of([visible_areas(who, "course.read")])
    until = today + WEEK
    found = (last_known("a", today), today, until, today, today, reach)
    return await rows(Deadline, _DEADLINES, *found)
