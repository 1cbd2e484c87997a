"""Certificates: one, the register by year, those of a course, those of a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from kit import clock
from kit.cursors import cut, read
from kit.database import SQL, all_of, any_of, row, rows, value
from kit.errors import Forbidden, NotFound
from kit.forms import Form, Line, Maybe
from kit.i18n import gettext as _
from kit.search import holds
from people.permissions import Who
from people.reach import visible_areas
from sessions.certificates.codes import plain_code, shown_code
from sessions.certificates.words import register_number

PAGE = 50
Validity = Literal["valid", "revoked"]
_NUMBER = re.compile(r"0*(\d{1,7})(?:/(\d{4}))?")


@dataclass(frozen=True)
class CertificateFound:
    """A certificate in the words of its own day; `path` is where the course's area lies today, or
    lay last."""

    id: UUID
    year: int
    number: int
    course: UUID
    person: UUID
    code: str
    person_name: str
    office_name: str
    course_title: str
    theme_name: str
    body_name: str
    body_parent: str
    place_name: str
    signing: str
    signer: str
    periods: int
    first_on: date
    last_on: date
    issued_at: datetime
    issuer: str | None
    revoked_at: datetime | None
    revoked_why: str
    path: str

    @property
    def register(self) -> str:
        """The number as the register shows it: 0012/2026."""
        return register_number(self.year, self.number)

    @property
    def issued_on(self) -> date:
        """The local day of its issue."""
        return clock.local_day(self.issued_at)

    @property
    def shown_code(self) -> str:
        """The code in groups."""
        return shown_code(self.code)

    @property
    def sort(self) -> str:
        """Where it stands in the register."""
        return f"{self.year:04}{self.number:09}"

    @property
    def tag(self) -> tuple[str, str]:
        """Whether it holds, as a word and its tone."""
        return (_("Revoked"), "bad") if self.revoked_at else (_("Valid"), "ok")


_CERTIFICATE = """
SELECT k.id, k.year, k.number, k.course, k.person, k.code, k.person_name, k.office_name,
       k.course_title, k.theme_name, k.body_name, k.body_parent, k.place_name, k.signing, k.signer,
       k.periods,
       k.first_on, k.last_on, k.issued_at, b.name AS issuer, k.revoked_at, k.revoked_why, a.path
FROM certificate k
JOIN course c ON c.id = k.course
JOIN area_spell a ON a.id = (SELECT l.id FROM area_spell l WHERE l.area = c.area AND l.since <= {}
    ORDER BY l.since DESC, l.id DESC LIMIT 1)
LEFT JOIN person b ON b.id = k.issued_by
WHERE {}
"""


def visible_certificates(who: Who, verb: str = "course.read") -> SQL:
    """The condition that a certificate is within reach: its course is, or it is one's own."""
    own = SQL("k.person = {}", who.person)
    return any_of([visible_areas(who, verb), own])


async def find_certificate(
    who: Who, certificate_id: UUID, verb: str = "calendar.read"
) -> CertificateFound:
    """A certificate within reach. Raises NotFound, or Forbidden where `verb` does not hold."""
    which = [SQL("k.id = {}", certificate_id), visible_certificates(who)]
    found = await row(CertificateFound, _CERTIFICATE, clock.today(), all_of(which))
    if found is None:
        raise NotFound
    if verb != "calendar.read" and not who.reaches(verb, found.path):
        raise Forbidden
    return found


class CertificateFilter(Form):
    """Which part of the register is shown: a year, a course, valid or revoked ones, and what was
    typed: part of the name without marks, a number such as 12 or 0012/2026, or a code."""

    q: Line = ""
    year: Annotated[int | None, Maybe] = Field(default=None, ge=1, le=9999)
    course: Annotated[UUID | None, Maybe] = None
    validity: Annotated[Validity | None, Maybe] = None
    after: str = ""

    def query(self) -> dict[str, object]:
        """What is asked, for an address and for the log."""
        return self.model_dump(exclude={"after"}, exclude_defaults=True)


async def list_certificates(
    who: Who, asked: CertificateFilter, limit: int = PAGE, verb: str = "course.read"
) -> tuple[list[CertificateFound], str]:
    """A page of the register within reach, the newest number first, and the cursor of the next
    page or ""."""
    which = [visible_areas(who, verb), *_narrowed(asked), _after(asked.after)]
    sql = _CERTIFICATE + " ORDER BY k.year DESC, k.number DESC LIMIT {}"
    found = await rows(CertificateFound, sql, clock.today(), all_of(which), limit + 1)
    return cut(found, limit)


def _narrowed(asked: CertificateFilter) -> list[SQL]:
    which = [_typed(asked.q)]
    if asked.year:
        which.append(SQL("k.year = {}", asked.year))
    if asked.course:
        which.append(SQL("k.course = {}", asked.course))
    if asked.validity:
        which.append(SQL(f"k.revoked_at IS {'NOT ' if asked.validity == 'revoked' else ''}NULL"))
    return which


def _typed(text: str) -> SQL:
    number = _NUMBER.fullmatch(text.replace(" ", ""))
    if number:
        of_year = SQL("k.year = {}", int(number[2])) if number[2] else SQL("1 = 1")
        return SQL("k.number = {} AND {}", int(number[1]), of_year)
    code = plain_code(text)
    return SQL("k.code = {}", code) if code else holds("k.fold", text)


def _after(cursor: str) -> SQL:
    try:
        key, _id = read(cursor)
        year, number = int(key[:4]), int(key[4:13])
    except ValueError:
        return SQL("1 = 1")
    return SQL("(k.year, k.number) < ({}, {})", year, number)


async def list_certificates_of_course(course_id: UUID) -> list[CertificateFound]:
    """The certificates of a course already found, in the order of numbers, revoked ones too."""
    sql = _CERTIFICATE + " ORDER BY k.year, k.number"
    which = SQL("k.course = {}", course_id)
    return await rows(CertificateFound, sql, clock.today(), which)


async def list_certificates_of_person(who: Who, person_id: UUID) -> list[CertificateFound]:
    """The certificates within reach of a person, the newest first, revoked ones too."""
    which = [SQL("k.person = {}", person_id), visible_certificates(who)]
    sql = _CERTIFICATE + " ORDER BY k.year DESC, k.number DESC LIMIT 200"
    return await rows(CertificateFound, sql, clock.today(), all_of(which))


@dataclass(frozen=True)
class _Year:
    year: int


async def choices_years() -> list[int]:
    """The years in which certificates were issued, the last one first."""
    return [
        one.year
        for one in await rows(_Year, "SELECT year FROM certificate_register ORDER BY year DESC")
    ]


async def list_broken_years() -> list[int]:
    """The years whose numbers do not run from 1 to the register's last."""
    found = await rows(
        _Year,
        "SELECT r.year FROM certificate_register r LEFT JOIN certificate k ON k.year = r.year"
        " GROUP BY r.year, r.last HAVING count(k.id) <> r.last OR coalesce(max(k.number), 0) <>"
        " r.last UNION SELECT k.year FROM certificate k WHERE k.year NOT IN"
        " (SELECT r.year FROM certificate_register r) ORDER BY year",
    )
    return [one.year for one in found]


async def count_certificates() -> int:
    """How many certificates there are, revoked ones too."""
    return int(await value("SELECT count(*) FROM certificate"))


@dataclass(frozen=True)
class CertificateSeen:
    """What the public page of a certificate may say: one without `revoked_at` holds."""

    person_name: str
    course_title: str
    first_on: date
    last_on: date
    year: int
    number: int
    body_name: str
    revoked_at: datetime | None

    @property
    def register(self) -> str:
        """The number as the register shows it."""
        return register_number(self.year, self.number)


async def find_public(typed: str) -> CertificateSeen:
    """What a code confirms, to whoever asks. Raises NotFound for a code that was never given."""
    found = await row(
        CertificateSeen,
        "SELECT k.person_name, k.course_title, k.first_on, k.last_on, k.year, k.number,"
        " k.body_name, k.revoked_at FROM certificate k WHERE k.code = {}",
        plain_code(typed),
    )
    if found is None:
        raise NotFound
    return found
