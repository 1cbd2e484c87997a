"""What leaves the register in bulk: the papers of a whole course, the register as a workbook."""

from __future__ import annotations

from asyncio import to_thread
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.errors import Refused
from kit.files import file
from kit.forms import check_query
from kit.i18n import gettext as _
from kit.pages import done, page, public_address
from kit.sheets import Cell, write_sheet
from people.audit.commands import record
from people.permissions import Who
from people.sign_ins.door import Asker, may
from sessions.certificates.prints import find_print, read_print, start_print
from sessions.certificates.queries import CertificateFilter, CertificateFound, list_certificates
from sessions.certificates.routes import ISSUE, issuing

EXPORT = "training.export"
PART = 2000


@post("/courses/{course:uuid}/certificates/prints", guards=ISSUE)
async def print_here(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[Any]:
    """Set all certificates of a course as one PDF; the page tells how far it is."""
    try:
        made = await start_print(who, course, public_address(request))
    except Refused as refused:
        return await issuing(request, who, course, refused)
    return done(f"/certificates/prints/{made}")


@get("/certificates/prints/{print_id:uuid}", guards=ISSUE)
async def print_page(request: Asking, who: Asker, print_id: FromPath[UUID]) -> Response[str]:
    """How far the PDF of a course is, and the PDF once it is there."""
    found, course = await find_print(who, print_id)
    address = f"{public_address(request)}/v"
    return page(request, "certificates/print.html", it=found, course=course, address=address)


@get("/certificates/prints/{print_id:uuid}/certificates.pdf", guards=ISSUE)
async def printed_here(who: Asker, print_id: FromPath[UUID]) -> Response[bytes]:
    """All certificates of a course as one PDF."""
    await find_print(who, print_id)
    return file(f"giay-chung-nhan-{clock.today():%Y-%m-%d}.pdf", await read_print(print_id))


@get("/certificates.xlsx", guards=[may(EXPORT)])
async def register_workbook(request: Asking, who: Asker) -> Response[bytes]:
    """The register as the list shows it."""
    asked = check_query(request, CertificateFilter)
    found = await _all(who, asked)
    told = {**asked.query(), "rows": len(found)}
    await record(who, "certificate.export", path=who.first_path(EXPORT), after=told)
    lines = [_cells(one) for one in found]
    content = await to_thread(write_sheet, _("Certificates"), _heads(), lines, WIDTHS)
    return file(f"so-cap-giay-chung-nhan-{clock.today():%Y-%m-%d}.xlsx", content)


async def _all(who: Who, asked: CertificateFilter) -> list[CertificateFound]:
    """All that a filter shows, the first number first."""
    found: list[CertificateFound] = []
    following = ""
    while True:
        asked = asked.model_copy(update={"after": following})
        part, following = await list_certificates(who, asked, PART, EXPORT)
        found += part
        if not following:
            return found[::-1]


def _heads() -> list[str]:
    found = [_("Number in the register"), _("Full name"), _("Office"), _("Course"), _("Theme")]
    found += [_("First day"), _("Last day"), _("Periods"), _("Issued on"), _("Issued by")]
    return [*found, _("State"), _("Revoked on"), _("Reason")]


WIDTHS = (16, 28, 36, 50, 28, 12, 12, 8, 12, 26, 12, 14, 40)


def _cells(one: CertificateFound) -> list[Cell]:
    return [
        one.register,
        one.person_name,
        one.office_name or None,
        one.course_title,
        one.theme_name or None,
        one.first_on,
        one.last_on,
        one.periods,
        one.issued_on,
        one.issuer,
        one.tag[0],
        clock.local_day(one.revoked_at) if one.revoked_at else None,
        one.revoked_why or None,
    ]


ROUTES: list[ControllerRouterHandler] = [
    print_here,
    print_page,
    printed_here,
    register_workbook,
]
