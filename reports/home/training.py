"""What training did in a period within reach, for who looks after an area: whom it reached, what
is held today, where attendance is not taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import SQL
from kit.periods import Period
from kit.spells import as_of
from people.permissions import Who
from people.reach import visible_areas
from reports.home.classes import WEEK, ClassFound
from sessions.attendance.figures import arrivals, untaken

SHOWN = 6


@dataclass(frozen=True)
class Training:
    """The training of a period, up to a day. `held` counts the sessions that have begun, `open`
    those of them where a trainee has no mark yet. `people` came at least once, `times` counts each
    coming; both are None where no session was held, or no mark tells who came. `today` and
    `lacking` are the sessions of the day and those of the last seven days that are not taken
    whole; `more` is whether some are not shown."""

    held: int
    open: int
    people: int | None
    times: int | None
    today: list[ClassFound]
    lacking: list[ClassFound]
    more: bool


@dataclass(frozen=True)
class TrainingLine:
    """A session of these days beside the figures of the period, which every line bears."""

    held: int
    open: int
    people: int
    times: int
    id: UUID | None
    course: UUID | None
    title: str | None
    topic: str | None
    day: date | None
    starts: int | None
    ends: int | None
    venue: str | None
    path: str | None
    trainees: int | None
    lacking: int | None


_NEAR = """
SELECT s.id, s.course, c.title, s.topic, s.day, s.starts, s.ends, v.name AS venue, a.path,
       (SELECT count(*) FROM enrolment e WHERE e.course = s.course AND e.since <= s.day
           AND (e.until IS NULL OR s.day < e.until)) AS trainees, {} AS lacking
FROM training_session s JOIN course c ON c.id = s.course
JOIN area_spell a ON a.area = c.area AND {}
LEFT JOIN venue v ON v.id = s.venue
WHERE s.day >= {} AND s.day <= {} AND s.cancelled_at IS NULL AND {}
"""
COLUMNS = (
    "f.held, f.open, f.people, f.times, t.id, t.course, t.title, t.topic, t.day, t.starts, t.ends,"
    " t.venue, t.path, t.trainees, t.lacking"
)
"""What `training_of` offers of each line."""


def training_near(who: Who, day: date, period: Period) -> SQL:
    """The sessions within reach of a period and of the last seven days, up to a day: the table
    `near` of `training_of`."""
    reach = visible_areas(who, "course.read")
    return SQL(_NEAR, untaken("s"), as_of("a", day), min(period.first, day - WEEK), day, reach)


def training_of(day: date, period: Period) -> SQL:
    """The join of the figures `f` and of the lines `t`, which may be none, to a row at its left."""
    now = clock.now().astimezone(clock.LOCAL)
    minute = now.hour * 60 + now.minute if day == clock.today() else 24 * 60
    here = SQL("k.training_session IN (SELECT n.id FROM near n WHERE n.day >= {})", period.first)
    came = arrivals(here)
    return SQL(
        " CROSS JOIN (SELECT count(*) AS held,"
        " coalesce(sum(CASE WHEN n.lacking > 0 THEN 1 ELSE 0 END), 0) AS open,"
        " (SELECT count(DISTINCT x.person) FROM ({}) x) AS people,"
        " (SELECT count(*) FROM ({}) y) AS times FROM near n"
        " WHERE n.day >= {} AND (n.day < {} OR n.starts <= {})) f"
        " LEFT JOIN (SELECT n.* FROM near n WHERE n.day = {} OR (n.day >= {} AND n.lacking > 0)"
        " ORDER BY n.day DESC, n.starts, n.id LIMIT {}) t ON 1 = 1",
        *(came, came, period.first, day, minute, day, day - WEEK, SHOWN + 1),
    )


def read_training(found: list[Any], day: date) -> Training:
    """The training that lines tell of."""
    first = found[0]
    told = first.held and (first.times or not first.open)
    near = [_class(line) for line in found if line.id]
    return Training(
        held=first.held,
        open=first.open,
        people=first.people if told else None,
        times=first.times if told else None,
        today=[one for one in near[:SHOWN] if one.day == day],
        lacking=[one for one in near[:SHOWN] if one.day < day],
        more=len(near) > SHOWN,
    )


def _class(line: TrainingLine) -> ClassFound:
    told = {name: getattr(line, name) for name in ClassFound.__dataclass_fields__}
    return ClassFound(**told)
