"""The inbox: one's own notices, by day, read one by one or all at once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from demo.cast import HAN, HOA, HOANG, SEN
from kit import clock
from kit.database import run, value
from notices.choices.commands import TRIAL
from notices.commands import notify
from notices.jobs import purge_old_notices
from notices.words import Words
from tests.programs import V1, is_problem, program
from tests.queries import few_queries
from tests.visitor import visit
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
SAID = "Cài đặt đã đổi"


async def tell(name: str, *slots: str) -> list[UUID]:
    """Tell a person as many things as there are slots; the notices, the oldest first."""
    person = await id_of(name)
    for slot in slots:
        await notify([person], TRIAL.key, "thing", slot, Words("Settings changed"), "/teams")
    found = await run("SELECT id FROM notice WHERE person = {} ORDER BY id", person)
    return [row["id"] for row in found]


async def unread(name: str) -> int:
    """How many notices of a person wait."""
    sql = "SELECT count(*) FROM notice WHERE person = {} AND read_at IS NULL"
    return int(await value(sql, await id_of(name)))


async def test_han_reads_one_and_goes_where_it_leads() -> None:
    first, second = await tell(HAN.name, "1", "2")
    async with await visit(HAN) as han:
        await han.get("/notices")
        with few_queries():
            shown = (await han.get("/notices")).text
        assert "Hôm nay" in shown
        assert f"/notices/{second}/reading" in shown
        assert "<b>2</b>" in shown
        answer = await han.post(f"/notices/{first}/reading", {"open": "true"})
        assert answer.headers["location"] == "/teams"
        answer = await han.post(f"/notices/{first}/reading")
        assert answer.headers["location"] == "/notices"
        assert "<b>1</b>" in (await han.get("/")).text
        only = (await han.get("/notices?unread=true")).text
    assert f"/notices/{second}/reading" in only
    assert f"/notices/{first}/reading" not in only


async def test_the_first_reading_counts() -> None:
    (notice,) = await tell(HAN.name, "1")
    async with await visit(HAN) as han:
        await han.post(f"/notices/{notice}/reading")
        read = await value("SELECT read_at FROM notice")
        with clock.frozen(clock.now() + timedelta(minutes=5)):
            await han.post(f"/notices/{notice}/reading")
    assert await value("SELECT read_at FROM notice") == read


async def test_what_came_after_the_page_stays_unread() -> None:
    _, shown, _later = await tell(HAN.name, "1", "2", "3")
    await tell(HOANG.name, "1")
    async with await visit(HAN) as han:
        for _ in range(2):
            assert (await han.post("/notices/readings", {"upto": str(shown)})).status_code == 303
        assert (await han.post("/notices/readings")).status_code == 422
    assert await unread(HAN.name) == 1
    assert await unread(HOANG.name) == 1


async def test_nobody_reads_the_notices_of_others() -> None:
    (notice,) = await tell(HAN.name, "1")
    async with await visit(HOA) as hoa:
        assert (await hoa.post(f"/notices/{notice}/reading")).status_code == 404
        assert str(notice) not in (await hoa.get("/notices")).text
    assert await unread(HAN.name) == 1


async def test_an_empty_inbox_says_what_it_is_for() -> None:
    async with await visit(SEN) as sen:
        assert "Chưa có thông báo" in (await sen.get("/notices")).text
        assert "Bạn đã đọc hết" in (await sen.get("/notices?unread=true")).text


async def test_a_long_inbox_goes_on() -> None:
    notices = await tell(HAN.name, *(str(n) for n in range(51)))
    async with await visit(HAN) as han:
        shown = (await han.get("/notices")).text
        assert f"/notices/{notices[0]}/reading" not in shown
        onward = shown.partition('rel="next" href="')[2].partition('"')[0]
        assert f"/notices/{notices[0]}/reading" in (await han.get(onward)).text


async def test_a_program_reads_page_by_page_and_marks() -> None:
    notices = [str(one) for one in await tell(HAN.name, "1", "2", "3")]
    async with await program(HAN) as phone:
        first = (await phone.get(f"{V1}/notices?limit=2")).json()
        rest = (await phone.get(f"{V1}/notices?limit=2&after={first['next']}")).json()
        assert [one["id"] for one in first["items"] + rest["items"]] == notices[::-1]
        assert rest["next"] is None
        marked = await phone.post(f"{V1}/notices/{notices[0]}/reading")
        assert marked.status_code == 200
        assert marked.json()["read_at"]
        left = (await phone.get(f"{V1}/notices?unread=true")).json()
        assert [one["id"] for one in left["items"]] == notices[:0:-1]
        is_problem(await phone.get(f"{V1}/notices?after=rubbish"), 400)
    async with await program(HAN, "read") as looker:
        is_problem(await looker.post(f"{V1}/notices/{notices[1]}/reading"), 403)
    async with await program(HOANG) as other:
        is_problem(await other.post(f"{V1}/notices/{notices[1]}/reading"), 404)


async def test_after_half_a_year_a_notice_goes_with_its_deliveries() -> None:
    await tell(HAN.name, "1")
    with clock.frozen(clock.now() + timedelta(days=179)):
        assert await purge_old_notices() == "notices 0"
    with clock.frozen(clock.now() + timedelta(days=181)):
        assert await purge_old_notices() == "notices 1"
    assert await value("SELECT count(*) FROM delivery") == 0
