"""Who of those about to be enrolled has another session at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit import clock
from kit.database import SQL, among, rows, run
from kit.days import show_day
from kit.i18n import N_
from kit.i18n import gettext as _
from kit.spells import last_known
from sessions.enrolments.warnings import Newcomer, listed
from sessions.meetings.turns import take_days
from sessions.words import clock_of

SESSIONS = 5
MOST = 500


@dataclass(frozen=True)
class Busy:
    """A person, and the session of another course at the time of one of this course; `title` is ""
    for a course that may not be named, `path` is where its area lies."""

    meeting: UUID
    title: str
    path: str
    day: date
    starts: int
    ends: int
    person: UUID
    name: str

    @property
    def hours(self) -> str:
        """08:00–11:30."""
        return f"{clock_of(self.starts)}–{clock_of(self.ends)}"


async def clashes_of(course_id: UUID, new: Sequence[Newcomer], named: SQL) -> list[str]:
    """A sentence for each session of another course that people about to be enrolled have at the
    time of a session to come of this one, which is held; at most SESSIONS of them.

    The turns of those days are taken: who enrols the same people elsewhere, or schedules for them,
    waits and then sees these. Whoever waits in a line counts, for a seat comes without asking.
    `named` is the condition on the area `a` of a course that its title may be told.
    """
    sql = "SELECT DISTINCT day FROM training_session WHERE course = {} AND day >= {}"
    days = await run(sql + " AND cancelled_at IS NULL", course_id, clock.today())
    await take_days(one["day"] for one in days)
    people, counts = [one.id for one in new], SQL("e.state <> 'withdrawn'")
    return _told(await list_busy(course_id, people, counts, named))


async def list_busy(course_id: UUID, people: Sequence[UUID], counts: SQL, named: SQL) -> list[Busy]:
    """The sessions of other courses that people have at the time of a session to come of this one,
    in order of time. `counts` is the condition that an enrolment `e` there counts, `named` the one
    on the area `a` of a course that its title may be told."""
    today = clock.today()
    return await rows(
        Busy,
        "SELECT o.id AS meeting, CASE WHEN {} THEN c.title ELSE '' END AS title, a.path, o.day,"
        " o.starts, o.ends, e.person, p.name"
        " FROM training_session s"
        " JOIN training_session o ON o.day = s.day AND o.starts < s.ends AND s.starts < o.ends"
        "  AND o.course <> s.course AND o.cancelled_at IS NULL"
        " JOIN course c ON c.id = o.course JOIN area_spell a ON a.area = c.area AND {}"
        " JOIN enrolment e ON e.course = o.course AND {} JOIN person p ON p.id = e.person"
        " WHERE s.course = {} AND s.day >= {} AND s.cancelled_at IS NULL AND e.person IN {}"
        " ORDER BY o.day, o.starts, o.id, p.sort, p.id LIMIT {}",
        *(named, last_known("a", today), counts, course_id, today, among(people), MOST),
    )


def _told(busy: Iterable[Busy]) -> list[str]:
    found: dict[UUID, dict[UUID, Busy]] = {}
    for one in busy:
        found.setdefault(one.meeting, {})[one.person] = one
    told = [_sentence(list(people.values())) for people in found.values()]
    more = len(told) - SESSIONS
    rest = [_("And %(num)s more sessions at the same time.", num=more)] if more > 0 else []
    return [*told[:SESSIONS], *rest]


def _sentence(people: list[Busy]) -> str:
    one = people[0]
    told = {
        "people": listed([busy.name for busy in people]),
        "day": show_day(one.day),
        "hours": one.hours,
    }
    if not one.title:
        return _("%(people)s: has another session at the same time, %(day)s, %(hours)s.", **told)
    said = N_("%(people)s: has “%(title)s” at the same time, %(day)s, %(hours)s.")
    return _(said, title=one.title, **told)
