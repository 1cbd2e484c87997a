"""Changing a visit on its page: lines out and in, what is wrong, two at once, who may."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from demo.cast import HAN, HOANG, TAM
from kit import clock
from kit.database import run, value
from kit.forms import check
from teams.households.forms import ResidentForm
from teams.households.residents import add_resident
from teams.visits.commands import log_visit
from teams.visits.forms import VisitForm
from tests.queries import few_queries
from tests.teams.logged import a_flag
from tests.teams.lookups import last_line
from tests.teams.visits.doors import QUYNH, UONG, a_good_visit, log, told
from tests.visitor import Visitor, visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def the_form(at: Visitor, found: UUID, **changes: str | list[str]) -> dict[str, Any]:
    """The fields of the edit form as the page gives them, with some typed over."""
    page = (await at.get(f"/visits/{found}/edit")).text
    fields: dict[str, Any] = {}
    for name in ("version", "day", "time", "witness", "follow_up_on"):
        match = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
        assert match, name
        fields[name] = match[1]
    for group in re.findall(r'role="group".*?</div>', page, re.DOTALL):
        for name in ("service", "outcome", "obstacle", "referral", "resident"):
            select = re.search(rf'<select[^>]*name="{name}".*?</select>', group, re.DOTALL)
            hidden = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', group)
            assert select or hidden, name
            chosen = re.search(r'value="([^"]*)" selected', select[0]) if select else hidden
            fields.setdefault(name, []).append(chosen[1] if chosen else "")
    return {
        **fields,
        "met": "met",
        "consent": "consent",
        "consent_method": "tapped",
        "place": "home",
        "note": "Đã cài xong",
        "participants": re.findall(r'name="participants" value="([^"]+)"[^>]* checked', page),
        "why": "Ghi nhầm kết quả",
        **changes,
    }


async def test_the_author_changes_it_and_the_past_is_told_in_sentences() -> None:
    found = await a_good_visit()
    async with await visit(HOANG) as hoang:
        sent = await the_form(hoang, found)
        sent["outcome"] = ["independent", *sent["outcome"][1:]]
        answer = await hoang.post(f"/visits/{found}/edit", sent)
        assert answer.status_code == 303, answer.text
        with few_queries(7):  # the toast's page, first look of the day
            page = (await hoang.get(f"/visits/{found}")).text
    assert "Hồ Minh Hoàng sửa việc và kết quả, ghi chú: Ghi nhầm kết quả." in page
    assert "Đã cài xong" in page
    assert (await last_line("visit.edit"))["subject"] == found
    outcomes = await run("SELECT outcome FROM support WHERE visit = {} ORDER BY line", found)
    assert [line["outcome"] for line in outcomes] == ["independent", "independent"]
    people = await value("SELECT count(*) AS n FROM participant WHERE visit = {}", found)
    assert people == 2


async def test_another_day_to_come_back_is_no_withdrawal_in_the_past_of_a_visit() -> None:
    found = await a_good_visit()
    async with await visit(TAM) as tam:
        day = f"{clock.today() + timedelta(days=9):%d/%m/%Y}"
        same = {"note": "Hẹn cài lại ứng dụng", "why": "Hẹn lại với bà"}
        sent = await the_form(tam, found, follow_up_on=day, **same)
        assert (await tam.post(f"/visits/{found}/edit", sent)).status_code == 303
        page = (await tam.get(f"/visits/{found}")).text
        assert "Lê Minh Tâm lưu lại lượt hỗ trợ: Hẹn lại với bà." in page
        gone = {"why": "Nhập nhầm hộ", "version": "2"}
        await tam.post(f"/visits/{found}/withdrawal", gone)
        page = (await tam.get(f"/visits/{found}")).text
    assert "Lê Minh Tâm rút lại lượt hỗ trợ: Nhập nhầm hộ." in page
    assert "Lê Minh Tâm lưu lại lượt hỗ trợ: Hẹn lại với bà." in page


async def test_the_page_of_an_edited_visit_with_flags_asks_six_questions_at_most() -> None:
    found = await a_good_visit()
    await a_flag(found)
    async with await visit(TAM) as tam:
        assert (
            await tam.post(f"/visits/{found}/edit", await the_form(tam, found))
        ).status_code == 303
        await tam.get(f"/visits/{found}")
        with few_queries():
            await tam.get(f"/visits/{found}")


async def test_a_line_may_be_taken_out_and_one_added() -> None:
    found = await a_good_visit()
    async with await visit(TAM) as tam:
        sent = await the_form(tam, found)
        sent["service"] = ["", "fraud_safety", "qr_payment", "", ""]
        sent["outcome"] = ["assisted", "independent", "on_behalf", "", ""]
        answer = await tam.post(f"/visits/{found}/edit", sent)
    assert answer.status_code == 303, answer.text
    lines = await run("SELECT service, outcome FROM support WHERE visit = {} ORDER BY line", found)
    assert [tuple(line.values()) for line in lines] == [
        ("fraud_safety", "independent"),
        ("qr_payment", "on_behalf"),
    ]


async def test_wrong_fields_come_back_beside_what_was_typed() -> None:
    found = await a_good_visit()
    async with await visit(TAM) as tam:
        sent = await the_form(tam, found, why="", time="25:99", note="Ghi chú của Tâm")
        wrong = await tam.post(f"/visits/{found}/edit", sent)
        sent = await the_form(tam, found, note="mã OTP là 482913")
        secret = await tam.post(f"/visits/{found}/edit", sent)
    assert wrong.status_code == secret.status_code == 422
    assert "Ghi chú của Tâm" in wrong.text
    assert "Nhập giờ như 09:42." in wrong.text
    assert "note-wrong" in secret.text


async def test_a_service_without_its_outcome_says_what_is_missing_above_the_services() -> None:
    found = await a_good_visit()
    async with await visit(HOANG) as hoang:
        sent = await the_form(hoang, found, why="", time="25h")
        sent["outcome"] = ["", *sent["outcome"][1:]]
        page = (await hoang.post(f"/visits/{found}/edit", sent)).text
    said = 'href="#supports">Việc và kết quả: Chọn kết quả cho từng việc.</a>'
    assert said in page
    assert 'href="#why">Vì sao bạn sửa? Điền ô này.</a>' in page
    assert 'href="#time">Giờ: ' in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"met": "absent"}, "supports"),
        ({"consent": ""}, "consent"),
        ({"follow_up_on": "01/01/2026"}, "follow_up_on"),
    ],
)
async def test_what_contradicts_another_field_is_said_beside_it(
    changes: dict[str, str], field: str
) -> None:
    found = await a_good_visit()
    async with await visit(HOANG) as hoang:
        sent = await the_form(hoang, found, **changes)
        answer = await hoang.post(f"/visits/{found}/edit", sent)
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text
    assert f'href="#{field}"' in answer.text


@pytest.mark.parametrize("typed", ["9h05", "9g05", "9.05", "09 05", "0905"])
async def test_the_time_is_typed_as_one_writes_it(typed: str) -> None:
    found = await a_good_visit()
    async with await visit(HOANG) as hoang:
        day = f"{clock.today() - timedelta(days=1):%d/%m/%Y}"
        sent = await the_form(hoang, found, time=typed, day=day)
        answer = await hoang.post(f"/visits/{found}/edit", sent)
        assert answer.status_code == 303, answer.text
        assert 'value="09:05"' in (await hoang.get(f"/visits/{found}/edit")).text


async def test_a_day_on_which_nobody_served_is_wrong_beside_the_day_at_a_market_too() -> None:
    form = check(VisitForm, (await told(UONG)).model_dump() | {"household": None})
    market = await log_visit(await who_is(HAN), form, "page")
    async with await visit(HAN) as han:
        sent = await the_form(han, market.id, day="01/03/2021")
        wrong = await han.post(f"/visits/{market.id}/edit", sent)
    assert wrong.status_code == 422
    assert 'id="day-wrong"' in wrong.text


async def test_two_at_once_see_each_others_values() -> None:
    found = await a_good_visit()
    async with await visit(TAM) as tam, await visit(HOANG) as hoang:
        mine, his = await the_form(tam, found), await the_form(hoang, found, note="Của Hoàng")
        assert (await hoang.post(f"/visits/{found}/edit", his)).status_code == 303
        late = await tam.post(f"/visits/{found}/edit", {**mine, "note": "Của Tâm"})
        assert late.status_code == 409
        assert "Của Hoàng" in late.text
        assert "Của Tâm" in late.text
        again = {**mine, "note": "Của Tâm", "version": "2"}
        assert 'name="version" value="2"' in late.text
        assert (await tam.post(f"/visits/{found}/edit", again)).status_code == 303


async def test_a_leader_who_neither_made_nor_told_it_may_not_change_it() -> None:
    found = await a_good_visit()
    async with await visit(HAN) as han:
        assert (await han.get(f"/visits/{found}")).status_code == 200
        assert (await han.get(f"/visits/{found}/edit")).status_code == 403
        assert (await han.get(f"/visits/{found}/withdrawal")).status_code == 403


async def test_after_its_hours_the_author_is_sent_to_the_coordinator() -> None:
    found = await a_good_visit()
    long_ago = clock.now() - timedelta(days=400)
    await run("UPDATE visit SET received_at = {} WHERE id = {}", long_ago, found)
    async with await visit(HOANG) as hoang:
        late = await hoang.get(f"/visits/{found}/edit")
    assert late.status_code == 403
    assert "Bạn nhờ điều phối viên" in late.text


async def test_the_form_says_who_was_helped_and_to_whom_they_were_sent() -> None:
    tam, household = await who_is(TAM), await id_of(UONG)
    named = ResidentForm(name="Lê Văn Tám", consent_method="tapped")
    tams, nameless = (
        await add_resident(tam, household, named),
        await add_resident(tam, household, ResidentForm(age_band="60_up", sex="female")),
    )
    found = await a_good_visit()
    async with await visit(TAM) as page:
        form = await the_form(page, found)
        form["resident"] = [str(tams), str(nameless), "", "", ""]
        form["referral"] = ["commune_police", "", "", "", ""]
        answer = await page.post(f"/visits/{found}/edit", form)
        assert answer.status_code == 303, answer.text
        shown = (await page.get(f"/visits/{found}")).text
        again = await the_form(page, found)
    assert "Lê Văn Tám" in shown
    assert "Công an xã" in shown
    assert again["resident"] == [str(tams), str(nameless), "", "", ""]
    lines = await run(
        "SELECT resident, referral FROM support WHERE visit = {} ORDER BY line", found
    )
    assert [tuple(line.values()) for line in lines] == [(tams, "commune_police"), (nameless, None)]


async def test_whom_nobody_may_name_is_not_offered_by_name() -> None:
    tam, household = await who_is(TAM), await id_of(UONG)
    for one in (
        ResidentForm(name="Lê Văn Tám", consent_method="tapped"),
        ResidentForm(age_band="60_up", sex="female"),
    ):
        await add_resident(tam, household, one)
    logged = await log(await who_is(HOANG), UONG, consent="anonymous")
    async with await visit(TAM) as page:
        shown = (await page.get(f"/visits/{logged.id}/edit")).text
    assert "Lê Văn Tám" not in shown
    assert "Từ 60 tuổi" in shown
    stranger = await id_of(QUYNH)
    async with await visit(TAM) as page:
        form = await the_form(page, logged.id, resident=[str(stranger), "", "", ""])
        refused = await page.post(f"/visits/{logged.id}/edit", {**form, "consent": "anonymous"})
    assert refused.status_code == 422
    assert "supports-wrong" in refused.text
