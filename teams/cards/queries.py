"""A member's card, and what its code confirms today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit import clock
from kit.database import row
from kit.errors import Forbidden, NotFound
from kit.spells import as_of
from people.permissions import Who
from people.reach import visible_persons, visible_teams
from teams.words import position_word


@dataclass(frozen=True)
class CardHolder:
    """A member as the card says it; `code` is None while no card was made."""

    person: UUID
    name: str
    team: UUID
    team_name: str
    position: str
    code: str | None

    @property
    def role(self) -> str:
        """The position in words."""
        return position_word(self.position)


async def find_holder(who: Who, person_id: UUID) -> CardHolder:
    """A live member whose card `who` may print. NotFound for others, Forbidden beyond reach."""
    today = clock.today()
    found = await row(
        CardHolder,
        "SELECT p.id AS person, p.name, t.id AS team, t.name AS team_name, m.position, k.code"
        " FROM person p JOIN membership m ON m.person = p.id AND {} JOIN team t ON t.id = m.team"
        " LEFT JOIN member_card k ON k.person = p.id AND k.team = t.id AND k.ended_at IS NULL"
        " WHERE p.id = {} AND {}",
        *(as_of("m", today, "joined_on", "left_on"), person_id, visible_persons(who, today)),
    )
    if found is None:
        raise NotFound
    if not await _may_print(who, found.team, today):
        raise Forbidden
    return found


async def _may_print(who: Who, team_id: UUID, today: date) -> bool:
    reach = visible_teams(who, today, "member.card")
    return bool(await row(_Id, "SELECT t.id FROM team t WHERE t.id = {} AND {}", team_id, reach))


@dataclass(frozen=True)
class _Id:
    id: UUID


@dataclass(frozen=True)
class CardSeen:
    """What the public page of a card says: nothing that the card itself does not."""

    name: str
    team_name: str
    place: str | None
    position: str | None
    valid: bool

    @property
    def role(self) -> str:
        """The position in words; empty when the card no longer holds."""
        return position_word(self.position) if self.position else ""


_SEEN = """
SELECT p.name, t.name AS team_name, m.position, u.name AS place, k.ended_at,
       t.dissolved_on
FROM member_card k JOIN person p ON p.id = k.person JOIN team t ON t.id = k.team
LEFT JOIN membership m ON m.person = k.person AND m.team = k.team AND {}
LEFT JOIN area_spell u ON u.id = (
    SELECT CASE WHEN r.kind = 'hamlet' THEN c.id ELSE x.id END
    FROM team_area ta JOIN area_spell x ON x.area = ta.area AND {}
    JOIN area r ON r.id = x.area LEFT JOIN area_spell c ON c.area = x.parent AND {}
    WHERE ta.team = t.id AND {} ORDER BY x.path LIMIT 1)
WHERE k.code = {}
"""


@dataclass(frozen=True)
class _Seen:
    name: str
    team_name: str
    position: str | None
    place: str | None
    ended_at: object
    dissolved_on: date | None


def plain_code(typed: str) -> str:
    """A code as it is stored, whatever signs somebody typed between its letters."""
    return "".join(sign for sign in typed.upper() if sign.isascii() and sign.isalnum())


async def find_card(code: str) -> CardSeen:
    """What a card's code confirms today, to whoever asks. Raises NotFound for an unknown code."""
    today = clock.today()
    found = await row(
        _Seen,
        _SEEN,
        as_of("m", today, "joined_on", "left_on"),
        *(as_of("x", today), as_of("c", today), as_of("ta", today)),
        plain_code(code),
    )
    if found is None:
        raise NotFound
    gone = found.dissolved_on is not None and found.dissolved_on <= today
    valid = found.position is not None and found.ended_at is None and not gone
    return CardSeen(found.name, found.team_name, found.place, found.position, valid)
