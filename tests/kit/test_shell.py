"""The shell: strangers' pages write nothing, every answer carries its headers."""

from __future__ import annotations

import pytest

from demo.cast import HOA
from kit.static import static_url
from tests.visitor import visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

STRANGERS = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://so.test:8001"},
]
OURS = [
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "none"},
    {"origin": "http://so.test"},
    {},
]


@pytest.mark.parametrize("sent", STRANGERS)
async def test_a_form_on_another_site_signs_nobody_out(sent: dict[str, str]) -> None:
    async with await visit(HOA) as hoa:
        assert (await hoa.post("/sign-out", headers=sent)).status_code == 403
        assert (await hoa.get("/sign-in")).status_code == 303, "she is still in"


@pytest.mark.parametrize("sent", OURS)
async def test_our_own_form_does(sent: dict[str, str]) -> None:
    async with await visit(HOA) as hoa:
        assert (await hoa.post("/sign-out", headers=sent)).status_code == 303
        assert (await hoa.get("/sign-in")).status_code == 200


@pytest.mark.parametrize("path", ["/sign-in", "/no-such-page", "/static/none.css", "/api/v1/none"])
async def test_every_answer_carries_its_headers(path: str) -> None:
    async with await visit(None) as stranger:
        answer = await stranger.get(path, headers={"x-request-id": "abc"})
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"] == "abc"


@pytest.mark.parametrize(
    "path", ["/teams", "/healthz", static_url("css/app.css"), "/no-such-page", "/api/v1/teams"]
)
async def test_head_is_answered_as_get_without_the_body(path: str) -> None:
    async with await visit(HOA) as hoa:
        shown, asked = await hoa.get(path), await hoa.http.head(path)
    assert shown.content
    assert asked.content == b""
    same = ("content-type", "content-length", "etag", "cache-control")
    told = [(a.status_code, [a.headers.get(name) for name in same]) for a in (shown, asked)]
    assert told[0] == told[1]


STYLES, SCRIPT = static_url("css/app.css"), static_url("js/app.js")


@pytest.mark.parametrize(
    "path", ["/teams", "/robots.txt", "/sw.js", "/m/log", "/no-such-page", STYLES, SCRIPT]
)
async def test_a_text_says_once_how_it_is_written(path: str) -> None:
    async with await visit(HOA) as hoa:
        answer = await hoa.get(path)
    assert answer.headers["content-type"].count("charset=utf-8") == 1


async def test_head_changes_nothing_where_only_a_form_does() -> None:
    async with await visit(HOA) as hoa:
        assert (await hoa.http.head("/sign-out")).status_code == 405
        assert (await hoa.get("/teams")).status_code == 200


async def test_an_unknown_page_is_a_page_in_the_readers_language() -> None:
    async with await visit(None) as stranger:
        answer = await stranger.get("/no-such-page", headers={"cookie": "toso_language=en"})
        assert answer.status_code == 404
        assert "There is no such page" in answer.text
        stranger.http.cookies.clear()
        assert "Không tìm thấy trang này" in (await stranger.get("/no-such-page")).text


async def test_a_program_gets_a_problem() -> None:
    async with await visit(None) as stranger:
        answer = await stranger.get("/api/v1/none")
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["status"] == 404


async def test_static_files_are_kept_for_a_year_under_their_hash() -> None:
    async with await visit(None) as stranger:
        hashed = await stranger.get(static_url("css/app.css"))
        plain = await stranger.get("/static/css/app.css")
        outside = await stranger.get("/static/..%2f..%2fpyproject.toml")
    assert "immutable" in hashed.headers["cache-control"]
    assert plain.headers["cache-control"] == "no-cache"
    assert hashed.headers["content-encoding"] == "gzip"
    assert outside.status_code == 404


async def test_the_summary_of_what_is_wrong_names_each_field() -> None:
    async with await visit(HOA) as hoa:
        answer = await hoa.post("/areas", {"name": "", "kind": "commune", "since": "01/01/2026"})
    assert answer.status_code == 422
    assert '<a href="#name">Tên địa bàn: Điền ô này.</a>' in answer.text
