"""API tokens of an account; never the tokens themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit import clock
from kit.database import SQL, row, rows
from kit.errors import NotFound
from people.sign_ins.queries import token_hash


@dataclass(frozen=True)
class TokenFound:
    """A token by its name; `owner` and `phone` are those of its account."""

    id: UUID
    account: UUID
    name: str
    scope: str
    made_at: datetime
    used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None
    owner: str
    phone: str

    @property
    def state(self) -> str:
        """live, ended (its day is past) or revoked."""
        if self.revoked_at:
            return "revoked"
        return "ended" if self.expires_at and self.expires_at <= clock.now() else "live"


_FOUND = """
SELECT k.id, k.account, k.name, k.scope, k.made_at, k.used_at, k.expires_at, k.revoked_at,
       p.name AS owner, c.phone
FROM api_token k JOIN account c ON c.id = k.account JOIN person p ON p.id = c.person WHERE
"""


async def find_token(token_id: UUID) -> TokenFound:
    """A token by its id; the caller looks whether its account is within reach."""
    found = await row(TokenFound, _FOUND + "k.id = {}", token_id)
    if found is None:
        raise NotFound
    return found


async def find_token_by_text(text: str) -> TokenFound:
    """A token by its id or by itself, for the command line. Raises NotFound."""
    try:
        condition = SQL("k.id = {}", UUID(text))
    except ValueError:
        condition = SQL("k.token_hash = {}", token_hash(text))
    found = await row(TokenFound, _FOUND + "{}", condition)
    if found is None:
        raise NotFound
    return found


async def list_tokens(account: UUID) -> list[TokenFound]:
    """The tokens of an account that are not revoked, the newest first."""
    return await rows(
        TokenFound,
        _FOUND + "k.account = {} AND k.revoked_at IS NULL ORDER BY k.made_at DESC, k.id",
        account,
    )


async def list_all_tokens() -> list[TokenFound]:
    """Every token there is, by owner; for the command line."""
    return await rows(TokenFound, _FOUND + "1 = 1 ORDER BY p.sort, k.made_at, k.id")
