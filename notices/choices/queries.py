"""Which kinds of notices a person wants on which way."""

from __future__ import annotations

from dataclasses import dataclass

from kit.database import rows, value
from kit.settings import settings
from notices.kinds import NoticeKind, notice_kinds
from people.permissions import Who


@dataclass(frozen=True)
class ChoiceLine:
    """A kind of notice, and whether it goes by mail; None where it never does."""

    kind: NoticeKind
    email: bool | None


@dataclass(frozen=True)
class _Unwanted:
    kind: str


async def list_choices(who: Who) -> list[ChoiceLine]:
    """Every kind on offer with one's own choice; without one, mail is wanted."""
    found = await rows(
        _Unwanted,
        "SELECT kind FROM notice_preference WHERE person = {} AND channel = 'email' AND wanted = 0",
        who.person,
    )
    unwanted = {one.kind for one in found}
    return [
        ChoiceLine(kind, kind.key not in unwanted if "email" in kind.channels else None)
        for kind in notice_kinds()
    ]


async def find_address(who: Who) -> str:
    """The address mail goes to, "" for none."""
    return str(await value("SELECT email FROM person WHERE id = {}", who.person) or "")


def mail_is_set_up() -> bool:
    """Whether this installation sends mail at all."""
    return bool(settings().smtp_url)
