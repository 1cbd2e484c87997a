"""Certificates: the tab of a course, the register, one certificate and its paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import NotFound, Refused
from kit.files import file
from kit.forms import read_form, read_query, read_typed
from kit.i18n import gettext as _
from kit.i18n import ngettext
from kit.pages import done, onward, page, public_address
from kit.qr import qr_svg
from people.audit.commands import record, record_view
from people.permissions import Who
from people.persons.queries import find_person
from people.sign_ins.door import Asker, may, signed_in
from sessions.certificates.candidates import candidates_of
from sessions.certificates.commands import (
    IssueForm,
    RevokeForm,
    issue_certificates,
    revoke_certificate,
)
from sessions.certificates.papers import paper_of
from sessions.certificates.queries import (
    CertificateFilter,
    choices_years,
    find_certificate,
    list_certificates,
    list_certificates_of_person,
)
from sessions.courses.queries import find_course

MOST = 200
"""Rows of each kind that a page shows: of those who get one, have one, or get none. The register
and the results have all of them, and all can be issued at once."""
READ, ISSUE = [may("course.read")], [may("certificate.issue")]


@get("/courses/{course:uuid}/certificates", guards=READ)
async def course_certificates_page(
    request: Asking, who: Asker, course: FromPath[UUID]
) -> Response[str]:
    """Who of a course gets a certificate, who has one, who does not get one and why."""
    shown = await issuing(request, who, course)
    await record_view(who, "certificate.view", str(course), who.first_path("course.read"))
    return shown


@post("/courses/{course:uuid}/certificates", guards=ISSUE)
async def issue_here(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[Any]:
    """Give certificates to those who are ticked."""
    try:
        made = await issue_certificates(who, course, await read_form(request, IssueForm))
    except Refused as refused:
        return await issuing(request, who, course, refused)
    said = ngettext("%(num)s certificate is issued.", "%(num)s certificates are issued.", len(made))
    return done(f"/courses/{course}/certificates", said)


async def issuing(
    request: Asking, who: Who, course_id: UUID, refused: Refused | None = None
) -> Response[str]:
    """The tab of a course, perhaps with why something was refused."""
    course = await find_course(who, course_id)
    ticked: set[str] | None = None
    if refused:
        refused.typed = await read_typed(request)
        ticked = {str(one) for one in (await request.form()).getall("people", [])}
    issues = who.reaches("certificate.issue", course.path)
    now = await candidates_of(course)
    context: dict[str, Any] = {"course": course, "now": now, "issues": issues}
    return page(request, "certificates/course.html", refused, ticked=ticked, most=MOST, **context)


@get("/certificates", guards=READ)
async def register_page(request: Asking, who: Asker) -> Response[str]:
    """The register: by year, by name without marks, by number, by code."""
    asked = read_query(request, CertificateFilter)
    found, following = await list_certificates(who, asked)
    await record_view(who, "certificate.list", path=who.first_path("course.read"))
    context: dict[str, Any] = {"found": found, "next": onward(request, following), "asked": asked}
    years = await choices_years()
    return page(request, "certificates/list.html", years=years, **context)


@get("/certificates/{certificate:uuid}", guards=[signed_in])
async def certificate_page(
    request: Asking, who: Asker, certificate: FromPath[UUID]
) -> Response[str]:
    """One certificate, with its paper and the address that confirms it."""
    found = await find_certificate(who, certificate)
    address = f"{public_address(request)}/v/{found.code}"
    context: dict[str, Any] = {"it": found, "address": address, "svg": qr_svg(address)}
    issues = who.reaches("certificate.issue", found.path)
    courses = who.reaches("course.read", found.path)
    return page(request, "certificates/show.html", issues=issues, courses=courses, **context)


@get("/certificates/{certificate:uuid}/paper.pdf", guards=[signed_in])
async def paper_here(request: Asking, who: Asker, certificate: FromPath[UUID]) -> Response[bytes]:
    """The paper of one certificate."""
    found = await find_certificate(who, certificate)
    if found.revoked_at:
        raise Refused(_("This certificate is revoked; it has no paper."), status=409)
    content = await paper_of(found, public_address(request))
    told = {"number": found.register, "rows": 1}
    name, path = found.person_name, found.path
    await record(who, "certificate.print", certificate, name, path=path, after=told)
    return file(f"giay-chung-nhan-{found.number:04}-{found.year}.pdf", content)


@get("/certificates/{certificate:uuid}/revocation", guards=ISSUE)
async def revocation_page(
    request: Asking, who: Asker, certificate: FromPath[UUID]
) -> Response[str]:
    """The form that takes a certificate back."""
    return await _revoking(request, who, certificate)


@post("/certificates/{certificate:uuid}/revocation", guards=ISSUE)
async def revoke_here(request: Asking, who: Asker, certificate: FromPath[UUID]) -> Response[Any]:
    """Take a certificate back; its number stays taken."""
    try:
        await revoke_certificate(who, certificate, await read_form(request, RevokeForm))
    except Refused as refused:
        return await _revoking(request, who, certificate, refused)
    return done(f"/certificates/{certificate}", _("The certificate is revoked."))


async def _revoking(
    request: Asking, who: Who, certificate_id: UUID, refused: Refused | None = None
) -> Response[str]:
    found = await find_certificate(who, certificate_id, "certificate.issue")
    if refused:
        refused.typed = await read_typed(request)
    return page(request, "certificates/revocation.html", refused, it=found)


@get("/people/{person:uuid}/certificates", guards=[may("person.read")])
async def person_certificates_page(
    request: Asking, who: Asker, person: FromPath[UUID]
) -> Response[str]:
    """The certificates of a person, as far as they are within reach."""
    found = await find_person(who, person)
    certificates = await list_certificates_of_person(who, person)
    context: dict[str, Any] = {"person": found, "certificates": certificates, "own": False}
    return page(request, "certificates/person.html", **context)


@get("/me/certificates", guards=[signed_in])
async def own_certificates_page(request: Asking, who: Asker) -> Response[str]:
    """One's own certificates."""
    if who.person is None:
        raise NotFound
    certificates = await list_certificates_of_person(who, who.person)
    context: dict[str, Any] = {"person": None, "certificates": certificates, "own": True}
    return page(request, "certificates/person.html", **context)


ROUTES: list[ControllerRouterHandler] = [
    course_certificates_page,
    issue_here,
    register_page,
    certificate_page,
    paper_here,
    revocation_page,
    revoke_here,
    person_certificates_page,
    own_certificates_page,
]
