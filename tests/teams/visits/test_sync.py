"""What a phone sends comes in once, record by record."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from demo.cast import HAN, SEN, TAM
from kit.database import new_id, value
from tests.programs import is_problem, program
from tests.teams.visits.doors import ON, UONG, as_record, how_many_visits
from tests.visitor import visit
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
SYNC = "/api/v1/visits/sync"


async def send(asker: httpx.AsyncClient, *records: Any, **more: Any) -> list[dict[str, Any]]:
    """Send visits; their results."""
    answer = await asker.post(SYNC, json={"visits": list(records), **more})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


async def test_a_phone_sends_a_visit_twice_and_it_is_there_once() -> None:
    async with await visit(HAN) as han:
        record = await as_record(UONG)
        (first,) = await send(han.http, record)
        (again,) = await send(han.http, record)
    told = {"id": record["id"], "status": "created", "errors": [], "flags": [], "theirs": None}
    assert first == told
    assert again["status"] == "duplicate"
    assert await how_many_visits() == 1


async def test_one_bad_record_never_blocks_the_rest() -> None:
    async with await program(HAN) as han:
        good, bad = await as_record(UONG), await as_record(ON)
        broken = {**good, "id": str(new_id()), "met": "perhaps", "color": "red"}
        results = await send(han, bad, broken, "nonsense", good)
    assert [r["status"] for r in results] == ["rejected", "rejected", "rejected", "created"]
    assert "Tổ CNSCĐ ấp 1" in results[0]["errors"][0]["message"]
    assert {e["field"] for e in results[1]["errors"]} == {"met", "color"}
    assert await how_many_visits() == 1


UNREADABLE: dict[str, list[Any]] = {
    "met_at": ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+07:00", "2026-11-23T09:42:00+23:59"],
    "participants": [["01932c07-5e3a-7000-8000-00000000dead"]],
    "performed_by": ["01932c07-5e3a-7000-8000-00000000dead"],
    "consent_text": [77],
}


@pytest.mark.parametrize(("field", "wrong"), [(f, w) for f, ws in UNREADABLE.items() for w in ws])
async def test_a_clock_gone_wrong_or_an_unknown_name_holds_up_no_other_visit(
    field: str, wrong: Any
) -> None:
    performer = str(await id_of("Dương Thị Ngọc Hân"))
    async with await program(TAM) as tam:
        good = await as_record(UONG) | {"performed_by": performer}
        bad = await as_record(UONG) | {"performed_by": performer, field: wrong}
        refused, logged = await send(tam, bad, good)
    assert (refused["status"], logged["status"]) == ("rejected", "created")
    assert [error["field"] for error in refused["errors"]] == [field]
    assert await how_many_visits() == 1


async def test_han_logs_an_anonymous_visit_in_her_commune_but_not_in_another() -> None:
    areas = ["Khu phố Bình Hòa", "Thị trấn Tân Trụ", "Khu phố Bình Lợi", "Ấp 1"]
    nobody = {"consent": "anonymous", "household": None}
    async with await program(HAN) as han, await program(TAM) as tam:
        told = [await as_record(UONG) | nobody | {"area": str(await id_of(a))} for a in areas]
        results = await send(han, *told)
        his = {"performed_by": str(await id_of("Dương Thị Ngọc Hân")), "id": str(new_id())}
        (of_tam,) = await send(tam, told[3] | his)
    assert [one["status"] for one in results] == ["created", "created", "rejected", "rejected"]
    assert [error["field"] for error in results[3]["errors"]] == ["area"]
    assert of_tam["status"] == "created"


async def test_other_content_under_a_known_id_changes_nothing() -> None:
    async with await program(HAN) as han:
        record = await as_record(UONG)
        await send(han, record)
        (other,) = await send(han, {**record, "note": "Khác"})
        shown = (await han.get(f"/api/v1/visits/{record['id']}")).json()
    assert other["status"] == "conflict"
    assert shown["note"] == ""
    assert other["theirs"] == shown


async def test_the_visit_under_a_known_id_is_shown_to_its_author_and_hides_names_as_ever() -> None:
    async with await program(HAN) as han, await program(SEN) as sen, await program(TAM) as tam:
        record = await as_record(UONG, consent="anonymous")
        await send(han, record)
        other = {**record, "note": "Khác"}
        (mine,), (hers,), (his,) = [await send(by, other) for by in (han, sen, tam)]
    assert (mine["status"], mine["theirs"]["note"]) == ("conflict", "")
    assert mine["theirs"]["household"] is None
    assert mine["theirs"]["supports"][0]["resident"] is None
    assert his["theirs"] == mine["theirs"]
    assert hers["theirs"] is None
    assert await how_many_visits() == 1


async def test_the_same_visit_in_flight_twice_is_created_once() -> None:
    async with await program(HAN) as han:
        record = await as_record(UONG)
        both = await asyncio.gather(*(send(han, record) for _ in range(5)))
    assert sorted(r[0]["status"] for r in both) == ["created", *["duplicate"] * 4]
    assert await how_many_visits() == 1


async def test_a_new_household_and_its_resident_come_before_their_visit() -> None:
    household, resident = str(new_id()), str(new_id())
    home = {"id": household, "area": str(await id_of("Khu phố Bình Hòa")), "head": "Phan Văn Mới"}
    someone = {"id": resident, "household": household, "age_band": "60_up", "sex": "female"}
    help_ = {"service": "vneid_2", "outcome": "assisted", "resident": resident}
    record = {**await as_record(UONG), "household": household, "supports": [help_]}
    async with await program(HAN) as han:
        (result,) = await send(han, record, households=[home], residents=[someone])
        (again,) = await send(han, record, households=[home], residents=[someone])
    assert (result["status"], again["status"]) == ("created", "duplicate")
    assert await value("SELECT count(*) AS n FROM household WHERE id = {}", household) == 1


async def test_a_new_household_in_flight_several_times_is_there_once() -> None:
    household, resident = str(new_id()), str(new_id())
    home = {"id": household, "area": str(await id_of("Khu phố Bình Hòa")), "head": "Phan Văn Mới"}
    someone = {"id": resident, "household": household, "age_band": "60_up", "sex": "female"}
    async with await program(HAN) as han:
        sent = {"households": [home], "residents": [someone]}
        answers = await asyncio.gather(*(han.post(SYNC, json=sent) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["residents"][0]["status"] for answer in answers} == {"created"}
    assert await value("SELECT count(*) AS n FROM resident WHERE id = {}", resident) == 1


async def test_what_a_phone_lost_is_told() -> None:
    loss = {"at": datetime.now(UTC).isoformat(), "reason": "quota", "count": 2}
    long_ago = {**loss, "at": "0001-01-01T00:00:00+07:00"}
    async with await program(HAN) as han:
        assert await send(han, losses=[long_ago, loss, {"reason": "unreadable"}]) == []
        await send(han, losses=[loss])
    assert await value("SELECT lost FROM local_loss") == 2
    assert await value("SELECT count(*) AS n FROM local_loss") == 1


async def test_too_many_visits_or_too_much_text_get_a_sentence() -> None:
    async with await program(HAN) as han:
        record = await as_record(UONG)
        many = await han.post(SYNC, json={"visits": [record] * 201})
        assert "200" in is_problem(many, 413)["detail"]
        long = await han.post(SYNC, json={"visits": [{**record, "note": "x" * 1_100_000}]})
        is_problem(long, 413)
    assert await how_many_visits() == 0


async def test_strangers_other_sites_and_reading_tokens_are_kept_out() -> None:
    record = {"visits": [await as_record(UONG)]}
    async with await visit(None) as stranger:
        is_problem(await stranger.http.post(SYNC, json=record), 401)
    async with await visit(HAN) as han:
        elsewhere = {"sec-fetch-site": "cross-site"}
        assert (await han.http.post(SYNC, json=record, headers=elsewhere)).status_code == 403
        text = await han.http.post(SYNC, content="{}", headers={"content-type": "text/plain"})
        is_problem(text, 415)
    async with await program(HAN, scope="read") as reader:
        is_problem(await reader.post(SYNC, json=record), 403)
    assert await how_many_visits() == 0


async def test_lists_and_single_visits_keep_to_reach_and_names() -> None:
    async with await program(HAN) as han:
        named, nameless = await as_record(UONG), await as_record(UONG, consent="anonymous")
        await send(han, named, nameless)
    async with await program(TAM) as tam:
        items = (await tam.get("/api/v1/visits?service=vneid_2&limit=1")).json()
        rest = (await tam.get(f"/api/v1/visits?after={items['next']}")).json()
        assert [len(items["items"]), len(rest["items"]), rest["next"]] == [1, 1, None]
        homes = {i["id"]: i["household"] for i in items["items"] + rest["items"]}
        assert homes == {named["id"]: named["household"], nameless["id"]: None}
        none = await tam.get("/api/v1/visits?from=2020-01-01&to=2020-12-31")
        assert none.json()["items"] == []
    async with await program(SEN) as sen:
        assert (await sen.get("/api/v1/visits")).json()["items"] == []
        is_problem(await sen.get(f"/api/v1/visits/{named['id']}"), 404)
