"""A named person at the app: signed in by a one-time link, asking pages as a browser would."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import httpx

from app import app
from demo.cast import Player
from kit.phones import phone_e164
from people.accounts.queries import find_account_by_phone
from people.permissions import MACHINE, Who
from people.sign_ins.commands import make_link, use_link
from people.sign_ins.queries import find_who_by_cookie

ADDRESS = "http://so.test"


class Visitor:
    """An httpx client of the app. `follow` is off, so that a test sees each answer."""

    def __init__(self, token: str | None = None) -> None:
        cookies = {"toso": token} if token else {}
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
        self.http = httpx.AsyncClient(transport=transport, base_url=ADDRESS, cookies=cookies)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.http.aclose()

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """Ask a page."""
        return await self.http.get(path, **options)

    async def post(self, path: str, data: Any = None, **options: Any) -> httpx.Response:
        """Send a form."""
        return await self.http.post(path, data=data or {}, **options)


async def token_of(player: Player) -> str:
    """A sign-in token of a player."""
    account = await find_account_by_phone(phone_e164(player.phone))
    link = await make_link(MACHINE, account.id)
    return (await use_link(link, "Chrome · Android")).token


async def visit(player: Player | None) -> Visitor:
    """A player at the app; None is a stranger."""
    return Visitor(await token_of(player) if player else None)


async def who_is(player: Player) -> Who:
    """A player as commands and queries know them."""
    found = await find_who_by_cookie(await token_of(player))
    assert found is not None
    return found[0]
