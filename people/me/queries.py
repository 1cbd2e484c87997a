"""What one's own page shows of oneself."""

from __future__ import annotations

from dataclasses import dataclass

from kit.database import row
from kit.errors import NotFound
from people.permissions import Who


@dataclass(frozen=True)
class Self:
    """The own account as its owner sees it."""

    name: str
    phone: str
    organisation: str
    has_password: int


async def find_self(who: Who) -> Self:
    """The asker's own account. Raises NotFound for the machine."""
    found = await row(
        Self,
        "SELECT p.name, c.phone, p.organisation,"
        " CASE WHEN c.password_hash IS NULL THEN 0 ELSE 1 END AS has_password"
        " FROM account c JOIN person p ON p.id = c.person WHERE c.id = {}",
        who.account,
    )
    if found is None:
        raise NotFound
    return found
