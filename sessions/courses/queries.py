"""Courses within reach: one, a page of them, their trainers and the places of offices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from kit import clock
from kit.cursors import after, cut
from kit.database import SQL, all_of, row, rows
from kit.errors import Forbidden, NotFound
from kit.forms import Form, Line, Maybe
from kit.i18n import current_language
from kit.i18n import gettext as _
from kit.search import holds
from kit.spells import as_of, last_known, under, within
from people.permissions import Who
from people.reach import Choice, visible_areas
from sessions.words import COURSE_STATES, category_word

PAGE = 50
State = Literal["planned", "open", "running", "closed", "cancelled"]


@dataclass(frozen=True)
class CourseFound:
    """A course with its counts; `first_on` and `last_on` are the days of its sessions that are
    not cancelled, `path` is where its area lies today."""

    id: UUID
    theme: str
    theme_vi: str
    theme_en: str
    title: str
    sort: str
    aim: str
    area: UUID
    area_name: str
    path: str
    required_periods: int
    capacity: int
    audience: str
    deadline: date | None
    min_share: int
    pass_mark: int | None
    opened_on: date | None
    closed_on: date | None
    cancelled_on: date | None
    cancelled_why: str
    version: int
    first_on: date | None
    last_on: date | None
    meetings: int
    periods: int
    enrolled: int
    waiting: int

    @property
    def state(self) -> State:
        """What the days say of the course today."""
        return self.state_on(clock.today())

    def state_on(self, day: date) -> State:
        """What the days say of the course on a day."""
        if self.cancelled_on and self.cancelled_on <= day:
            return "cancelled"
        if self.closed_on and self.closed_on <= day:
            return "closed"
        if not self.opened_on or day < self.opened_on:
            return "planned"
        return "running" if self.first_on and self.first_on <= day else "open"

    @property
    def tag(self) -> tuple[str, str]:
        """The state as a word and its tone."""
        word, tone = COURSE_STATES[self.state]
        return _(word), tone

    @property
    def theme_name(self) -> str:
        """The theme in the reader's language."""
        return self.theme_vi if current_language() == "vi" else self.theme_en

    @property
    def categories(self) -> list[str]:
        """The categories the course is for; none means all."""
        return [word for word in self.audience.split(",") if word]

    @property
    def category_names(self) -> list[str]:
        """The same in the reader's language."""
        return [category_word(word) for word in self.categories]

    @property
    def free(self) -> int:
        """How many may still be enrolled."""
        return max(0, self.capacity - self.enrolled)

    @property
    def lives(self) -> bool:
        """Whether it may still be changed."""
        return self.lives_on(clock.today())

    def lives_on(self, day: date) -> bool:
        """Whether that is so as of a day."""
        return self.cancelled_on is None and self.state_on(day) != "closed"


_COURSE = """
SELECT c.id, c.theme, t.name_vi AS theme_vi, t.name_en AS theme_en, c.title, c.sort, c.aim, c.area,
       a.name AS area_name, a.path, c.required_periods, c.capacity, c.audience, c.deadline,
       c.min_share, c.pass_mark, c.opened_on, c.closed_on, c.cancelled_on, c.cancelled_why,
       c.version, m.first_on, m.last_on, coalesce(m.meetings, 0) AS meetings,
       coalesce(m.periods, 0) AS periods,
       (SELECT count(*) FROM enrolment e WHERE e.course = c.id AND e.state = 'enrolled')
           AS enrolled,
       (SELECT count(*) FROM enrolment e WHERE e.course = c.id
           AND e.state IN ('waiting', 'nominated')) AS waiting
FROM course c
JOIN theme t ON t.code = c.theme
JOIN area_spell a ON a.area = c.area AND {}
LEFT JOIN (SELECT s.course, min(s.day) AS first_on, max(s.day) AS last_on, count(*) AS meetings,
                  sum(s.periods) AS periods
           FROM training_session s WHERE s.cancelled_at IS NULL GROUP BY s.course) m
       ON m.course = c.id
WHERE {}
"""


def _days(found: CourseFound) -> CourseFound:
    """SQLite gives the days of an aggregate as text."""
    return replace(found, first_on=_day(found.first_on), last_on=_day(found.last_on))


def _day(value: date | None) -> date | None:
    return value and date.fromisoformat(str(value))


async def find_course(who: Who, course_id: UUID, verb: str = "course.read") -> CourseFound:
    """A course within reach. Raises NotFound, or Forbidden where `verb` does not hold."""
    which = [SQL("c.id = {}", course_id), visible_areas(who, "course.read")]
    found = await row(CourseFound, _COURSE, last_known("a", clock.today()), all_of(which))
    if found is None:
        raise NotFound
    if not who.reaches(verb, found.path):
        raise Forbidden
    return _days(found)


class CourseFilter(Form):
    """Which courses a list shows: part of the title without marks, a theme, an area and all below
    it, and whether those that ended are shown too."""

    q: Line = ""
    theme: Annotated[str | None, Maybe] = None
    area: Annotated[UUID | None, Maybe] = None
    ended: bool = False
    after: str = ""


async def list_courses(
    who: Who, asked: CourseFilter, limit: int = PAGE
) -> tuple[list[CourseFound], str]:
    """A page of courses within reach by title, and the cursor of the next page or ""."""
    today = clock.today()
    which = [visible_areas(who, "course.read"), after("c", asked.after), holds("c.fold", asked.q)]
    if asked.theme:
        which.append(SQL("c.theme = {}", asked.theme))
    if asked.area:
        which.append(under("a.path", asked.area, today))
    if not asked.ended:
        which.append(
            SQL("c.cancelled_on IS NULL AND (c.closed_on IS NULL OR c.closed_on > {})", today)
        )
    found = await rows(
        CourseFound,
        _COURSE + " ORDER BY c.sort, c.id LIMIT {}",
        *(last_known("a", today), all_of(which), limit + 1),
    )
    return cut([_days(course) for course in found], limit)


@dataclass(frozen=True)
class ThemeChoice:
    """A theme to choose."""

    code: str
    name_vi: str
    name_en: str

    @property
    def name(self) -> str:
        """The theme in the reader's language."""
        return self.name_vi if current_language() == "vi" else self.name_en


async def choices_themes(day: date) -> list[ThemeChoice]:
    """The themes of a day, in their order."""
    sql = "SELECT t.code, t.name_vi, t.name_en FROM theme t WHERE {} ORDER BY t.rank, t.code"
    return await rows(ThemeChoice, sql, as_of("t", day))


async def choices_trainers(who: Who) -> list[Choice]:
    """Who may teach within reach: whoever is a trainer today there or above, or taught there."""
    today, paths = clock.today(), who.paths("course.read")
    above = [path[: n + 1] for path in paths for n, sign in enumerate(path) if sign == "/"]
    return await rows(
        Choice,
        "SELECT p.id, p.name FROM person p WHERE p.merged_into IS NULL AND p.id IN ("
        " SELECT g.person FROM role_grant g JOIN area_spell a ON a.area = g.area AND {}"
        " WHERE g.role = 'trainer' AND {} AND ({} OR a.path IN {})"
        " UNION SELECT t.person FROM course_trainer t JOIN course c ON c.id = t.course"
        " JOIN area_spell a ON a.area = c.area AND {} WHERE {}) ORDER BY p.sort, p.id",
        *(as_of("a", today), as_of("g", today), within("a.path", paths), _among(above)),
        *(last_known("a", today), within("a.path", paths)),
    )


def _among(paths: list[str]) -> SQL:
    return SQL("(" + ", ".join(["{}"] * len(paths)) + ")", *paths) if paths else SQL("(NULL)")


async def list_trainers(course_id: UUID) -> list[Choice]:
    """Who teaches a course already found, by given name."""
    sql = "SELECT p.id, p.name FROM course_trainer t JOIN person p ON p.id = t.person"
    return await rows(Choice, sql + " WHERE t.course = {} ORDER BY p.sort, p.id", course_id)


@dataclass(frozen=True)
class QuotaFound:
    """The places of an office in a course, and how many of its people are in the course."""

    office: UUID
    name: str
    places: int | None
    used: int


async def list_quotas(course_id: UUID) -> list[QuotaFound]:
    """The offices of a course already found, with and without a quota, by name."""
    return await rows(
        QuotaFound,
        "SELECT o.office, o.name, q.places, coalesce(e.used, 0) AS used FROM office_spell o"
        " LEFT JOIN course_quota q ON q.office = o.office AND q.course = {}"
        " LEFT JOIN (SELECT office, count(*) AS used FROM enrolment WHERE course = {}"
        " AND state <> 'withdrawn' GROUP BY office) e ON e.office = o.office"
        " WHERE {} AND (q.places IS NOT NULL OR e.used IS NOT NULL) ORDER BY o.sort, o.office",
        *(course_id, course_id, as_of("o", clock.today())),
    )
