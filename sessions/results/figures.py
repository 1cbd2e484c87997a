"""Where the trainees of a course stand: attendance, score, and whether they completed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from kit import clock
from kit.database import SQL, rows, value
from kit.spells import as_of
from people.permissions import Who
from sessions.attendance.figures import attended_where
from sessions.courses.queries import CourseFound, find_course
from sessions.results.rule import Effect, Rule, effect_of, judge, reason
from sessions.results.words import score_shown, verdict_of


@dataclass(frozen=True)
class Standing:
    """Where a trainee stands. `held` and `attended` are periods of the sessions that were the
    trainee's, `share` is their percent (None where none was held), `score` is in tenths (None
    where none is entered), `corrected` tells whether an earlier one was corrected or taken back,
    `ahead` counts sessions to come, `untaken` those without attendance."""

    person: UUID
    enrolment: UUID
    name: str
    sort: str
    office: UUID | None
    office_name: str | None
    held: int
    attended: int
    share: float | None
    meetings: int
    untaken: int
    ahead: int
    score: int | None
    tested_on: date | None
    corrected: bool
    rule: Rule

    @property
    def id(self) -> UUID:
        """Who it is: what decides between equal names in a list."""
        return self.person

    @cached_property
    def complete(self) -> bool | None:
        """Whether the course is completed; None while that cannot be known."""
        return judge(self, self.rule)

    @property
    def why(self) -> str:
        """Why, in a sentence."""
        return reason(self, self.rule)

    @property
    def tag(self) -> tuple[str, str]:
        """The verdict as a word and its tone."""
        return verdict_of(self.complete)

    @property
    def shown_score(self) -> str:
        """The score as the reader writes it; a dash for none."""
        return score_shown(self.score)

    @property
    def shown_share(self) -> str:
        """The share in whole percent, rounded down so that nobody seems to have reached what was
        not reached; a dash for none."""
        return f"{100 * self.attended // self.held}%" if self.held else "—"


_STANDING = """
WITH figures AS ({})
SELECT f.person, f.enrolment, p.name, p.sort, f.office, o.name AS office_name, f.held, f.attended,
       f.share, f.meetings, f.not_taken AS untaken, r.score, r.tested_on,
       EXISTS (SELECT 1 FROM test_result h WHERE h.course = f.course AND h.person = f.person
           AND h.withdrawn_at IS NOT NULL) AS corrected,
       (SELECT count(*) FROM training_session n WHERE n.course = f.course AND n.day > {}
           AND n.cancelled_at IS NULL) AS ahead
FROM figures f JOIN person p ON p.id = f.person
LEFT JOIN office_spell o ON o.office = f.office AND {}
LEFT JOIN test_result r ON r.course = f.course AND r.person = f.person AND r.withdrawn_at IS NULL
ORDER BY p.sort, p.id
"""


def rule_of(course: CourseFound) -> Rule:
    """What a course asks."""
    return Rule(course.min_share, course.pass_mark)


async def standing(who: Who, course_id: UUID) -> list[Standing]:
    """Where everybody enrolled in a course within reach stands, by given name; two queries.

    Raises NotFound or Forbidden.
    """
    return await standing_of(await find_course(who, course_id))


async def standing_of(course: CourseFound, rule: Rule | None = None) -> list[Standing]:
    """The same of a course already found, by its own rule or by another."""
    return await standing_where(course, SQL("1 = 1"), rule)


async def standing_where(
    course: CourseFound, which: SQL, rule: Rule | None = None
) -> list[Standing]:
    """The same of the enrolments `e` for which a condition holds."""
    judged = rule or rule_of(course)
    return await rows(
        lambda **found: Standing(rule=judged, **found),
        _STANDING,
        *(_attended(course, which), clock.today(), as_of("o", office_day(course))),
    )


def _attended(course: CourseFound, which: SQL) -> SQL:
    enrolled = SQL("e.course = {} AND e.state = 'enrolled' AND {}", course.id, which)
    return attended_where(enrolled)


@dataclass(frozen=True)
class _Alike:
    """How many trainees stand alike, with what decides about them."""

    people: int
    held: int
    attended: int
    untaken: int
    ahead: int
    score: int | None


_ALIKE = """
WITH figures AS ({})
SELECT count(*) AS people, f.held, f.attended, f.not_taken AS untaken, r.score,
       (SELECT count(*) FROM training_session n WHERE n.course = {} AND n.day > {}
           AND n.cancelled_at IS NULL) AS ahead
FROM figures f
LEFT JOIN test_result r ON r.course = f.course AND r.person = f.person AND r.withdrawn_at IS NULL
GROUP BY f.held, f.attended, f.not_taken, r.score
"""


async def effects_of(course: CourseFound, *rules: Rule) -> list[Effect]:
    """What rules make of the trainees of a course already found; one query, of few rows however
    many trainees there are."""
    told = (_attended(course, SQL("1 = 1")), course.id, clock.today())
    alike = await rows(_Alike, _ALIKE, *told)
    return [effect_of([(one, one.people) for one in alike], rule) for rule in rules]


async def last_test_day(course_id: UUID) -> date | None:
    """The last day of the test for which a score was entered; None where there is none."""
    day: date | None = await value(
        "SELECT tested_on FROM test_result WHERE course = {} AND withdrawn_at IS NULL"
        " ORDER BY tested_on DESC LIMIT 1",
        course_id,
    )
    return day


def office_day(course: CourseFound) -> date:
    """The day whose names of offices a course uses: its last one, or today while it lasts."""
    return min(course.last_on or clock.today(), clock.today())
