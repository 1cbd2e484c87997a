"""The page on which a trainee checks in: how fast it is, and what it weighs on the way."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request

from bench.program import OPENER, Server

GZIPPED = {"accept-encoding": "gzip"}


def trainee_page(
    say: Callable[[str, str, str], None],
    engine: str,
    server: Server,
    cookie: str,
    meeting: str,
    seconds: float,
) -> None:
    """From the six digits of a trainer's wall to the page of a stranger's phone."""
    path = _path(server, cookie, meeting)
    took = server.load("", [path], 1, seconds)
    if took is None:
        raise SystemExit("There is no page to check in.")
    times = f"p50 {took.at(0.5):.1f}  p90 {took.at(0.9):.1f} ms"
    say(f"{engine}: self check-in page", times, "p90 <= 30 ms")
    page, text = _fetch(server, path)
    sheet, _css = _fetch(server, _found(r'href="(/static/css/light\.\w+\.css)"', text))
    mark, _svg = _fetch(server, _found(r'href="(/static/icons/mark\.\w+\.svg)"', text))
    total = (page + sheet + mark) / 1024
    say(f"{engine}: self check-in page, first load", f"{total:.1f} KB", "<= 30 KB")


def _path(server: Server, cookie: str, meeting: str) -> str:
    wall = server.get(f"/sessions/{meeting}/wall", cookie)
    digits = _found(r'class="digits">(\d{3} \d{3})<', wall)
    form = urlencode({"digits": digits}).encode()
    try:
        OPENER.open(Request(f"{server.url}/c", form))
    except HTTPError as answer:
        if answer.code == 303:
            return str(answer.headers["location"])
    raise SystemExit("The digits of the wall led nowhere.")


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if not found:
        raise SystemExit(f"No {pattern} on the page.")
    return found[1]


def _fetch(server: Server, path: str) -> tuple[int, str]:
    """The bytes of an answer as it is sent, and its text."""
    with OPENER.open(Request(server.url + path, headers=GZIPPED)) as answer:
        body = answer.read()
        packed = answer.headers.get("content-encoding") == "gzip"
    return len(body), (gzip.decompress(body) if packed else body).decode()
