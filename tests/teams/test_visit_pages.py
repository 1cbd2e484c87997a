"""Visits at the desk: the list, one visit, changing and withdrawing it on the page."""

from __future__ import annotations

import pytest

from demo.cast import HOANG, TAM, TOAN
from tests.queries import few_queries
from tests.teams.logged import a_flag, a_visit
from tests.teams.visits.doors import ON, UONG, a_good_visit, log
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

ANTI_FRAUD = "mã OTP"


async def test_a_visit_without_a_name_names_nobody_anywhere() -> None:
    logged = await log(await who_is(HOANG), UONG, consent="anonymous")
    async with await visit(TAM) as tam:
        for path in ("/visits", f"/visits/{logged.id}", f"/visits/{logged.id}/edit"):
            page = await tam.get(path)
            assert page.status_code == 200
            assert UONG not in page.text, path
        found = await tam.get("/visits?q=uong")
    assert f"/visits/{logged.id}" not in found.text


async def test_a_visit_tells_who_when_where_what_and_how_it_came_in() -> None:
    found = await a_good_visit()
    async with await visit(TAM) as tam:
        await tam.get(f"/visits/{found}")
        with few_queries():
            page = (await tam.get(f"/visits/{found}")).text
    for words in (
        UONG,
        "Hồ Minh Hoàng",
        "Phạm Thị Xuân",
        "Định danh điện tử VNeID mức 2",
        "Làm được khi có hướng dẫn",
        "Tự làm được",
        "Hẹn cài lại ứng dụng",
        "Tại nhà",
        "bấm trên máy, bản 1",
        "ghi trên trang",
        ANTI_FRAUD,
        f"/visits/{found}/withdrawal",
    ):
        assert words in page, words
    async with await visit(TOAN) as toan:
        page = (await toan.get(f"/visits/{found}")).text
    assert f"/visits/{found}/edit" not in page


async def test_a_visit_is_withdrawn_with_a_reason_and_then_stays_as_it_is() -> None:
    found = await a_good_visit()
    async with await visit(HOANG) as hoang:
        at = f"/visits/{found}/withdrawal"
        assert (await hoang.post(at, {"why": "", "version": "1"})).status_code == 422
        sent = {"why": "Ghi nhầm hộ", "version": "1"}
        assert (await hoang.post(at, sent)).status_code == 303
        page = (await hoang.get(f"/visits/{found}")).text
        assert (await hoang.get(f"/visits/{found}/edit")).status_code == 409
        gone = await hoang.get("/visits")
        kept = await hoang.get("/visits?withdrawn=true")
    assert "Hồ Minh Hoàng rút lại lượt hỗ trợ: Ghi nhầm hộ." in page
    assert f"/visits/{found}/edit" not in page
    assert f"/visits/{found}" not in gone.text
    assert f"/visits/{found}" in kept.text


async def test_the_author_sees_the_question_until_it_is_read() -> None:
    found = await a_visit(household=await id_of(UONG))
    await a_flag(found)
    async with await visit(TAM) as tam, await visit(HOANG) as hoang:
        sent = {"verdict": "ask", "word": "Hôm đó gặp ai?"}
        assert (await tam.post(f"/visits/{found}/reviews/future", sent)).status_code == 303
        before = await hoang.get(f"/visits/{found}")
        reading = f"/visits/{found}/reviews/future/reading"
        assert reading in before.text
        assert (await hoang.post(reading)).status_code == 303
        after = await hoang.get(f"/visits/{found}")
    assert "Hôm đó gặp ai?" in before.text
    assert reading not in after.text


async def test_a_household_of_another_area_is_out_of_sight() -> None:
    logged = await log(await who_is(TAM), ON, performed_by=await id_of("Trần Thị Ngọc Trâm"))
    async with await visit(HOANG) as hoang:
        assert (await hoang.get(f"/visits/{logged.id}")).status_code == 404


async def test_the_author_finds_the_question_in_the_inbox() -> None:
    found = await a_visit(household=await id_of(UONG))
    await a_flag(found)
    async with await visit(TAM) as tam, await visit(HOANG) as hoang:
        sent = {"verdict": "ask", "word": "Hôm đó gặp ai?"}
        await tam.post(f"/visits/{found}/reviews/future", sent)
        inbox = await hoang.get("/notices")
        nothing = await tam.get("/notices")
    assert "Lê Minh Tâm hỏi về lượt hỗ trợ ngày" in inbox.text
    assert "Hôm đó gặp ai?" in inbox.text
    assert "Hôm đó gặp ai?" not in nothing.text
