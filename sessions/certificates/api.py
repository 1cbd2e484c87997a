"""Certificates for programs: /api/v1/certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.bodies import read_json
from kit.errors import NotFound
from kit.listing import USUAL, After, Limit, Listed, Search, cursor, item, pages
from kit.openapi import WRITES, problems, takes
from people.audit.commands import record_view
from people.sign_ins.door import Asker, may
from sessions.certificates.commands import IssueForm, issue_certificates
from sessions.certificates.public import check_code
from sessions.certificates.queries import (
    CertificateFilter,
    Validity,
    list_certificates,
    list_certificates_of_course,
)
from sessions.courses.queries import find_course

TAGS = ["certificates"]
TRAINEE = {"people": ["01932c07-5e3a-7000-8000-000000000001"]}
Year = Annotated[int | None, QueryParameter(ge=1, le=9999)]


@dataclass(frozen=True)
class CertificateItem:
    """A certificate in the words of its own day; `register` is its number as the paper shows it,
    `code` what confirms it."""

    id: UUID
    year: int
    number: int
    register: str
    code: str
    course: UUID
    person: UUID
    person_name: str
    office_name: str
    course_title: str
    theme_name: str
    body_name: str
    periods: int
    first_on: date
    last_on: date
    issued_at: datetime
    revoked_at: datetime | None
    revoked_why: str


@dataclass(frozen=True)
class CertificateCheck:
    """What a code confirms. Of one that was revoked only the number and the body are told."""

    state: Literal["valid", "revoked"]
    register: str
    body_name: str
    person_name: str | None
    course_title: str | None
    first_on: date | None
    last_on: date | None
    revoked_on: date | None


@get(
    "/certificates/{code:str}",
    opt={"open": True},
    security=[],
    summary="Check a certificate",
    tags=TAGS,
    responses=problems(429),
)
async def get_certificate(request: Asking, code: FromPath[str]) -> CertificateCheck:
    """Whether a certificate is ours, by its code; for anybody, without signing in."""
    found = await check_code(request, code)
    if found is None:
        raise NotFound
    names = ("person_name", "course_title", "first_on", "last_on")
    shown = {name: None if found.revoked_at else getattr(found, name) for name in names}
    revoked = found.revoked_at and clock.local_day(found.revoked_at)
    state = "revoked" if revoked else "valid"
    return item(CertificateCheck, found, state=state, revoked_on=revoked, **shown)


@get(
    "/certificates",
    guards=[may("course.read")],
    summary="List certificates",
    tags=TAGS,
    responses=problems(),
)
async def get_certificates(
    who: Asker,
    year: Year = None,
    course: FromQuery[UUID | None] = None,
    validity: FromQuery[Validity | None] = None,
    q: Search = None,
    limit: Limit = USUAL,
    after: After = None,
) -> Listed[CertificateItem]:
    """The register within reach, the newest number first; `q` may be a number or a code too."""
    narrow: dict[str, Any] = {"year": year, "course": course, "validity": validity}
    asked = CertificateFilter(**narrow, q=q or "", after=cursor(after))
    found = await list_certificates(who, asked, limit)
    await record_view(who, "certificate.list", path=who.first_path("course.read"))
    return pages(CertificateItem, *found)


@post(
    "/courses/{course:uuid}/certificates",
    status_code=200,
    guards=[may("certificate.issue")],
    summary="Issue certificates",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(IssueForm, TRAINEE),
)
async def post_certificates(
    request: Asking, who: Asker, course: FromPath[UUID]
) -> Listed[CertificateItem]:
    """Give certificates to `people`, or to all who complete the course and never had one; the new
    ones. Whoever has one keeps it."""
    await find_course(who, course, "certificate.issue")
    made = set(await issue_certificates(who, course, await read_json(request, IssueForm)))
    found = [one for one in await list_certificates_of_course(course) if one.id in made]
    return pages(CertificateItem, found, "")


ROUTES: list[ControllerRouterHandler] = [get_certificate, get_certificates, post_certificates]
