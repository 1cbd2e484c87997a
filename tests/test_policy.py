"""Every route × everybody of the cast, inside and outside their reach."""

from __future__ import annotations

import re

import httpx
import pytest
from litestar.routes import HTTPRoute

from app import make_app
from kit.static import static_url
from tests.policy import COLUMNS, policy, things
from tests.visitor import Visitor, visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

POLICY = policy()


def routes() -> set[str]:
    """Every route of the app as "METHOD /path/{name}"."""
    found = set()
    for route in make_app().routes:
        if isinstance(route, HTTPRoute):
            path = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path_format.replace("{path}", "{file}"))
            found |= {f"{m} {path}" for m in route.methods if m not in ("OPTIONS", "HEAD")}
    return {route for route in found if "schema" not in route or route.endswith("openapi.json")}


async def test_no_route_is_missing_from_the_table_and_none_is_there_in_vain() -> None:
    assert routes() == set(POLICY)


def word(answer: httpx.Response) -> str:
    """An answer as a word of the table."""
    to_sign_in = answer.headers.get("location", "").startswith("/sign-in")
    if answer.status_code == 401 or (answer.status_code == 303 and to_sign_in):
        return "in"
    assert answer.status_code < 500, answer.text
    return str(answer.status_code) if answer.status_code in (403, 404) else "ok"


@pytest.mark.parametrize(("who", "player", "where"), COLUMNS, ids=[c[0] for c in COLUMNS])
async def test_what_they_get(who: str, player: object, where: str) -> None:
    column = [c[0] for c in COLUMNS].index(who)
    names = await things(where)
    for route, words in POLICY.items():
        method, _, path = route.partition(" ")
        if path in ("/sign-out", "/sign-in") or path.startswith("/sign-in/"):
            continue
        async with await visit(player) as visitor:  # type: ignore[arg-type]
            assert word(await ask(visitor, method, path, names)) == words[column], f"{route}: {who}"


async def ask(visitor: Visitor, method: str, path: str, names: dict[str, str]) -> httpx.Response:
    """Ask a route with the things of a place filled in."""
    names = {**names, "file": static_url("css/app.css").removeprefix("/static/")}
    filled = re.sub(r"\{(\w+)\}", lambda name: names[name[1]], path)
    return await visitor.http.request(method, filled)
