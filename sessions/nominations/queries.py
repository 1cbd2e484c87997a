"""Nominations: the link behind a token, what its page shows, and the links of a course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit import clock
from kit.database import SQL, all_of, row, rows
from kit.errors import NotFound
from kit.search import holds
from kit.spells import as_of
from people.permissions import MACHINE, Who
from people.reach import visible_areas
from people.sign_ins.queries import token_hash
from sessions.courses.queries import CourseFound, find_course
from sessions.words import ENROLMENT_STATES

MOST = 60
SPARE = 10
"""How many names an office may take back and give anew beyond twice its places. Whoever has the
address needs no account, and each new name leaves a person in the register for good, taken back or
not, for whom others may have begun to care: without an end one link could fill the register."""


@dataclass(frozen=True)
class Link:
    """A live link as its row says it: the places of the office (none: no set number), how many of
    its people are in the course, and how many a link of it ever named, taken back or not."""

    id: UUID
    course: UUID
    office: UUID
    office_name: str
    expires_at: datetime
    places: int | None
    used: int
    named: int


@dataclass(frozen=True)
class LinkFound:
    """A link that may be used now, with its course."""

    link: Link
    course: CourseFound

    @property
    def limit(self) -> int:
        """How many people the office may have in the course."""
        return self.link.places or self.course.capacity

    @property
    def left(self) -> int:
        """How many it may still name."""
        return max(0, self.limit - self.link.used)

    @property
    def names_left(self) -> int:
        """How many names it may still give, however many were taken back."""
        return max(0, 2 * self.limit + SPARE - self.link.named)


_USED = (
    "(SELECT count(*) FROM enrolment e WHERE e.course = l.course AND e.office = l.office"
    " AND e.state <> 'withdrawn') AS used"
)


async def find_link(token: str) -> LinkFound:
    """The link of a token, while it may be used: not revoked, before the deadline, and while the
    course is open and has not ended. Raises NotFound."""
    now = clock.now()
    found = await row(
        Link,
        f"SELECT l.id, l.course, l.office, o.name AS office_name, l.expires_at, q.places, {_USED},"
        " (SELECT count(*) FROM enrolment n WHERE n.course = l.course AND n.office = l.office"
        " AND n.how = 'link') AS named"
        " FROM nomination_link l JOIN office_spell o ON o.office = l.office AND {}"
        " LEFT JOIN course_quota q ON q.course = l.course AND q.office = l.office"
        " WHERE (l.token_hash = {} OR l.id ="
        " (SELECT t.link FROM nomination_token t WHERE t.token_hash = {}))"
        " AND l.revoked_at IS NULL AND l.expires_at > {}",
        *(as_of("o", clock.today()), token_hash(token), token_hash(token), now),
    )
    if found is None:
        raise NotFound
    course = await find_course(MACHINE, found.course)
    if course.state not in ("open", "running"):
        raise NotFound
    return LinkFound(found, course)


@dataclass(frozen=True)
class Colleague:
    """Somebody of an office as its own page shows them: name and job, nothing more. `category` and
    `phone` are for the rules and never shown; `state` is the one in the course."""

    id: UUID
    name: str
    job: str
    category: str
    phone: str | None
    state: str | None


async def list_colleagues(found: LinkFound, q: str = "", limit: int = MOST) -> list[Colleague]:
    """The officials of the link's office today, by given name; part of a name narrows them."""
    return await _colleagues(found, holds("p.fold", q), limit)


async def _colleagues(found: LinkFound, which: SQL, limit: int) -> list[Colleague]:
    return await rows(
        Colleague,
        "SELECT p.id, p.name, f.job, f.category, p.phone, e.state FROM official f"
        " JOIN person p ON p.id = f.person AND p.merged_into IS NULL"
        " LEFT JOIN enrolment e ON e.person = p.id AND e.course = {} AND e.state <> 'withdrawn'"
        " WHERE f.office = {} AND {} AND {} ORDER BY p.sort, p.id LIMIT {}",
        *(found.link.course, found.link.office, as_of("f", clock.today()), which, limit),
    )


@dataclass(frozen=True)
class Named:
    """Somebody of an office in the course. `how` tells whether the office's link did it."""

    id: UUID
    name: str
    job: str | None
    state: str
    how: str

    @property
    def tag(self) -> tuple[str, str]:
        """The state as a word and its tone."""
        return ENROLMENT_STATES[self.state]

    @property
    def own(self) -> bool:
        """Whether the office named this person itself, and may take the name back."""
        return self.how == "link"


async def list_named(found: LinkFound) -> list[Named]:
    """Who of the office is in the course, by given name."""
    return await rows(
        Named,
        "SELECT e.id, p.name, f.job, e.state, e.how FROM enrolment e JOIN person p"
        " ON p.id = e.person LEFT JOIN official f ON f.person = p.id AND f.office = e.office AND {}"
        " WHERE e.course = {} AND e.office = {} AND e.state <> 'withdrawn' ORDER BY p.sort, p.id",
        *(as_of("f", clock.today()), found.link.course, found.link.office),
    )


@dataclass(frozen=True)
class OfficeFound:
    """An office and its part in a course: places, people in it, and the link that lives, if any."""

    id: UUID
    name: str
    sort: str
    places: int | None
    used: int
    link: UUID | None
    made_at: datetime | None
    expires_at: datetime | None
    used_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether its link may be used now."""
        return self.expires_at is not None and self.expires_at > clock.now()


_OFFICES = """
SELECT o.office AS id, o.name, o.sort, q.places,
       (SELECT count(*) FROM enrolment e WHERE e.course = {} AND e.office = o.office
           AND e.state <> 'withdrawn') AS used,
       l.id AS link, l.made_at, l.expires_at, l.used_at
FROM office_spell o JOIN area_spell a ON a.area = o.area AND {}
LEFT JOIN course_quota q ON q.course = {} AND q.office = o.office
LEFT JOIN nomination_link l ON l.course = {} AND l.office = o.office AND l.revoked_at IS NULL
WHERE {} ORDER BY o.sort, o.office
"""


async def list_offices(who: Who, course: UUID) -> list[OfficeFound]:
    """The offices of today within reach and their part in a course already found, by name."""
    return await _offices(who, course, SQL("1 = 1"))


async def find_office(who: Who, course: UUID, office: UUID) -> OfficeFound:
    """One office of today within reach. Raises NotFound."""
    found = await _offices(who, course, SQL("o.office = {}", office))
    if not found:
        raise NotFound
    return found[0]


async def _offices(who: Who, course: UUID, which: SQL) -> list[OfficeFound]:
    today = clock.today()
    reach = all_of([as_of("o", today), visible_areas(who, "office.read"), which])
    return await rows(OfficeFound, _OFFICES, course, as_of("a", today), course, course, reach)


@dataclass(frozen=True)
class Contact:
    """Somebody of an office who can be written to."""

    id: UUID
    name: str
    job: str


async def list_contacts(office: UUID) -> list[Contact]:
    """The officials of an office already found who have an e-mail address, by given name."""
    return await rows(
        Contact,
        "SELECT p.id, p.name, f.job FROM official f JOIN person p ON p.id = f.person"
        " WHERE f.office = {} AND {} AND p.merged_into IS NULL AND p.email <> ''"
        " ORDER BY p.sort, p.id LIMIT 100",
        *(office, as_of("f", clock.today())),
    )
