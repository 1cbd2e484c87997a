"""Test results: enter them, correct them, take one back; set the rule of a course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, field_validator

from kit import clock
from kit.database import among, hold, insert_many, new_id, rows, run, transaction
from kit.errors import Refused
from kit.forms import Day, Form, FromPage, Version
from kit.guard import SafeLine
from kit.i18n import gettext as _
from people.audit.commands import changes, record
from people.permissions import Who, must
from sessions.courses.commands import hold_course, set_course
from sessions.courses.queries import CourseFound, find_course
from sessions.results.words import MOST, read_score, score_shown


def _score(value: object) -> object:
    if not isinstance(value, str):
        return value
    return read_score(value) if value.strip() else None


Score = Annotated[int | None, FromPage(_score)]
"""A score in tenths, typed as 8,5."""


class ScoreForm(Form):
    """The score of a trainee in tenths, none for no result; `was` is the one that was shown."""

    person: UUID
    score: Score = Field(default=None, ge=0, le=MOST)
    was: Score = None


class ResultsForm(Form):
    """Scores of the test of a course, those that did not change too; `reason` is asked when one
    that was entered before changes."""

    tested_on: Day
    reason: SafeLine = Field(default="", max_length=300)
    scores: list[ScoreForm] = Field(default_factory=list, max_length=9999)


@dataclass
class Entered:
    """What became of scores: how many are new, and how many were corrected or taken back."""

    new: int = 0
    corrected: int = 0


@dataclass(frozen=True)
class _Now:
    person: UUID
    name: str
    id: UUID | None
    score: int | None


@dataclass
class _Change:
    """A score that changes: of whom, from what, to what."""

    now: _Now
    score: int | None

    @property
    def before(self) -> str:
        return f"{self.now.name}: {score_shown(self.now.score)}"

    @property
    def after(self) -> str:
        return f"{self.now.name}: {score_shown(self.score)}"


async def enter_results(by: Who, course_id: UUID, form: ResultsForm) -> Entered:
    """Enter and correct scores, all or none. Twice is the same as once.

    Raises Refused without a test in the course, for somebody who is not enrolled, without a reason
    where one is asked, and (409) when another entered a score that was not shown.
    """
    async with transaction():
        course = await find_course(by, course_id, "result.edit")
        await hold("course", [course_id])
        changed = _changes(form, await _scores_now(course_id))
        if not changed:
            return Entered()
        _refuse(by, course, form, changed)
        await _write(by, course_id, form, changed)
        return await _told(by, course, form, changed)


async def _scores_now(course_id: UUID) -> dict[UUID, _Now]:
    found = await rows(
        _Now,
        "SELECT e.person, p.name, r.id, r.score"
        " FROM enrolment e JOIN person p ON p.id = e.person"
        " LEFT JOIN test_result r ON r.course = e.course AND r.person = e.person"
        " AND r.withdrawn_at IS NULL"
        " WHERE e.course = {} AND e.state = 'enrolled' ORDER BY p.sort, p.id",
        course_id,
    )
    return {one.person: one for one in found}


def _changes(form: ResultsForm, now: dict[UUID, _Now]) -> list[_Change]:
    """The scores to write. Raises Refused for strangers and for what another was faster in."""
    told = [one for one in form.scores if one.score != one.was]
    if any(one.person not in now for one in told):
        raise Refused(_("Somebody in the list is no longer enrolled. Open the page again."))
    missed = [one for one in told if now[one.person].score not in (one.was, one.score)]
    if missed:
        names = ", ".join(now[one.person].name for one in missed)
        said = _(
            "Somebody else entered these scores meanwhile: %(names)s. Look again.", names=names
        )
        raise Refused(said, status=409)
    return [
        _Change(now[one.person], one.score) for one in told if now[one.person].score != one.score
    ]


def _refuse(by: Who, course: CourseFound, form: ResultsForm, changed: Sequence[_Change]) -> None:
    if course.cancelled_on:
        raise Refused(_("This course is cancelled."))
    if course.pass_mark is None:
        raise Refused(_("This course has no test. Set its pass mark first."))
    if form.tested_on > clock.today():
        raise Refused(fields={"tested_on": _("Choose today or a day before.")})
    late = not course.lives
    if late:
        must(by.reaches("attendance.correct", course.path))
    if late or any(change.now.score is not None for change in changed):
        _refuse_silence(form.reason)


def _refuse_silence(why: str) -> None:
    if len(why) < 3:
        said = _("Say why: scores that were entered before change, or the course has ended.")
        raise Refused(fields={"reason": said})


async def _write(by: Who, course_id: UUID, form: ResultsForm, changed: Sequence[_Change]) -> None:
    """Write scores, all at one instant. What held before ends, with the reason, and stays."""
    now = clock.now()
    ended = [change.now.id for change in changed if change.now.id is not None]
    await run(
        "UPDATE test_result SET withdrawn_at = {}, withdrawn_by = {}, withdrawn_why = {}"
        " WHERE id IN {}",
        *(now, by.person, form.reason, among(ended)),
    )
    written = [_line(by, course_id, form, change, now) for change in changed]
    await insert_many("test_result", [line for line in written if line["score"] is not None])


def _line(
    by: Who, course_id: UUID, form: ResultsForm, change: _Change, now: datetime
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "course": course_id,
        "person": change.now.person,
        "score": change.score,
        "tested_on": form.tested_on,
        "entered_at": now,
        "entered_by": by.person,
        "note": "" if change.now.id else form.reason,
    }


async def _told(
    by: Who, course: CourseFound, form: ResultsForm, changed: Sequence[_Change]
) -> Entered:
    """Put the change on record, and count it."""
    old = [change.before for change in changed if change.now.score is not None]
    after: dict[str, Any] = {"scores": [change.after for change in changed]}
    after |= {"tested_on": form.tested_on, **({"why": form.reason} if form.reason else {})}
    action = "result.correct" if old else "result.enter"
    before = {"scores": old} if old else None
    title, path = course.title, course.path
    await record(by, action, course.id, title, path=path, before=before, after=after)
    return Entered(len(changed) - len(old), len(old))


class RuleForm(Form):
    """What completes a course: the least percent of periods, and the pass mark of its test, none
    without a test; `version` is the one shown."""

    min_share: int = Field(ge=0, le=100)
    pass_mark: Score = Field(default=None, ge=0, le=MOST)
    version: Version

    @field_validator("min_share", mode="before")
    @classmethod
    def _without_sign(cls, value: object) -> object:
        return value.strip().removesuffix("%").strip() if isinstance(value, str) else value


async def set_rule(by: Who, course_id: UUID, form: RuleForm) -> None:
    """Set the rule by which a course is completed. Twice is the same as once.

    Raises Refused (409) if another was faster, or when the course has ended.
    """
    async with transaction():
        now = await find_course(by, course_id, "course.edit")
        new = {"min_share": form.min_share, "pass_mark": form.pass_mark}
        before, after = changes(now.__dict__, new)
        if not after:
            return
        now = await hold_course(by, course_id, "course.edit", form.version)
        await set_course(course_id, new)
        title, path = now.title, now.path
        await record(by, "course.rule", course_id, title, path=path, before=before, after=after)
