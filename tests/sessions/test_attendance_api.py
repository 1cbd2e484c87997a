"""Attendance by programs and phones: idempotent, each mark by itself, the tap's own time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from demo.cast import HOA, NGHI, TOAN
from kit import clock
from kit.database import new_id, run
from tests.programs import bearer
from tests.queries import few_queries, warm
from tests.sessions.classroom import AN, ANH, Classroom, a_classroom, number_of_marks
from tests.visitor import Visitor, visit
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def raw(name: str, state: str = "present", **more: Any) -> dict[str, Any]:
    return {"nonce": str(new_id()), "person": str(await id_of(name)), "state": state, **more}


async def send(by: Visitor, room: Classroom, *marks: Any, **options: Any) -> httpx.Response:
    path = f"/api/v1/sessions/{room.meeting}/attendance"
    return await by.http.post(path, json={"marks": list(marks)}, **options)


async def test_marks_are_answered_one_by_one_in_their_order() -> None:
    room = await a_classroom()
    tapped = (clock.now() - timedelta(minutes=3)).isoformat()
    good, odd = await raw(ANH, "late", minutes=20, marked_at=tapped), await raw(AN, "asleep")
    async with await visit(NGHI) as nghi:
        answer = await send(nghi, room, good, odd, "none", {"nonce": "x"}, good)
    assert answer.status_code == 200
    results = answer.json()["results"]
    statuses = [one["status"] for one in results]
    assert statuses == ["created", "rejected", "rejected", "rejected", "duplicate"]
    assert (results[0]["state"], results[0]["nonce"]) == ("late", good["nonce"])
    assert [one["field"] for one in results[1]["errors"]] == ["state"]
    assert await number_of_marks() == 1


async def test_a_repeated_sending_changes_nothing() -> None:
    room = await a_classroom()
    marks = [await raw(ANH), await raw(AN, "excused")]
    async with await visit(NGHI) as nghi:
        for expected in ("created", "duplicate", "duplicate"):
            answer = await send(nghi, room, *marks)
            assert [one["status"] for one in answer.json()["results"]] == [expected] * 2
    assert await number_of_marks() == 2


async def test_more_than_200_marks_plain_forms_and_strange_sites_are_refused() -> None:
    room, path = await a_classroom(), "/api/v1/sessions/{}/attendance"
    async with await visit(NGHI) as nghi:
        assert (await send(nghi, room, *[{}] * 201)).status_code == 413
        plain = await nghi.http.post(path.format(room.meeting), data={"marks": "1"})
        assert plain.status_code == 415
        strange = {"origin": "https://elsewhere.test"}
        assert (await send(nghi, room, await raw(ANH), headers=strange)).status_code == 403
        lost = await nghi.http.post(path.format(new_id()), json={"marks": []})
        assert lost.status_code == 404
    assert await number_of_marks() == 0


async def test_a_reader_reads_and_marks_nobody() -> None:
    room = await a_classroom()
    async with await visit(HOA) as hoa:
        await send(hoa, room, await raw(ANH))
    async with await visit(TOAN) as toan:
        assert (await send(toan, room, await raw(AN))).status_code == 403
        path = f"/api/v1/sessions/{room.meeting}/attendance"
        await warm()
        with few_queries():
            answer = await toan.get(path, params={"limit": 2})
        found = answer.json()
        assert [(one["name"], one["state"]) for one in found["items"]] == [
            (AN, None),
            (ANH, "present"),
        ]
        rest = await toan.get(path, params={"limit": 2, "after": found["next"]})
        assert [one["name"] for one in rest.json()["items"]] == ["Hồ Minh Hoàng"]
        assert rest.json()["next"] is None
        searched = await toan.get(path, params={"q": "cao thi anh"})
        assert [one["name"] for one in searched.json()["items"]] == [ANH]


async def test_a_phone_that_sends_later_what_was_tapped_is_no_program() -> None:
    room = await a_classroom(ANH, AN)
    async with await visit(NGHI) as nghi:
        await send(nghi, room, await raw(ANH))
    token = {"authorization": f"Bearer {await bearer(NGHI)}"}
    async with await visit(None) as program:
        await send(program, room, await raw(AN), headers=token)
    found = await run("SELECT p.name, m.via FROM mark m JOIN person p ON p.id = m.person")
    assert {one["name"]: one["via"] for one in found} == {ANH: "hand", AN: "api"}
