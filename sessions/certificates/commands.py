"""Certificates: issue them with numbers without gaps, revoke one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import Field

from kit import clock
from kit.database import hold, insert_many, new_id, refusing, run, transaction
from kit.errors import Refused
from kit.forms import Form
from kit.guard import SafeLine
from kit.i18n import gettext as _
from kit.text import fold
from people.audit.commands import record
from people.permissions import Who
from places.settings.queries import Body, find_body
from sessions.certificates.candidates import Candidate, Issuing, candidates_of
from sessions.certificates.codes import new_code
from sessions.certificates.queries import find_certificate
from sessions.certificates.words import place_of, register_number
from sessions.courses.queries import CourseFound, find_course
from sessions.papers import signing_of
from sessions.tellings import tell_certified, tell_revoked


class IssueForm(Form):
    """Whom to give a certificate; without `people`, or for `everybody`, all who complete the
    course and never had one."""

    people: list[UUID] | None = Field(default=None, max_length=9999)
    everybody: bool = False


async def issue_certificates(by: Who, course_id: UUID, form: IssueForm) -> list[UUID]:
    """Give certificates, with the next numbers of the year's register; the new ones in their order.

    Whoever has one already keeps it and gets no other. The row of the register is held until the
    transaction ends, so that a number is neither given twice nor lost, whatever fails.
    Raises Refused: for a course that was cancelled or has no session, for nobody, and (409) for
    somebody who does not complete the course, or no longer.
    """
    async with transaction():
        await find_course(by, course_id, "certificate.issue")
        await hold("course", [course_id])
        course = await find_course(by, course_id, "certificate.issue")
        _refuse_course(course)
        chosen = _chosen(form, await candidates_of(course))
        return await _issue(by, course, chosen) if chosen else []


async def _issue(by: Who, course: CourseFound, chosen: Sequence[Candidate]) -> list[UUID]:
    year = clock.today().year
    first = await _take_numbers(year, len(chosen))
    body = await find_body()
    made = [
        _record(by, course, one, body, (year, number)) for number, one in enumerate(chosen, first)
    ]
    with refusing({"certificate_live": _("Somebody issued these just now. Look again.")}):
        await insert_many("certificate", made)
    given = [register_number(year, number) for number in (first, first + len(made) - 1)]
    await tell_certified(course.id, given[0], course.title, [one.person for one in chosen])
    numbers = "–".join(dict.fromkeys(given))
    after = {"numbers": numbers, "people": [one["person_name"] for one in made]}
    await record(by, "certificate.issue", course.id, course.title, path=course.path, after=after)
    return [one["id"] for one in made]


def _refuse_course(course: CourseFound) -> None:
    if course.cancelled_on:
        raise Refused(_("This course was cancelled; it gives no certificates."), status=409)
    if course.last_on is None:
        raise Refused(_("This course has no session yet."), status=409)


def _chosen(form: IssueForm, now: Issuing) -> list[Candidate]:
    """Those of the form who are due, by given name."""
    if form.people is None or form.everybody:
        return now.fresh
    if not form.people:
        raise Refused(fields={"people": _("Tick at least one person.")})
    wanted = set(form.people) - {one.person for one in now.held}
    short = wanted - {one.person for one in now.due}
    if short:
        names = [one.standing.name for one in now.others if one.person in short]
        said = _("Not completed, or no longer: %(names)s. Look again, then decide.")
        unknown = _("Choose people of this course.")
        raise Refused(said % {"names": ", ".join(names)} if names else unknown, status=409)
    return [one for one in now.due if one.person in wanted]


async def _take_numbers(year: int, count: int) -> int:
    """The first of so many numbers of a year. The register's row stays held: whoever comes next
    waits until these numbers are written or given back."""
    found = await run(
        "INSERT INTO certificate_register (year, last) VALUES ({}, {})"
        " ON CONFLICT (year) DO UPDATE SET last = certificate_register.last + excluded.last"
        " RETURNING last",
        *(year, count),
    )
    return int(found[0]["last"]) - count + 1


def _record(
    by: Who, course: CourseFound, one: Candidate, body: Body, number: tuple[int, int]
) -> dict[str, Any]:
    """A certificate in the words of today."""
    return {
        "id": new_id(),
        "year": number[0],
        "number": number[1],
        "course": course.id,
        "person": one.person,
        "code": new_code(),
        "person_name": one.standing.name,
        "fold": fold(one.standing.name),
        "office_name": one.standing.office_name or "",
        "course_title": course.title,
        "theme_name": course.theme_vi,
        "body_name": body.name,
        "body_parent": body.parent,
        "place_name": place_of(course.area_name),
        "signing": "\n".join(signing_of(body)),
        "signer": body.signer,
        "periods": course.periods,
        "first_on": course.first_on,
        "last_on": course.last_on,
        "issued_at": clock.now(),
        "issued_by": by.person,
        "revoked_why": "",
    }


class RevokeForm(Form):
    """Why a certificate holds no longer."""

    reason: SafeLine = Field(min_length=3, max_length=300)


async def revoke_certificate(by: Who, certificate_id: UUID, form: RevokeForm) -> None:
    """Take a certificate back; its number stays taken. Twice is the same as once."""
    async with transaction():
        now = await find_certificate(by, certificate_id, "certificate.issue")
        done = await run(
            "UPDATE certificate SET revoked_at = {}, revoked_by = {}, revoked_why = {}"
            " WHERE id = {} AND revoked_at IS NULL RETURNING id",
            *(clock.now(), by.person, form.reason, certificate_id),
        )
        if not done:
            return
        after = {"number": now.register, "title": now.course_title, "why": form.reason}
        name, path = now.person_name, now.path
        await record(by, "certificate.revoke", certificate_id, name, path=path, after=after)
        told = {**after, "name": name}
        await tell_revoked(by.person, certificate_id, now.person, told)
