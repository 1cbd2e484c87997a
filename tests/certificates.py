"""A course that people have completed, and the certificates of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from kit import clock
from kit.database import insert_many, new_id, value
from people.permissions import MACHINE
from sessions.certificates.commands import IssueForm, issue_certificates
from sessions.certificates.prints import begin_print, set_print
from sessions.certificates.queries import CertificateFound, list_certificates_of_course
from sessions.enrolments.commands import EnrolForm, enrol_people
from sessions.meetings.commands import schedule_sessions
from tests.courses import a_course, a_time
from tests.sessions.lookups import town
from tests.world import id_of

ANH, AN, LEARNER = "Cao Thị Ánh", "Bùi Văn An", "Hồ Minh Hoàng"
PEOPLE = (AN, ANH, LEARNER)
"""In the order of given names."""


async def marked(meeting: UUID, names: Sequence[str], state: str = "present") -> None:
    """Take attendance of some people."""
    now = clock.now()
    marks = [
        {
            "id": new_id(),
            "nonce": new_id(),
            "training_session": meeting,
            "person": await id_of(name),
            "state": state,
            "marked_at": now,
            "received_at": now,
            "via": "hand",
        }
        for name in names
    ]
    await insert_many("mark", marks)


async def a_finished_course(
    names: Sequence[str] = PEOPLE, present: Sequence[str] | None = None, **more: object
) -> UUID:
    """A course of one session that is held today; the others of it were absent."""
    course = await a_course(await town(), "Kỹ năng số cho cán bộ xã", **more)
    (meeting,) = await schedule_sessions(MACHINE, course, a_time(clock.today()))
    people = [await id_of(name) for name in names]
    await enrol_people(MACHINE, course, EnrolForm(people=people, anyway=True))
    there = names if present is None else present
    await marked(meeting, there)
    await marked(meeting, [name for name in names if name not in there], "unexcused")
    return course


async def issued(course: UUID, people: list[UUID] | None = None) -> list[CertificateFound]:
    """Issue, and the new certificates in their order."""
    made = await issue_certificates(MACHINE, course, IssueForm(people=people))
    found = {one.id: one for one in await list_certificates_of_course(course)}
    return [found[one] for one in made]


async def certificate_things(person: UUID) -> dict[str, str]:
    """The names of a certificate's things in the table of the policy; it is the person's."""
    area = await value("SELECT area FROM person WHERE id = {}", person)
    course = await a_course(UUID(str(area)), "Lớp đã xong")
    (meeting,) = await schedule_sessions(MACHINE, course, a_time(clock.today()))
    await enrol_people(MACHINE, course, EnrolForm(people=[person], anyway=True))
    name = await value("SELECT name FROM person WHERE id = {}", person)
    await marked(meeting, [str(name)])
    (made,) = await issued(course)
    print_id, found = await begin_print(MACHINE, course)
    await set_print(print_id, found, "https://so.test")
    return {"certificate": str(made.id), "print_id": str(print_id)}
