"""A visit logged on a page without script."""

from __future__ import annotations

import asyncio

import pytest

from demo.cast import HAN, HOANG, NGHI, SEN
from kit.database import new_id, run, value
from tests.visitor import visit
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

UONG = "Nguyễn Thị Ưởng"
MET = {
    "met": "home",
    "consent": "consent",
    "consent_text": "1",
    "service": ["vneid_2", "fraud_safety"],
    "outcome.vneid_2": "assisted",
    "outcome.fraud_safety": "independent",
}


async def at() -> str:
    """The address of the form for Ưởng's household."""
    return f"/households/{await id_of(UONG)}/visits/new"


def filled(**more: object) -> dict[str, object]:
    """The form as Hân sends it."""
    return {"id": str(new_id()), **MET, **more}


async def test_han_logs_two_services_and_is_led_on() -> None:
    async with await visit(HAN) as han:
        shown = await han.get(await at())
        assert UONG in shown.text
        assert "OTP" in shown.text
        sent = await han.post(await at(), filled(follow_up="7", note="Hẹn sau giờ chợ"))
    assert sent.status_code == 303
    assert sent.headers["location"].startswith("/households/")
    found = (await run("SELECT id, met, place, basis, note, via FROM visit"))[0]
    assert (found["met"], found["place"], found["basis"]) == ("met", "home", "consent")
    assert (found["note"], found["via"]) == ("Hẹn sau giờ chợ", "page")
    assert await value("SELECT count(*) FROM support WHERE visit = {}", found["id"]) == 2
    assert await value("SELECT count(*) FROM follow_up WHERE visit = {}", found["id"]) == 1


async def test_nothing_is_ticked_before_the_resident_says_so() -> None:
    async with await visit(HAN) as han:
        shown = await han.get(await at())
    assert 'name="consent" value="consent"' in shown.text
    assert " checked" not in shown.text


async def test_absent_folds_all_but_the_day_to_come_again() -> None:
    async with await visit(HAN) as han:
        sent = await han.post(await at(), {"id": str(new_id()), "met": "absent", "again": "3"})
    assert sent.status_code == 303
    visited = (await run("SELECT id, met, basis, day FROM visit"))[0]
    assert (visited["met"], visited["basis"]) == ("absent", "anonymous")
    assert await value("SELECT count(*) FROM support") == 0
    assert await value("SELECT due_on FROM follow_up WHERE visit = {}", visited["id"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"met": ""}, "met"),
        ({"met": "elsewhere"}, "place"),
        ({"consent": ""}, "consent"),
        ({"service": []}, "service"),
        ({"outcome.vneid_2": ""}, "outcome.vneid_2"),
        ({"outcome.vneid_2": "pending"}, "obstacle.vneid_2"),
        ({"note": "CCCD 079 204 001 234"}, "note"),
        ({"note": "Mã OTP 482913"}, "note"),
        ({"on": "32/13/2026"}, "on"),
        ({"at": "25:00"}, "at"),
        ({"resident": "new"}, "age_band"),
        ({"consent_method": "spoken"}, "witness"),
    ],
)
async def test_what_is_missing_is_said_beside_its_field(
    change: dict[str, object], field: str
) -> None:
    async with await visit(HAN) as han:
        sent = await han.post(await at(), filled(**{"note": "Giữ lời này", **change}))
    assert sent.status_code == 422
    assert f'href="#{field}"' in sent.text
    assert f'id="{field}-wrong"' in sent.text
    assert f'id="{field}"' in sent.text
    if field != "note":
        assert "Giữ lời này" in sent.text
    if field not in ("met", "place", "service"):
        assert 'value="home" id="met" checked' in sent.text
    assert await value("SELECT count(*) FROM visit") == 0


async def test_somebody_new_is_written_down_once_with_the_visit() -> None:
    more = {"resident": "new", "resident_name": "Nguyễn Văn Bảy", "age_band": "60_up"}
    form = filled(**more)
    async with await visit(HAN) as han:
        assert (await han.post(await at(), form)).status_code == 303
    resident = await value("SELECT id FROM resident WHERE name = {}", "Nguyễn Văn Bảy")
    assert await value("SELECT count(*) FROM support WHERE resident = {}", resident) == 2
    assert await value("SELECT count(*) FROM consent WHERE resident = {}", resident) == 1


async def test_who_is_only_counted_leaves_nobody_behind() -> None:
    more = {"consent": "anonymous", "resident": "new", "resident_name": "Nguyễn Văn Bảy"}
    async with await visit(HAN) as han:
        assert (await han.post(await at(), filled(**more))).status_code == 303
    assert await value("SELECT count(*) FROM resident") == 0
    assert await value("SELECT basis FROM visit") == "anonymous"


async def test_the_same_page_sent_twice_is_one_visit() -> None:
    form = filled(on="23/11/2026", at="09:42")
    async with await visit(HAN) as han:
        first = await han.post(await at(), form)
        again = await han.post(await at(), form)
    assert (first.status_code, again.status_code) == (303, 303)
    assert await value("SELECT count(*) FROM visit") == 1


SOMEBODY_NEW = {"resident": "new", "resident_name": "Nguyễn Văn Bảy", "age_band": "60_up"}


@pytest.mark.parametrize("more", [{}, SOMEBODY_NEW])
async def test_the_same_page_sent_twice_at_once_is_one_visit(more: dict[str, str]) -> None:
    form = filled(**more)
    async with await visit(HAN) as han:
        address = await at()
        sent = await asyncio.gather(*(han.post(address, form) for _ in range(4)))
    assert {answer.status_code for answer in sent} == {303}
    assert await value("SELECT count(*) FROM visit") == 1
    assert await value("SELECT count(*) FROM resident") == bool(more)


async def test_a_market_is_counted_without_a_household() -> None:
    form = filled(met="elsewhere", place="market", consent="anonymous")
    async with await visit(HAN) as han:
        assert "Chợ" in (await han.get("/visits/new")).text
        assert (await han.post("/visits/new", form)).status_code == 303
        found = await han.get("/visits/new", params={"q": "uong"})
    assert UONG in found.text
    assert await value("SELECT household FROM visit") is None
    assert await value("SELECT place FROM visit") == "market"


async def test_strangers_to_the_household_do_not_see_it_and_readers_do_not_log() -> None:
    async with await visit(SEN) as sen:
        assert (await sen.post(await at(), filled())).status_code == 404
    async with await visit(NGHI) as nghi:
        assert (await nghi.post(await at(), filled())).status_code == 403
    async with await visit(HOANG) as hoang:
        assert (await hoang.post(await at(), filled())).status_code == 303
