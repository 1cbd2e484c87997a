"""Courses: plan, change, open, close and cancel one; set the places of an office."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, field_validator

from kit import clock
from kit.database import among, hold, insert_many, new_id, run, transaction
from kit.errors import Refused
from kit.forms import Day, Form, Line, Maybe, MaybeDay, Version
from kit.i18n import gettext as _
from kit.text import fold, sort_key_title
from people.audit.commands import changes, record
from people.permissions import Who
from people.reach import choices_areas, choices_offices
from sessions.courses.queries import (
    CourseFound,
    choices_themes,
    choices_trainers,
    find_course,
    list_trainers,
)
from sessions.courses.tables import Course, CourseTrainer
from sessions.enrolments.seated import move_up
from sessions.nominations.expiry import follow_deadline
from sessions.results.effects import refuse_unseen_effect
from sessions.results.rule import Rule
from sessions.tellings import tell_course_cancelled

Category = Literal["cadre", "civil_servant", "public_employee", "part_time"]


class CourseForm(Form):
    """A course. `pass_mark` is out of 10 and empty without a test; no `audience` means all."""

    theme: str
    title: Line = Field(min_length=3, max_length=160)
    aim: Line = Field(default="", max_length=1000)
    area: UUID
    required_periods: int = Field(ge=1, le=999)
    capacity: int = Field(ge=1, le=9999)
    audience: list[Category] = Field(default_factory=list)
    deadline: MaybeDay = None
    min_share: int = Field(default=80, ge=0, le=100)
    pass_mark: Annotated[float | None, Maybe] = Field(default=None, ge=0, le=10)
    trainers: list[UUID] = Field(default_factory=list, max_length=20)

    @field_validator("pass_mark", mode="before")
    @classmethod
    def _with_comma(cls, value: object) -> object:
        return value.replace(",", ".") if isinstance(value, str) else value

    @property
    def rule(self) -> Rule:
        """By which the course is completed."""
        mark = self.pass_mark
        return Rule(self.min_share, None if mark is None else round(mark * 10))

    def row(self) -> dict[str, Any]:
        """The columns of the course, with the keys that search and order it."""
        plain = {"theme", "title", "aim", "area", "required_periods", "capacity", "deadline"}
        return {
            **self.model_dump(include=plain | {"min_share"}),
            "fold": fold(self.title),
            "sort": sort_key_title(self.title),
            "audience": ",".join(dict.fromkeys(self.audience)),
            "pass_mark": self.rule.pass_mark,
        }


async def plan_course(by: Who, form: CourseForm) -> UUID:
    """Plan a course. Raises Refused for a theme, area or trainer that is not to be chosen."""
    course = new_id()
    async with transaction():
        path = await _refuse_choices(by, form, None)
        await _insert(by, course, form)
        await _set_trainers(course, form.trainers)
        after = form.model_dump(exclude_defaults=True)
        await record(by, "course.plan", course, form.title, path=path, after=after)
    return course


async def _insert(by: Who, course: UUID, form: CourseForm) -> None:
    await Course.insert(
        Course(
            id=course,
            **form.row(),
            last_line=0,
            planned_at=clock.now(),
            planned_by=by.person,
            opened_on=None,
            closed_on=None,
            cancelled_on=None,
            cancelled_by=None,
            cancelled_why="",
            version=1,
        )
    )


async def _refuse_choices(by: Who, form: CourseForm, now: CourseFound | None) -> str:
    """The path of the form's area. What a course has already may stay."""
    areas = {choice.id: choice.path for choice in await choices_areas(by, "course.edit")}
    areas |= {now.area: now.path} if now else {}
    if form.area not in areas:
        raise Refused(fields={"area": _("Choose an area from the list.")})
    themes = {theme.code for theme in await choices_themes(clock.today())}
    if form.theme not in themes | ({now.theme} if now else set()):
        raise Refused(fields={"theme": _("Choose a theme from the list.")})
    known = {one.id for one in await choices_trainers(by)}
    known |= {one.id for one in await list_trainers(now.id)} if now else set()
    if not set(form.trainers) <= known:
        raise Refused(fields={"trainers": _("Choose the trainers from the list.")})
    return areas[form.area]


async def _set_trainers(course: UUID, trainers: list[UUID]) -> None:
    await run("DELETE FROM course_trainer WHERE course = {}", course)
    for person in dict.fromkeys(trainers):
        await CourseTrainer.insert(CourseTrainer(course=course, person=person))


class EditCourseForm(CourseForm):
    """The new words and numbers of a course; `version` is the one shown. `anyway` changes the rule
    of completing though results rest on it."""

    version: Version
    anyway: bool = False


async def edit_course(by: Who, course_id: UUID, form: EditCourseForm) -> None:
    """Change a course. A larger capacity seats those who wait.

    Raises Refused (409) if another was faster (details: their values) and for a rule that results
    rest on (details: the effect); and when fewer could sit than are enrolled.
    """
    async with transaction():
        now = await hold_course(by, course_id, "course.edit", form.version)
        path = await _refuse_choices(by, form, now)
        if form.capacity < min(now.enrolled, now.capacity):  # the door may let in more than sit
            said = _("%(num)s people are enrolled. Withdraw some first.", num=now.enrolled)
            raise Refused(fields={"capacity": said})
        if not form.anyway:
            await refuse_unseen_effect(now, form.rule)
        old = {**now.__dict__, "trainers": [one.id for one in await list_trainers(course_id)]}
        told = {k: v for k, v in form.row().items() if k not in ("fold", "sort")}
        before, after = changes(old, {**told, "trainers": form.trainers})
        if not after:
            return
        await set_course(course_id, form.row())
        await _set_trainers(course_id, form.trainers)
        await follow_deadline(course_id, form.deadline)
        await move_up(course_id, form.title, path)
        name = form.title
        await record(by, "course.edit", course_id, name, path=path, before=before, after=after)


async def hold_course(
    by: Who, course_id: UUID, verb: str, version: int | None = None, day: date | None = None
) -> CourseFound:
    """A course that lives, today or on a `day`, kept from others until the transaction ends.

    Raises Refused (409, details: the course) when it ended or has another version.
    """
    await find_course(by, course_id, verb)
    await hold("course", [course_id])
    now = await find_course(by, course_id, verb)
    if version is not None and now.version != version:
        said = _("Somebody else changed this course meanwhile. Look again, then decide.")
        raise Refused(said, status=409, details=now)
    if not now.lives_on(day or clock.today()):
        raise Refused(_("This course has ended."), status=409, details=now)
    return now


async def set_course(course_id: UUID, values: dict[str, Any]) -> None:
    """Set columns of a course that is held, with a new version."""
    sets = ", ".join(f"{column} = {{}}" for column in values)
    sql = f"UPDATE course SET {sets}, version = version + 1 WHERE id = {{}}"
    await run(sql, *values.values(), course_id)


class OnDayForm(Form):
    """The first day of a new state of a course; `version` is the one shown."""

    on: Day
    version: Version


async def open_course(by: Who, course_id: UUID, form: OnDayForm) -> None:
    """Open a course for enrolment from a day on; on that day again nothing changes."""
    await _turn(by, course_id, form, "opened_on", "course.open")


async def close_course(by: Who, course_id: UUID, form: OnDayForm) -> None:
    """Close a course from a day on. Raises Refused before it opened or while sessions follow."""
    await _turn(by, course_id, form, "closed_on", "course.close")


async def _turn(by: Who, course_id: UUID, form: OnDayForm, column: str, action: str) -> None:
    async with transaction():
        now = await find_course(by, course_id, "course.edit")
        if getattr(now, column) == form.on and not now.cancelled_on:
            return
        now = await hold_course(by, course_id, "course.edit", form.version)
        if column == "closed_on":
            _refuse_closing(now, form.on)
        await set_course(course_id, {column: form.on})
        after = {"on": form.on}
        await record(by, action, course_id, now.title, path=now.path, after=after)


def _refuse_closing(now: CourseFound, on: date) -> None:
    if not now.opened_on or on < now.opened_on:
        raise Refused(fields={"on": _("The course is not open on this day.")})
    if now.last_on and on <= now.last_on:
        last = now.last_on.strftime("%d/%m/%Y")
        raise Refused(fields={"on": _("The last session is on %(day)s.", day=last)})


class CancelForm(Form):
    """Why something does not take place; `version` is the one shown."""

    reason: Line = Field(min_length=3, max_length=300)
    version: Version


async def cancel_course(by: Who, course_id: UUID, form: CancelForm) -> None:
    """Cancel a course and its sessions that are not over; each person of it is told once. Twice is
    the same as once."""
    async with transaction():
        now = await find_course(by, course_id, "course.edit")
        if now.cancelled_on:
            return
        now = await hold_course(by, course_id, "course.edit", form.version)
        today, why = clock.today(), form.reason
        ends = {"cancelled_on": today, "cancelled_by": by.person, "cancelled_why": why}
        await set_course(course_id, ends)
        gone = await run(
            "UPDATE training_session SET cancelled_at = {}, cancelled_by = {}, cancelled_why = {},"
            " sequence = sequence + 1, version = version + 1"
            " WHERE course = {} AND cancelled_at IS NULL"
            " AND (day > {} OR (day = {} AND ends > {})) RETURNING id",
            *(clock.now(), by.person, why, course_id, today, today, clock.minute()),
        )
        meetings = [one["id"] for one in gone]
        await tell_course_cancelled(by.person, course_id, meetings, now.title, why)
        await record(by, "course.cancel", course_id, now.title, path=now.path, after={"why": why})


Places = Annotated[int | None, Field(ge=1, le=9999), Maybe]


class QuotaForm(Form):
    """How many people an office may name; none for no quota."""

    office: UUID
    places: Places = None


class QuotasForm(Form):
    """How many people offices may name, each place beside its office; none for no quota. `was` are
    the places that were shown; where one is given for each, only what differs is meant."""

    offices: list[UUID] = Field(max_length=1000)
    places: list[Places] = Field(max_length=1000)
    was: list[Places] = Field(default_factory=list, max_length=1000)

    @property
    def fits(self) -> bool:
        """Whether each office has its place, and none or each what was shown."""
        return len(self.offices) == len(self.places) and len(self.was) in (0, len(self.places))

    @property
    def seen(self) -> dict[UUID, int | None]:
        """The places that were shown."""
        return dict(zip(self.offices, self.was, strict=False))

    @property
    def meant(self) -> dict[UUID, int | None]:
        """The places to set: of those shown only the ones that differ from it."""
        asked = dict(zip(self.offices, self.places, strict=True))
        return {one: n for one, n in asked.items() if one not in self.seen or self.seen[one] != n}


async def set_quota(by: Who, course_id: UUID, form: QuotaForm) -> None:
    """Set the places of one office. Raises Refused for an office beyond reach."""
    await set_quotas(by, course_id, QuotasForm(offices=[form.office], places=[form.places]))


async def set_quotas(by: Who, course_id: UUID, form: QuotasForm) -> None:
    """Set the places of offices; those not named keep theirs. Raises Refused for an office beyond
    reach, and (409) when another set places that were not shown."""
    async with transaction():
        now = await hold_course(by, course_id, "course.edit")
        names = {one.id: one.name for one in await choices_offices(by)}
        if not set(form.offices) <= names.keys() or not form.fits:
            raise Refused(fields={"office": _("Choose an office from the list.")})
        sql = "SELECT office, places FROM course_quota WHERE course = {}"
        old = {one["office"]: one["places"] for one in await run(sql, course_id)}
        new = {one: places for one, places in form.meant.items() if old.get(one) != places}
        if not new:
            return
        _refuse_unseen(
            [names[one] for one in new if old.get(one) != form.seen.get(one, old.get(one))]
        )
        sql = "DELETE FROM course_quota WHERE course = {} AND office IN {}"
        await run(sql, course_id, among(list(new)))
        kept = [
            {"course": course_id, "office": office, "places": places}
            for office, places in new.items()
            if places
        ]
        await insert_many("course_quota", kept)
        before = {"places": {names[office]: old.get(office) or 0 for office in new}}
        after = {"places": {names[office]: places or 0 for office, places in new.items()}}
        name, path = now.title, now.path
        await record(by, "course.quota", course_id, name, path=path, before=before, after=after)


def _refuse_unseen(offices: list[str]) -> None:
    if offices:
        told = ", ".join(offices)
        said = _("Somebody else set these places meanwhile: %(names)s. Look again.", names=told)
        raise Refused(said, status=409)
