"""Whatever is sent to a route, the answer is a sentence and never a fault of ours."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from litestar.routes import HTTPRoute
from pydantic import BaseModel

from app import make_app
from demo.cast import HOA
from kit.database import value
from tests.policy import policy, things
from tests.sessions.doors import a_classroom_now, ticket_of
from tests.visitor import Visitor, visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

NASTY = ["\0😀", "9" * 5000, str(10**30), "²"]
STEPS = ["%00", "9" * 300]
FORM = "application/x-www-form-urlencoded"
DEEP = b'{"a":' * 4000 + b"1" + b"}" * 4000
BODIES = [
    ("text/plain", b"x"),
    ("application/json", b"{"),
    ("application/json", DEEP),
    ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
    (FORM, b"%ff%fe=%00&=&a"),
]
ODD: list[Any] = [None, 10**30, 1e308, [[]], "9999-12-31", "0001-01-01T00:00:00+14:00"]
LEAVES = ("/sign-out", "/me/password", "/me/sign-outs", "/me/devices")
"""What would end the visit of whoever asks."""


def handlers() -> dict[str, Any]:
    """The function behind each route of the table."""
    found: dict[str, Any] = {}
    for route in make_app().routes:
        if isinstance(route, HTTPRoute):
            path = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path_format)
            for handler in route.route_handlers:
                found |= {f"{method} {path}": handler.fn for method in handler.http_methods}
    return found


HANDLERS = handlers()
GETS = [route for route in policy() if route.startswith("GET ") and route in HANDLERS]
WRITES = [route for route in policy() if not route.startswith("GET ") and route in HANDLERS]


def words_of(route: str) -> list[str]:
    """The names of whatever a route may read: its parameters, and fields of forms it knows."""
    handler = HANDLERS[route]
    known = vars(inspect.getmodule(handler)).values()
    forms = [one for one in known if inspect.isclass(one) and issubclass(one, BaseModel)]
    names = {name for form in forms for name in form.model_fields}
    return sorted((names | set(inspect.signature(handler).parameters)) - {"who", "request"})


def filled(route: str, names: dict[str, str], **more: str) -> str:
    """The path of a route with things of the world in it."""
    return re.sub(r"\{(\w+)\}", lambda name: {**names, **more}[name[1]], route.partition(" ")[2])


async def a_world() -> dict[str, str]:
    """The things of the table of the policy, and a session whose door is open."""
    names = await things("town")
    room = await a_classroom_now()
    return {**names, "word": await ticket_of(room), "open": str(room.meeting)}


def sound(answer: httpx.Response, told: str) -> None:
    """Fail for a fault of ours; 503 would say that the store is away."""
    assert answer.status_code < 500, f"{told[:200]}\n{answer.text[:300]}"


async def test_no_word_of_an_address_breaks_a_page() -> None:
    names = await a_world()
    async with await visit(HOA) as hoa:
        for route in GETS:
            asked = words_of(route)
            for value in NASTY:
                params = dict.fromkeys(asked, value[: 60_000 // max(1, len(asked))])
                sound(await hoa.get(filled(route, names), params=params), f"{route} {value}")
            twice = [(name, value) for name in asked for value in ("1", "2")]
            sound(await hoa.get(filled(route, names), params=twice), f"{route} twice")
            for step in re.findall(r"\{(\w+)\}", route):
                for value in STEPS:
                    path = filled(route, names, **{step: value})
                    sound(await hoa.get(path), f"{route} {step} {value}")


async def test_no_body_breaks_a_route() -> None:
    names = await a_world()
    async with await visit(HOA) as hoa:
        for route in WRITES:
            if route.endswith(LEAVES):
                continue
            method, path = route.partition(" ")[0], filled(route, names)
            for kind, body in [*BODIES, *fields_of(route)]:
                headers = {"content-type": kind}
                answer = await hoa.http.request(method, path, content=body, headers=headers)
                sound(answer, f"{route} {kind} {body[:60]!r}")


def fields_of(route: str) -> Iterator[tuple[str, bytes]]:
    """Bodies that name every field a route knows: as files, as words, as JSON of wrong kinds."""
    fields = words_of(route)
    head = '--x\r\nContent-Disposition: form-data; name="{}"; filename="a"\r\n\r\nx\r\n'
    yield "multipart/form-data; boundary=x", ("".join(map(head.format, fields)) + "--x--").encode()
    for nasty in NASTY:
        yield FORM, urlencode(dict.fromkeys(fields, nasty)).encode()
    if " /api/" in route:
        for odd in ODD:
            yield "application/json", json.dumps(dict.fromkeys(fields, odd)).encode()


GOOD = {
    "title": "Lớp mới",
    "name": "Lê Văn Mới",
    "reason": "Lý do",
    "why": "Vì sao",
    "day": "05/12/2026",
    "on": "05/12/2026",
    "since": "01/01/2026",
    "starts": "08:00",
    "ends": "11:00",
    "phone": "0912345678",
    "rows": "Lê Văn Mới\t0912345679\tVăn thư\tCông chức",
    "met": "met",
    "consent": "consent",
    "service": "pay_water",
    "letters": "an",
    "digits": "102",
}
"""What somebody would type into fields that a page shows empty."""


class Page(HTMLParser):
    """The forms of a page that write: where each leads, and its fields as they stand."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self._fields: list[tuple[str, str]] | None = None
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a form or a field."""
        held = {name: value or "" for name, value in attrs}
        name, value = held.get("name", ""), held.get("value", "")
        if tag == "form":
            self._fields = []
            if held.get("method") == "post":
                self.forms.append((held.get("action", ""), self._fields))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            name, self._select = (self._select, "") if value else ("", self._select)
        if name and tag in ("input", "textarea", "button", "option") and self._fields is not None:
            self._fields.append((name, value or GOOD.get(name, "")))

    def handle_endtag(self, tag: str) -> None:
        """Leave a form."""
        if tag == "form":
            self._fields = None


async def forms_of(hoa: Visitor, names: dict[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every form that the pages show, each once."""
    found: dict[object, tuple[str, list[tuple[str, str]]]] = {}
    for route in GETS:
        opened = {"meeting": names["open"]} if "{meeting}" in route else {}
        path = filled(route, names, **opened)
        answer = await hoa.get(path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            for action, fields in Page(answer.text).forms:
                where = action or path
                shape = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", where)
                if not where.startswith("/sign-") and where not in LEAVES:
                    found.setdefault((shape, *dict(fields)), (where, fields))
    return list(found.values())


async def test_no_single_field_of_a_form_breaks_it() -> None:
    names = await a_world()
    async with await visit(HOA) as hoa:
        forms = await forms_of(hoa, names)
        assert len(forms) > 60
        for action, fields in forms:
            for name in dict(fields):
                rest = [(one, value) for one, value in fields if one != name]
                for odd in ([], [(name, "9" * 5000)], [(name, "²")], [(name, "\0")]):
                    body = urlencode([*rest, *odd])
                    answer = await hoa.http.post(
                        action, content=body, headers={"content-type": FORM}
                    )
                    sound(answer, f"{action} {name} {odd}")


@pytest.mark.parametrize(
    "address",
    [
        "/teams.xlsx?on=31/02/2026",
        "/members.xlsx?area=1",
        "/visits.csv?since=hom-qua",
        "/visits.xlsx?team=1",
        "/participation.xlsx?until=32/01/2026",
        "/participation/visits.xlsx?team=1",
        "/training.xlsx?year=1",
        "/certificates.xlsx?year=moi",
    ],
)
async def test_who_asks_for_a_part_takes_no_whole_away_because_of_a_slip(address: str) -> None:
    async with await visit(HOA) as hoa:
        before = await value("SELECT count(*) FROM audit_line")
        answer = await hoa.get(address)
        assert answer.status_code == 422
        assert "text/html" in answer.headers["content-type"]
        assert await value("SELECT count(*) FROM audit_line") == before
        assert (await hoa.get(address.partition("?")[0])).status_code == 200
