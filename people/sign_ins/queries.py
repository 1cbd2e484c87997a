"""Who is asking: from a cookie or a bearer token to a person with today's rights."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit import clock
from kit.database import SQL, rows
from kit.spells import EVERYWHERE, as_of
from people.permissions import Right, Who


def token_hash(token: str) -> str:
    """What is kept of a random token: its SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class _Asker:
    """One right of an account, or none, with all that a page needs to know of its owner."""

    account: UUID
    person: UUID
    name: str
    language: str
    theme: str
    text_size: int
    key: UUID
    seen_at: datetime | None
    scope: str
    role: str | None
    path: str | None
    team: UUID | None
    position: str | None
    unread: int


_ASKER = """
SELECT c.id AS account, p.id AS person, p.name, c.language, c.theme, c.text_size,
       k.id AS key, k.{seen} AS seen_at, {scope} AS scope,
       g.role, s.path, m.team, m.position,
       (SELECT count(*) FROM (SELECT 1 FROM notice n WHERE n.person = c.person
        AND n.read_at IS NULL LIMIT 100) u) AS unread
FROM {key_table} k
JOIN account c ON c.id = k.account AND c.locked_at IS NULL
JOIN person p ON p.id = c.person
LEFT JOIN role_grant g ON g.person = p.id AND {{}}
LEFT JOIN area_spell s ON s.area = g.area AND {{}}
LEFT JOIN membership m ON m.person = p.id AND {{}}
     AND NOT EXISTS (SELECT 1 FROM team d WHERE d.id = m.team AND d.dissolved_on <= {{}})
WHERE k.token_hash = {{}} AND {{}}
"""


def _asker_sql(key_table: str, seen: str, scope: str) -> str:
    return _ASKER.format(key_table=key_table, seen=seen, scope=scope)


async def find_who_by_cookie(token: str) -> tuple[Who, datetime] | None:
    """The signed-in person of a cookie's token and when the device was last seen, or None."""
    alive = SQL("k.ended_at IS NULL AND k.expires_at > {}", clock.now())
    found = await _askers(_asker_sql("sign_in", "seen_at", "'write'"), token, alive)
    if not found:
        return None
    return who_of(found, sign_in=found[0].key), found[0].seen_at or clock.now()


async def find_who_by_bearer(token: str) -> tuple[Who, UUID, datetime | None] | None:
    """The owner of an API token that is neither revoked nor past its day, the token's id and
    when it was last used; or None."""
    alive = SQL("k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > {})", clock.now())
    found = await _askers(_asker_sql("api_token", "used_at", "k.scope"), token, alive)
    return (who_of(found), found[0].key, found[0].seen_at) if found else None


async def _askers(sql: str, token: str, alive: SQL) -> list[_Asker]:
    today = clock.today()
    return await rows(
        _Asker,
        sql,
        as_of("g", today),
        as_of("s", today),
        as_of("m", today, "joined_on", "left_on"),
        today,
        token_hash(token),
        alive,
    )


def who_of(askers: Iterable[_Asker], sign_in: UUID | None = None) -> Who:
    """The asker with every right found: grants first, then the live membership."""
    found = list(askers)
    first = found[0]
    return Who(
        person=first.person,
        account=first.account,
        name=first.name,
        rights=tuple(dict.fromkeys([*_granted(found), *_own_team(found)])),
        language=first.language,
        theme=first.theme,
        text_size=first.text_size,
        sign_in=sign_in,
        read_only=first.scope == "read",
        unread=first.unread,
    )


def _granted(askers: list[_Asker]) -> list[Right]:
    return [
        Right(role=a.role, path=EVERYWHERE if a.role == "admin" else a.path)
        for a in askers
        if a.role == "admin" or (a.role and a.path)
    ]


def _own_team(askers: list[_Asker]) -> list[Right]:
    """Rights in one's own team: a deputy stands in for the leader."""
    return [
        Right(role="member" if a.position == "member" else "leader", team=a.team)
        for a in askers
        if a.team
    ]


@dataclass(frozen=True)
class Device:
    """A device that is signed in."""

    id: UUID
    device: str
    made_at: datetime
    seen_at: datetime


async def list_devices(who: Who) -> list[Device]:
    """One's own signed-in devices, the last seen first."""
    return await rows(
        Device,
        "SELECT id, device, made_at, seen_at FROM sign_in"
        " WHERE account = {} AND ended_at IS NULL AND expires_at > {} ORDER BY seen_at DESC",
        who.account,
        clock.now(),
    )
