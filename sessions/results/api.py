"""Results for programs: /api/v1/courses/{course}/results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from litestar import get
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.listing import item
from kit.openapi import problems
from people.audit.commands import record
from people.sign_ins.door import Asker, may
from sessions.courses.queries import find_course
from sessions.results.figures import Standing
from sessions.results.queries import ScoreChange, find_trainee, list_changes
from sessions.results.report import (
    OfficeLine,
    Report,
    SessionLine,
    SubstituteLine,
    find_report,
)
from sessions.results.sittings import Tally


@dataclass(frozen=True)
class Counts:
    """How often people were summoned, and what became of it. `rate` is the percent of periods
    attended, of those whose attendance was taken; null where none was."""

    summoned: int
    attended: int
    late: int
    left_early: int
    excused: int
    unexcused: int
    substitutes: int
    not_taken: int
    rate: float | None


@dataclass(frozen=True)
class SessionResults:
    """A session that was held."""

    id: UUID
    number: int
    day: date
    periods: int
    attendance: Counts


@dataclass(frozen=True)
class OfficeResults:
    """An office, or all of them together. `mean` is out of 10, null where nobody was tested."""

    office: UUID | None
    name: str | None
    trainees: int
    attendance: Counts
    tested: int
    passed: int
    mean: float | None
    complete: int
    failed: int
    undecided: int


@dataclass(frozen=True)
class TraineeResults:
    """Somebody enrolled. `attended` and `held` are periods; `score` is out of 10; `complete` is
    null while it cannot be known."""

    person: UUID
    enrolment: UUID
    name: str
    office: UUID | None
    office_name: str | None
    attended: int
    held: int
    score: float | None
    complete: bool | None


@dataclass(frozen=True)
class SubstituteResults:
    """Somebody who came to the session of a number in place of `person`; `substitute` is null
    where only a name is known."""

    number: int
    day: date
    person: UUID
    name: str
    office_name: str | None
    substitute: UUID | None
    substitute_name: str


@dataclass(frozen=True)
class CourseResults:
    """The results of a course as of a day. `min_share` is the percent of periods asked,
    `pass_mark` is out of 10, null without a test; `ahead` counts sessions to come."""

    course: UUID
    title: str
    day: date
    min_share: int
    pass_mark: float | None
    ahead: int
    total: OfficeResults
    sessions: list[SessionResults]
    offices: list[OfficeResults]
    substitutes: list[SubstituteResults]
    trainees: list[TraineeResults]


@get(
    "/courses/{course:uuid}/results",
    guards=[may("course.read")],
    summary="Show the results of a course",
    tags=["courses"],
    responses=problems(),
)
async def get_results(who: Asker, course: FromPath[UUID]) -> CourseResults:
    """Attendance, test and completion by session, office and trainee; that somebody asked is put
    on record."""
    found = await find_course(who, course)
    report = await find_report(found)
    await record(who, "result.view", found.id, found.title, path=found.path)
    return _results(report)


@dataclass(frozen=True)
class ScoreChangeItem:
    """A score that was entered (no `before`), corrected, or taken back (no `after`), out of 10;
    `by` is null where a program or the machine did it."""

    at: datetime
    by: str | None
    before: float | None
    after: float | None
    why: str


@dataclass(frozen=True)
class ScoreHistory:
    """What became of the test score of somebody in a course, the last change first."""

    course: UUID
    title: str
    person: UUID
    name: str
    changes: list[ScoreChangeItem]


@get(
    "/courses/{course:uuid}/results/{person:uuid}",
    guards=[may("course.read")],
    summary="Show what became of a score",
    tags=["courses"],
    responses=problems(),
)
async def get_score_history(
    who: Asker, course: FromPath[UUID], person: FromPath[UUID]
) -> ScoreHistory:
    """Every score that somebody who is or was in a course had, with who entered, corrected or took
    it back, when and why; that somebody asked is put on record."""
    found = await find_course(who, course)
    name = await find_trainee(found, person)
    changes = [_change(one) for one in await list_changes(found, person)]
    await record(who, "result.view", found.id, found.title, path=found.path, after={"person": name})
    return ScoreHistory(found.id, found.title, person, name, changes)


def _change(one: ScoreChange) -> ScoreChangeItem:
    scores = {"before": _of_ten(one.before), "after": _of_ten(one.after)}
    return item(ScoreChangeItem, one, **scores)


def _results(report: Report) -> CourseResults:
    course = report.course
    return CourseResults(
        course=course.id,
        title=course.title,
        day=report.day,
        min_share=course.min_share,
        pass_mark=_of_ten(course.pass_mark),
        ahead=report.ahead,
        total=_office(report.total),
        sessions=[_session(one) for one in report.sessions],
        offices=[_office(one) for one in report.offices],
        substitutes=[_substitute(one) for one in report.substitutes],
        trainees=[_trainee(one) for one in report.trainees],
    )


def _of_ten(tenths: int | None) -> float | None:
    return None if tenths is None else tenths / 10


def _counts(tally: Tally) -> Counts:
    return Counts(
        summoned=tally.summoned,
        attended=tally.attended,
        late=tally.late,
        left_early=tally.left_early,
        excused=tally.excused,
        unexcused=tally.unexcused,
        substitutes=tally.substitute,
        not_taken=tally.untaken,
        rate=tally.rate,
    )


def _session(line: SessionLine) -> SessionResults:
    one = line.meeting
    return SessionResults(one.id, one.number, one.day, one.periods, _counts(line.tally))


def _office(one: OfficeLine) -> OfficeResults:
    return OfficeResults(
        office=one.office,
        name=one.name,
        trainees=one.people,
        attendance=_counts(one.tally),
        tested=one.tested,
        passed=one.passed,
        mean=None if one.mean is None else float(one.mean),
        complete=one.effect.complete,
        failed=one.effect.failed,
        undecided=one.effect.undecided,
    )


def _substitute(one: SubstituteLine) -> SubstituteResults:
    return item(SubstituteResults, one)


def _trainee(one: Standing) -> TraineeResults:
    return TraineeResults(
        person=one.person,
        enrolment=one.enrolment,
        name=one.name,
        office=one.office,
        office_name=one.office_name,
        attended=one.attended,
        held=one.held,
        score=_of_ten(one.score),
        complete=one.complete,
    )


ROUTES: list[ControllerRouterHandler] = [get_results, get_score_history]
