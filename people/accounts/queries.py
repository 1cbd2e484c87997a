"""Accounts within reach, with the roles their owners hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from kit import clock
from kit.database import SQL, all_of, among, any_of, row, rows
from kit.errors import Forbidden, NotFound
from kit.forms import Form, Line, Maybe
from kit.i18n import gettext as _
from kit.phones import digits_tail
from kit.search import holds
from kit.spells import as_of, within
from people.permissions import GRANTED_ROLES, MACHINE, Who
from people.reach import visible_persons

PAGE = 50


@dataclass(frozen=True)
class AccountFound:
    """An account and its owner; `granted` counts the roles given by grant, live today;
    `near` says whether the asker's reach holds for the owner today, not only in the past."""

    id: UUID
    person: UUID
    name: str
    phone: str
    has_password: int
    locked_at: datetime | None
    made_at: datetime
    version: int
    path: str
    area_name: str | None
    organisation: str
    granted: int
    near: int
    seen_at: datetime | None


_ACCOUNT = """
SELECT c.id, p.id AS person, p.name, c.phone, c.locked_at, c.made_at, c.version, p.organisation,
       CASE WHEN c.password_hash IS NULL THEN 0 ELSE 1 END AS has_password,
       coalesce(a.path, '/') AS path, a.name AS area_name,
       (SELECT count(*) FROM role_grant g WHERE g.person = p.id AND {}) AS granted,
       CASE WHEN {} THEN 1 ELSE 0 END AS near,
       i.seen_at
FROM account c JOIN person p ON p.id = c.person
LEFT JOIN area_spell a ON a.area = p.area AND {}
LEFT JOIN sign_in i ON i.id = (
    SELECT x.id FROM sign_in x WHERE x.account = c.id ORDER BY x.seen_at DESC, x.id LIMIT 1)
WHERE {}
"""


def _accounts(who: Who, condition: SQL, tail: str = "") -> SQL:
    today = clock.today()
    granted, home = as_of("g", today), as_of("a", today)
    return SQL(_ACCOUNT + tail, granted, _near(who, today), home, condition)


def _near(who: Who, today: date) -> SQL:
    """The condition that a person lives within reach or serves there today: who merely once
    served there is seen, but is no longer this coordinator's to let in or to lock."""
    if who.everywhere("account.read"):
        return SQL("1 = 1")
    serves = SQL(
        "EXISTS (SELECT 1 FROM membership nm JOIN team_area nt ON nt.team = nm.team"
        " JOIN area_spell ns ON ns.area = nt.area"
        " WHERE nm.person = p.id AND {} AND {} AND {} AND {})",
        as_of("nm", today, "joined_on", "left_on"),
        as_of("nt", today),
        as_of("ns", today),
        within("ns.path", who.paths("account.read")),
    )
    return any_of([within("a.path", who.paths("account.read")), serves])


async def find_account(who: Who, account_id: UUID, verb: str = "account.read") -> AccountFound:
    """An account within reach. Raises NotFound or Forbidden.

    To change an account that holds granted roles is for admins alone: otherwise a coordinator
    could let himself in as one.
    """
    seen = visible_persons(who, clock.today(), "account.read")
    found = await row(AccountFound, "{}", _accounts(who, SQL("c.id = {} AND {}", account_id, seen)))
    if found is None:
        raise NotFound
    if verb != "account.read" and not may_change(who, found, verb):
        raise Forbidden
    return found


def may_change(who: Who, account: AccountFound, verb: str = "account.edit") -> bool:
    """Whether the asker may do this to an account seen."""
    if who.may("account.grant"):
        return who.may(verb)
    return who.may(verb) and bool(account.near) and not account.granted


async def find_account_by_phone(phone: str) -> AccountFound:
    """The account that signs in with a phone, for the command line. Raises NotFound."""
    found = await row(AccountFound, "{}", _accounts(MACHINE, SQL("c.phone = {}", phone)))
    if found is None:
        raise NotFound(_("No account signs in with this phone number."))
    return found


async def find_account_of(who: Who, person_id: UUID) -> AccountFound | None:
    """The account of a person, if there is one within reach."""
    seen = visible_persons(who, clock.today(), "account.read")
    return await row(AccountFound, "{}", _accounts(who, SQL("p.id = {} AND {}", person_id, seen)))


@dataclass(frozen=True)
class RoleHeld:
    """A role of today: where it holds (an area's or a team's name; None: everywhere)."""

    person: UUID
    role: str
    place: str | None
    rank: int = 1


@dataclass(frozen=True)
class AccountLine:
    """An account in the list, with today's roles."""

    account: AccountFound
    roles: list[RoleHeld] = field(default_factory=list)


async def list_roles(persons: Sequence[UUID]) -> list[RoleHeld]:
    """The roles that persons hold today: granted ones first, then that of the team."""
    today = clock.today()
    return await rows(
        RoleHeld,
        "SELECT g.person, g.role, a.name AS place, 1 AS rank FROM role_grant g"
        " LEFT JOIN area_spell a ON a.area = g.area AND {} WHERE g.person IN {} AND {}"
        " UNION ALL SELECT m.person, m.position AS role, t.name AS place, 2 AS rank"
        " FROM membership m JOIN team t ON t.id = m.team AND t.dissolved_on IS NULL"
        " WHERE m.person IN {} AND {} ORDER BY rank, role, place",
        as_of("a", today),
        among(persons),
        as_of("g", today),
        among(persons),
        as_of("m", today, "joined_on", "left_on"),
    )


class AccountFilter(Form):
    """What the list is narrowed to; `state` is password, link, locked or away."""

    q: Line = ""
    role: str = ""
    state: str = ""
    after: Annotated[UUID | None, Maybe] = None


async def list_accounts(
    who: Who, asked: AccountFilter, limit: int = PAGE
) -> tuple[list[AccountLine], UUID | None]:
    """Accounts within reach by name, and the cursor of the next page if there is one."""
    seen = visible_persons(who, clock.today(), "account.read")
    conditions = [seen, *_narrowed(asked)]
    if asked.after:
        conditions.append(
            SQL(
                "(p.sort, c.id) > (SELECT ap.sort, ac.id FROM account ac"
                " JOIN person ap ON ap.id = ac.person WHERE ac.id = {})",
                asked.after,
            )
        )
    tail = f" ORDER BY p.sort, c.id LIMIT {limit + 1}"
    found = await rows(AccountFound, "{}", _accounts(who, all_of(conditions), tail))
    shown = found[:limit]
    roles = await list_roles([account.person for account in shown]) if shown else []
    lines = [AccountLine(a, [r for r in roles if r.person == a.person]) for a in shown]
    return lines, shown[-1].id if len(found) > limit else None


def _narrowed(asked: AccountFilter) -> Iterator[SQL]:
    today = clock.today()
    if asked.q:
        yield _hits(asked.q, "c.phone")
    if asked.role in GRANTED_ROLES:
        yield SQL(
            "EXISTS (SELECT 1 FROM role_grant fg WHERE fg.person = p.id AND fg.role = {} AND {})",
            *(asked.role, as_of("fg", today)),
        )
    elif asked.role in POSITIONS:
        yield SQL(
            "EXISTS (SELECT 1 FROM membership fm WHERE fm.person = p.id AND fm.position = {}"
            " AND {})",
            *(asked.role, as_of("fm", today, "joined_on", "left_on")),
        )
    if asked.state in _STATES:
        yield SQL(_STATES[asked.state])


POSITIONS = ("leader", "deputy", "member")
_STATES = {
    "password": "c.password_hash IS NOT NULL",
    "link": "c.password_hash IS NULL",
    "locked": "c.locked_at IS NOT NULL",
    "away": "NOT EXISTS (SELECT 1 FROM sign_in si WHERE si.account = c.id)",
}


@dataclass(frozen=True)
class PersonWithout:
    """A person who could be given an account."""

    id: UUID
    name: str
    phone: str | None
    organisation: str
    area_name: str | None


async def list_persons_without(who: Who, q: str, limit: int = 20) -> list[PersonWithout]:
    """Persons within reach without an account whose name or phone holds `q`."""
    today = clock.today()
    return await rows(
        PersonWithout,
        "SELECT p.id, p.name, p.phone, p.organisation, a.name AS area_name FROM person p"
        " LEFT JOIN area_spell a ON a.area = p.area AND {}"
        " WHERE p.merged_into IS NULL AND {} AND {}"
        " AND NOT EXISTS (SELECT 1 FROM account c WHERE c.person = p.id)"
        f" ORDER BY p.sort, p.id LIMIT {limit}",
        as_of("a", today),
        visible_persons(who, today, "account.edit"),
        _hits(q),
    )


def _hits(q: str, phone: str = "p.phone") -> SQL:
    """The condition that a person's name or phone holds the words typed."""
    digits = digits_tail(q)
    hits = [holds("p.fold", q)]
    if len(digits) >= 3:
        hits.append(SQL(f"{phone} LIKE {{}}", f"%{digits}%"))
    return any_of(hits)


@dataclass(frozen=True)
class GrantFound:
    """A role given to a person; admins' knows no area."""

    id: UUID
    person: UUID
    role: str
    area: UUID | None
    area_name: str | None
    since: date
    until: date | None


async def list_grants(person: UUID) -> list[GrantFound]:
    """The roles a person was given, live ones first."""
    return await rows(
        GrantFound,
        "SELECT g.id, g.person, g.role, g.area, a.name AS area_name, g.since, g.until"
        " FROM role_grant g LEFT JOIN area_spell a ON a.area = g.area AND {}"
        " WHERE g.person = {} ORDER BY coalesce(g.until, '9999-12-31') DESC, g.since DESC",
        as_of("a", clock.today()),
        person,
    )
