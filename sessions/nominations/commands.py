"""The trainer's side: make the link of an office, tell the office, revoke it."""

from __future__ import annotations

import secrets
from typing import Annotated
from uuid import UUID

from kit import clock
from kit.database import new_id, refusing, run, transaction
from kit.errors import Refused
from kit.forms import Form, Maybe
from kit.i18n import N_
from kit.i18n import gettext as _
from notices.commands import Secret, notify
from notices.kinds import offer_kind
from notices.words import Words
from people.audit.commands import record
from people.permissions import Who
from people.sign_ins.queries import token_hash
from sessions.courses.commands import hold_course
from sessions.courses.queries import CourseFound
from sessions.nominations.expiry import end_of
from sessions.nominations.queries import OfficeFound, find_office, list_contacts, list_offices
from sessions.nominations.tables import NominationLink, NominationToken
from sessions.words import MAILED

SENT = offer_kind("nomination.link", N_("My office is asked to name people for a course")).key


class LinkForm(Form):
    """Whom of the office to tell by mail, if anybody."""

    contact: Annotated[UUID | None, Maybe] = None


async def make_link(by: Who, course_id: UUID, office_id: UUID, form: LinkForm) -> str:
    """The token of a new link of an office, shown once; one made before ends. It works until the
    end of the deadline, or until it is revoked.

    Raises NotFound for an office beyond reach, Refused (409) for a course without a deadline
    ahead or one that is not open, and for a contact without an address.
    """
    token = secrets.token_urlsafe(24)
    async with transaction():
        course = await hold_course(by, course_id, "course.enrol")
        office = await find_office(by, course_id, office_id)
        _refuse_unfit(course)
        await _end(by, course_id, office_id)
        link = await _insert(by, course, office, token)
        after = {"office": office.name, "until": course.deadline}
        if form.contact:
            after["told"] = await _tell(course, office, link, form.contact, token)
        await record(by, "nomination.link", course_id, course.title, path=course.path, after=after)
    return token


async def make_links(by: Who, course_id: UUID) -> list[tuple[OfficeFound, str]]:
    """A link for each office that has places and no link that works; offices with their tokens,
    shown once. Raises Refused as `make_link` does."""
    async with transaction():
        course = await hold_course(by, course_id, "course.enrol")
        _refuse_unfit(course)
        lacking = [one for one in await list_offices(by, course_id) if one.places and not one.open]
        return [
            (office, await make_link(by, course_id, office.id, LinkForm())) for office in lacking
        ]


def _refuse_unfit(course: CourseFound) -> None:
    if course.deadline is None or course.deadline < clock.today():
        said = _("Set a deadline for naming people first: the link ends with it.")
        raise Refused(said, status=409)
    if course.state not in ("open", "running"):
        raise Refused(_("Open the course for enrolment first."), status=409)


async def _insert(by: Who, course: CourseFound, office: OfficeFound, token: str) -> UUID:
    if course.deadline is None:
        raise ValueError(course.id)
    link = new_id()
    with refusing({"nomination_link": _("Somebody made this link just now. Look again.")}):
        await NominationLink.insert(
            NominationLink(
                id=link,
                token_hash=token_hash(token),
                course=course.id,
                office=office.id,
                made_at=clock.now(),
                made_by=by.person,
                expires_at=end_of(course.deadline),
                used_at=None,
                revoked_at=None,
                revoked_by=None,
            )
        )
    return link


async def _tell(
    course: CourseFound, office: OfficeFound, link: UUID, contact: UUID, token: str
) -> str:
    """Tell somebody of the office; the name. The address lies in the outbox until it is sent."""
    names = {one.id: one.name for one in await list_contacts(office.id)}
    if contact not in names:
        raise Refused(fields={"contact": _("Choose somebody of the office from the list.")})
    words = Words(
        N_("Name people for: %(title)s"),
        N_(
            "%(office)s may name people for this course until %(day)s. Whoever has this address"
            " may do it; pass it on within the office only."
        ),
        {"title": course.title, "office": office.name, "day": course.deadline or clock.today()},
    )
    await notify([contact], SENT, link, "", words, Secret(f"/n/{token}", MAILED))
    return names[contact]


async def make_token(link: UUID) -> str:
    """One more token of a link, for the first one was not kept: both work as long as the link."""
    token = secrets.token_urlsafe(24)
    await NominationToken.insert(
        NominationToken(token_hash=token_hash(token), link=link, made_at=clock.now())
    )
    return token


async def revoke_link(by: Who, course_id: UUID, office_id: UUID) -> None:
    """End the link of an office at once. Twice is the same as once."""
    async with transaction():
        course = await hold_course(by, course_id, "course.enrol")
        office = await find_office(by, course_id, office_id)
        if await _end(by, course_id, office_id):
            after = {"office": office.name}
            title, path = course.title, course.path
            await record(by, "nomination.revoke", course_id, title, path=path, after=after)


async def _end(by: Who, course: UUID, office: UUID) -> bool:
    done = await run(
        "UPDATE nomination_link SET revoked_at = {}, revoked_by = {}"
        " WHERE course = {} AND office = {} AND revoked_at IS NULL RETURNING id",
        *(clock.now(), by.person, course, office),
    )
    return bool(done)
