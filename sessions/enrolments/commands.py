"""Enrolments: enrol people, withdraw one; free seats go to those who wait."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from kit import clock
from kit.database import among, insert_many, new_id, run, transaction
from kit.errors import NotFound, Refused
from kit.forms import Form, Line, Maybe, Version
from kit.i18n import gettext as _
from people.audit.commands import record
from people.permissions import Who
from people.reach import visible_areas
from sessions.courses.commands import hold_course
from sessions.courses.queries import CourseFound, list_quotas
from sessions.enrolments.clashes import clashes_of
from sessions.enrolments.line import seat_waiting
from sessions.enrolments.queries import (
    CandidateFilter,
    CandidateFound,
    EnrolmentFound,
    find_candidates,
    find_enrolment,
    list_candidates,
)
from sessions.enrolments.seated import move_up
from sessions.enrolments.warnings import Newcomer, warnings

How = Literal["hand", "office", "team", "link", "door", "api"]
WHOLE = 1000


class EnrolForm(Form):
    """People to enrol: those chosen, or everybody of an office or of a team. `anyway` goes on in
    spite of what speaks against it."""

    people: list[UUID] = Field(default_factory=list, max_length=500)
    office: Annotated[UUID | None, Maybe] = None
    team: Annotated[UUID | None, Maybe] = None
    anyway: bool = False

    @property
    def how(self) -> How:
        """In which way."""
        return "hand" if self.people else "office" if self.office else "team"


async def enrol_people(
    by: Who, course_id: UUID, form: EnrolForm, how: How | None = None
) -> tuple[int, int]:
    """Enrol people; how many got a seat and how many wait. Who is in it already stays as is.
    `how` notes another way than the form's own.

    Raises NotFound for somebody beyond reach, Refused when there is nobody to enrol, and (409,
    details: the sentences) while deadline, audience, quotas or another session at the same time
    speak against it.
    """
    async with transaction():
        course = await hold_course(by, course_id, "course.enrol")
        chosen = await _chosen(by, course_id, form)
        new = [one for one in chosen if one.state is None]
        if not chosen:
            raise Refused(fields={"people": _("Choose at least one person.")})
        if not new:
            return 0, 0
        against = await _refuse_against(by, course, new, form)
        seated = await join_line(by, course_id, new, how or form.how)
        after: dict[str, object] = {"people": [one.name for one in new], "seated": len(seated)}
        after |= {"in_spite_of": against} if against else {}
        await record(by, "enrolment.add", course_id, course.title, path=course.path, after=after)
    return len(seated), len(new) - len(seated)


async def _refuse_against(
    by: Who, course: CourseFound, new: Sequence[Newcomer], form: EnrolForm
) -> list[str]:
    """What speaks against it, when that was seen and the form goes on. Raises Refused."""
    against = warnings(course, await list_quotas(course.id), new)
    against += await clashes_of(course.id, new, visible_areas(by, "course.read"))
    if against and not form.anyway:
        said = _("Something speaks against this. Look at it, then decide.")
        raise Refused(said, status=409, details=against)
    return against


async def _chosen(by: Who, course_id: UUID, form: EnrolForm) -> list[Newcomer]:
    """The persons of a form, each with the office and the state in the course."""
    if not form.people:
        asked = CandidateFilter(office=form.office, team=form.team)
        found = await list_candidates(by, course_id, asked, WHOLE + 1)
        if len(found) > WHOLE:
            said = _("That is more than %(num)s people. Choose them in parts.", num=WHOLE)
            raise Refused(fields={"people": said})
        return [_newcomer(one) for one in found]
    people = list(dict.fromkeys(form.people))
    found = await find_candidates(by, course_id, people)
    if len(found) < len(people):
        raise NotFound
    return [_newcomer(one) for one in found]


def _newcomer(one: CandidateFound) -> Newcomer:
    return Newcomer(one.id, one.name, one.office, one.category, one.state)


async def join_line(
    by: Who, course_id: UUID, new: Sequence[Newcomer], how: How, state: str = "waiting"
) -> list[UUID]:
    """Put people at the end of the line of a course that is held, and seat whom there is room
    for; those of them who got a seat."""
    sql = "UPDATE course SET last_line = last_line + {} WHERE id = {} RETURNING last_line"
    last = (await run(sql, len(new), course_id))[0]["last_line"]
    empty = dict.fromkeys(("since", "until", "seated_at", "withdrawn_at", "withdrawn_by"))
    records = [
        {
            "id": new_id(),
            "course": course_id,
            "person": one.id,
            "office": one.office,
            "state": state,
            "line": line,
            "how": how,
            "code": secrets.token_hex(8).upper(),
            "asked_at": clock.now(),
            "asked_by": by.person,
            "withdrawn_why": "",
            "version": 1,
            **empty,
        }
        for line, one in enumerate(new, last - len(new) + 1)
    ]
    await insert_many("enrolment", records)
    seated = set(await seat_waiting(course_id, clock.today()))
    return [one.id for one in new if one.id in seated]


async def _names(people: list[UUID]) -> list[str]:
    sql = "SELECT name FROM person WHERE id IN {} ORDER BY sort, id"
    return [one["name"] for one in await run(sql, among(people))]


class WithdrawForm(Form):
    """Why somebody no longer takes part; `version` is the one shown."""

    reason: Line = Field(min_length=3, max_length=300)
    version: Version


async def withdraw_enrolment(by: Who, enrolment_id: UUID, form: WithdrawForm) -> int:
    """Withdraw somebody from today on; how many moved up. Twice is the same as once.

    Raises Refused (409) if another was faster, or when the course has ended.
    """
    async with transaction():
        now, course = await find_enrolment(by, enrolment_id, "course.enrol")
        if now.state == "withdrawn":
            return 0
        course = await hold_course(by, course.id, "course.enrol")
        moved = await take_off(by, course, now, form)
        after = {"person": now.name, "why": form.reason, "moved_up": await _names(moved)}
        title, path = course.title, course.path
        await record(by, "enrolment.withdraw", course.id, title, path=path, after=after)
    return len(moved)


async def take_off(
    by: Who, course: CourseFound, now: EnrolmentFound, form: WithdrawForm
) -> list[UUID]:
    """Take somebody off a course that is held, from today on; who moved up, and was told so.

    Raises Refused (409) if another was faster.
    """
    today = clock.today()
    done = await run(
        "UPDATE enrolment SET state = 'withdrawn', withdrawn_at = {}, withdrawn_by = {},"
        " withdrawn_why = {}, until = CASE WHEN since IS NULL THEN NULL"
        " WHEN since > {} THEN since ELSE {} END, version = version + 1"
        " WHERE id = {} AND version = {} RETURNING id",
        *(clock.now(), by.person, form.reason, today, today, now.id, form.version),
    )
    if not done:
        said = _("Somebody else changed this enrolment meanwhile. Look again, then decide.")
        raise Refused(said, status=409)
    return await move_up(course.id, course.title, course.path)
