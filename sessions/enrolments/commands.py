"""Enrolments: enrol people, withdraw one; free seats go to those who wait."""

from __future__ import annotations

import secrets
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
from people.reach import visible_persons
from sessions.courses.commands import hold_course
from sessions.enrolments.line import seat_waiting
from sessions.enrolments.queries import CandidateFilter, find_enrolment, list_candidates
from sessions.tellings import tell_seated

How = Literal["hand", "office", "team"]
WHOLE = 1000


class EnrolForm(Form):
    """People to enrol: those chosen, or everybody of an office or of a team."""

    people: list[UUID] = Field(default_factory=list, max_length=500)
    office: Annotated[UUID | None, Maybe] = None
    team: Annotated[UUID | None, Maybe] = None

    @property
    def how(self) -> How:
        """In which way."""
        return "hand" if self.people else "office" if self.office else "team"


async def enrol_people(by: Who, course_id: UUID, form: EnrolForm) -> tuple[int, int]:
    """Enrol people; how many got a seat and how many wait. Who is in it already stays as is.

    Raises NotFound for somebody beyond reach, Refused when there is nobody to enrol.
    """
    async with transaction():
        course = await hold_course(by, course_id, "course.enrol")
        chosen = await _chosen(by, course_id, form)
        new = [(person, office) for person, office, state in chosen if state is None]
        if not chosen:
            raise Refused(fields={"people": _("Choose at least one person.")})
        if not new:
            return 0, 0
        await join_line(by, course_id, new, form.how)
        seated = set(await seat_waiting(course_id, clock.today()))
        names = await _names([person for person, _office in new])
        after = {"people": names, "seated": len(seated)}
        await record(by, "enrolment.add", course_id, course.title, path=course.path, after=after)
    got = sum(person in seated for person, _office in new)
    return got, len(new) - got


Chosen = tuple[UUID, UUID | None, str | None]


async def _chosen(by: Who, course_id: UUID, form: EnrolForm) -> list[Chosen]:
    """The persons of a form, each with the office and the state in the course."""
    if not form.people:
        asked = CandidateFilter(office=form.office, team=form.team)
        found = await list_candidates(by, course_id, asked, WHOLE)
        return [(one.id, one.office, one.state) for one in found]
    people = list(dict.fromkeys(form.people))
    found_rows = await run(
        "SELECT p.id, coalesce(f.office, p.office) AS office, e.state FROM person p"
        " LEFT JOIN official f ON f.person = p.id AND f.until IS NULL"
        " LEFT JOIN enrolment e ON e.person = p.id AND e.course = {} AND e.state <> 'withdrawn'"
        " WHERE p.id IN {} AND p.merged_into IS NULL AND {} ORDER BY p.sort, p.id",
        *(course_id, among(people), visible_persons(by, clock.today())),
    )
    if len(found_rows) < len(people):
        raise NotFound
    return [(one["id"], one["office"], one["state"]) for one in found_rows]


async def join_line(
    by: Who, course_id: UUID, new: list[tuple[UUID, UUID | None]], how: str
) -> None:
    """Put people, each with the office, at the end of the line of a course that is held."""
    sql = "UPDATE course SET last_line = last_line + {} WHERE id = {} RETURNING last_line"
    last = (await run(sql, len(new), course_id))[0]["last_line"]
    empty = dict.fromkeys(("since", "until", "seated_at", "withdrawn_at", "withdrawn_by"))
    records = [
        {
            "id": new_id(),
            "course": course_id,
            "person": person,
            "office": office,
            "state": "waiting",
            "line": line,
            "how": how,
            "code": secrets.token_hex(8).upper(),
            "asked_at": clock.now(),
            "asked_by": by.person,
            "withdrawn_why": "",
            "version": 1,
            **empty,
        }
        for line, (person, office) in enumerate(new, last - len(new) + 1)
    ]
    await insert_many("enrolment", records)


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
        await hold_course(by, course.id, "course.enrol")
        today = clock.today()
        done = await run(
            "UPDATE enrolment SET state = 'withdrawn', withdrawn_at = {}, withdrawn_by = {},"
            " withdrawn_why = {}, until = CASE WHEN since IS NULL THEN NULL"
            " WHEN since > {} THEN since ELSE {} END, version = version + 1"
            " WHERE id = {} AND version = {} RETURNING id",
            *(clock.now(), by.person, form.reason, today, today, enrolment_id, form.version),
        )
        if not done:
            said = _("Somebody else changed this enrolment meanwhile. Look again, then decide.")
            raise Refused(said, status=409)
        moved = await seat_waiting(course.id, today)
        await tell_seated(course.id, course.title, moved)
        after = {"person": now.name, "why": form.reason, "moved_up": await _names(moved)}
        title, path = course.title, course.path
        await record(by, "enrolment.withdraw", course.id, title, path=path, after=after)
    return len(moved)
