"""Let somebody in at the door: into the course and into the session, in one act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from kit import clock
from kit.database import run, transaction, value
from kit.errors import Refused
from kit.forms import Form, Maybe, MaybePhone
from kit.guard import SafeLine
from kit.i18n import gettext as _
from people.audit.commands import record
from people.permissions import Who
from people.persons.commands import PersonForm, write_person
from people.persons.queries import find_person
from people.reach import choices_offices
from sessions.attendance.ledger import write_mark
from sessions.checkins.commands import arrival
from sessions.checkins.doors import Door, find_door
from sessions.checkins.queries import CAME, find_standing
from sessions.courses.commands import hold_course
from sessions.courses.queries import CourseFound
from sessions.enrolments.commands import join_line
from sessions.enrolments.warnings import Newcomer
from sessions.meetings.queries import find_meeting
from sessions.walk_ins.queries import list_namesakes, office_of


class WalkInForm(Form):
    """Who is let in: somebody of the register, or a new person by name, office and phone;
    `really_new` says that those shown are others, `over` that there is room beyond the seats."""

    person: Annotated[UUID | None, Maybe] = None
    name: SafeLine = Field(default="", max_length=80)
    office: Annotated[UUID | None, Maybe] = None
    organisation: SafeLine = Field(default="", max_length=160)
    phone: MaybePhone = None
    really_new: bool = False
    over: bool = False


@dataclass(frozen=True)
class LetIn:
    """Who was let in, and whether the ledger said already that this person is there."""

    person: UUID
    name: str
    again: bool


async def let_in(by: Who, meeting_id: UUID, form: WalkInForm) -> LetIn:
    """Enrol somebody who stands at the door and mark the person present, or late by the clock.
    Who is enrolled already is only marked; twice is the same as once.

    Raises NotFound, Forbidden; Refused on another day than the session's unless its door is open
    then, when the seats are taken and `over` is not said, and (409, details: the persons) for a
    name that is known.
    """
    async with transaction():
        meeting = await find_meeting(by, meeting_id, "attendance.mark")
        course = await hold_course(by, meeting.course, "course.enrol", day=meeting.day)
        door = await find_door(meeting_id)
        _refuse_day(door)
        person, name = await _person(by, course, form)
        enrolled = await _enrol(by, course, door, person, name, form)
        state = await _mark(by, door, person)
        if enrolled or state:
            after = {**enrolled, "state": state or None}
            told = {"person": name, **{k: v for k, v in after.items() if v}}
            path = course.path
            await record(by, "enrolment.door", course.id, course.title, path=path, after=told)
    return LetIn(person, name, again=not state)


def _refuse_day(door: Door) -> None:
    if door.cancelled:
        raise Refused(_("This session is cancelled, so nobody checks in."), status=409)
    if not door.is_its_time(clock.now()):
        said = _("People are let in on the day of the session only. Enrol them in the course.")
        raise Refused(said, status=409)


async def _person(by: Who, course: CourseFound, form: WalkInForm) -> tuple[UUID, str]:
    """Somebody within reach, or a new person who is at home where the course is."""
    if form.person:
        known = await find_person(by, form.person)
        return known.id, known.name
    if len(form.name) < 2:
        raise Refused(fields={"name": _("Enter the name of who came.")})
    if form.office and form.office not in {one.id for one in await choices_offices(by)}:
        raise Refused(fields={"office": _("This office is not there. Choose another.")})
    namesakes = await list_namesakes(by, form.name, form.phone)
    if namesakes and not form.really_new:
        said = _("This person may be here already. Look at the list, then decide.")
        raise Refused(said, status=409, details=namesakes)
    fields = form.model_dump(include={"name", "office", "organisation", "phone"})
    new = PersonForm.model_validate({**fields, "area": course.area})
    return await write_person(new), new.row()["name"]


async def _enrol(
    by: Who, course: CourseFound, door: Door, person: UUID, name: str, form: WalkInForm
) -> dict[str, Any]:
    """Give a person a seat from the session's day on; what the log says of it, nothing for who
    has one."""
    sql = (
        "SELECT CASE WHEN since > {} THEN 'later' ELSE state END FROM enrolment"
        " WHERE course = {} AND person = {} AND state <> 'withdrawn'"
    )
    state = await value(sql, door.day, course.id, person)
    if state == "enrolled":
        return {}
    beyond = state != "later" and not course.free
    if beyond and not form.over:
        said = _("All %(num)s seats are taken. Tick “let in beyond the seats” if there is room.")
        raise Refused(fields={"over": said % {"num": course.capacity}})
    if state is None:
        office = form.office or await office_of(person)
        await join_line(by, course.id, [Newcomer(person, name, office, None, None)], "door")
    await run(
        "UPDATE enrolment SET state = 'enrolled', how = 'door', since = {}, seated_at = {},"
        " version = version + 1 WHERE course = {} AND person = {} AND state <> 'withdrawn'",
        *(door.day, clock.now(), course.id, person),
    )
    return {"on": door.day, "over_capacity": beyond}


async def _mark(by: Who, door: Door, person: UUID) -> str:
    """Mark a person as there; the state, "" for who was there already."""
    if (await find_standing(door, person)).taken in CAME:
        return ""
    mark = arrival(door, person, clock.now())
    await write_mark(door, mark, by=by.person, via="hand")
    return mark.state
