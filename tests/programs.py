"""A program at the app, with a bearer token of one of the cast."""

from __future__ import annotations

from typing import Any

import httpx

from app import app
from demo.cast import Player
from kit.phones import phone_e164
from people.accounts.queries import find_account_by_phone
from people.permissions import MACHINE
from people.tokens.commands import TokenForm, make_token
from tests.visitor import ADDRESS

V1 = "/api/v1"


async def bearer(player: Player, scope: str = "write") -> str:
    """A fresh token of a player."""
    account = await find_account_by_phone(phone_e164(player.phone))
    form = TokenForm.model_validate({"name": "Phần mềm một cửa", "scope": scope})
    return await make_token(MACHINE, account, form)


def client(token: str | None, **headers: str) -> httpx.AsyncClient:
    """An httpx client of the app with a token, or without."""
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    sent = {**({"authorization": f"Bearer {token}"} if token else {}), **headers}
    return httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=sent)


async def program(player: Player, scope: str = "write", **headers: str) -> httpx.AsyncClient:
    """A client with a fresh token of a player."""
    return client(await bearer(player, scope), **headers)


async def all_items(asker: httpx.AsyncClient, path: str, limit: int = 200) -> list[dict[str, Any]]:
    """Every item of a list, page by page."""
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        asked = {"limit": str(limit), **({"after": after} if after else {})}
        answer = await asker.get(httpx.URL(V1 + path).copy_merge_params(asked))
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= limit
        found += page["items"]
        after = page["next"]
        if after is None:
            return found


def is_problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """An answer that must be a problem of a status: its body."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body
