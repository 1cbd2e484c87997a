"""Visits at the desk: the list, one visit, changing and withdrawing it on the page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import pytest

from demo.cast import HAN, HOA, HOANG, TAM, TOAN
from kit import clock
from kit.database import run, value
from places.areas.commands import (
    ChangeAreaForm,
    EndAreaForm,
    FoundAreaForm,
    change_area,
    end_area,
    found_area,
)
from teams.households.forms import ResidentForm
from teams.households.residents import add_resident
from tests.queries import few_queries
from tests.teams.logged import a_flag, a_visit
from tests.teams.lookups import BINH_HOA, last_line, team_path
from tests.teams.visits.doors import ON, QUYNH, UONG, log, this_morning
from tests.visitor import Visitor, visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

ANTI_FRAUD = "mã OTP"


async def a_good_visit() -> UUID:
    """Hoàng helps Ưởng with two things; Xuân took part."""
    logged = await log(
        await who_is(HOANG),
        UONG,
        "vneid_2:assisted",
        "fraud_safety:independent",
        participants=[await id_of("Phạm Thị Xuân")],
        note="Hẹn cài lại ứng dụng",
    )
    return logged.id


async def the_form(at: Visitor, found: UUID, **changes: str | list[str]) -> dict[str, object]:
    """The fields of the edit form as the page gives them, with some typed over."""
    page = (await at.get(f"/visits/{found}/edit")).text
    fields: dict[str, object] = {}
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
            fields.setdefault(name, []).append(chosen[1] if chosen else "")  # type: ignore[attr-defined]
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


async def test_the_list_shows_the_newest_first_and_asks_little() -> None:
    hoang = await who_is(HOANG)
    await log(hoang, UONG)
    await log(hoang, QUYNH, met="absent")
    async with await visit(TAM) as tam:
        await tam.get("/visits")
        with few_queries():
            page = await tam.get("/visits")
        found = await tam.get("/visits?q=nguyen thi uong")
        unmet = await tam.get("/visits?met=absent")
    assert UONG in page.text
    assert QUYNH in page.text
    assert UONG in found.text
    assert QUYNH not in found.text
    assert QUYNH in unmet.text
    assert ">None<" not in page.text


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


async def test_the_author_changes_it_and_the_past_is_told_in_sentences() -> None:
    found = await a_good_visit()
    async with await visit(HOANG) as hoang:
        sent = await the_form(hoang, found)
        sent["outcome"] = ["independent", *list(sent["outcome"])[1:]]  # type: ignore[call-overload]
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


async def test_a_leader_who_neither_made_nor_told_it_may_not_change_it() -> None:
    found = await a_good_visit()
    async with await visit(HAN) as han:
        assert (await han.get(f"/visits/{found}")).status_code == 200
        assert (await han.get(f"/visits/{found}/edit")).status_code == 403
        assert (await han.get(f"/visits/{found}/withdrawal")).status_code == 403


async def test_after_its_hours_the_author_is_sent_to_the_coordinator() -> None:
    found = await a_good_visit()
    await value(
        "UPDATE visit SET received_at = {} WHERE id = {} RETURNING id",
        *((await run("SELECT received_at FROM visit"))[0]["received_at"].replace(year=2025), found),
    )
    async with await visit(HOANG) as hoang:
        late = await hoang.get(f"/visits/{found}/edit")
    assert late.status_code == 403
    assert "Bạn nhờ điều phối viên" in late.text


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


async def test_the_page_of_a_team_has_its_visits_beside_its_members() -> None:
    found = await a_good_visit()
    await log(await who_is(TAM), ON, performed_by=await id_of("Trần Thị Ngọc Trâm"))
    async with await visit(HOANG) as hoang:
        at = await team_path(BINH_HOA)
        members = await hoang.get(at)
        with few_queries():
            visits = await hoang.get(f"{at}/visits")
    assert f"{at}/visits" in members.text
    assert f"/visits/{found}" in visits.text
    assert ON not in visits.text


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


async def test_the_list_by_the_borders_of_the_day_and_by_those_of_today() -> None:
    """Bình Hòa moves from the town to Bình Lãng; what was visited before lay in the town."""
    hoa, hoang = await who_is(HOA), await who_is(HOANG)
    town, lang = await id_of("Thị trấn Tân Trụ"), await id_of("Xã Bình Lãng")
    hamlet, moved = await id_of("Khu phố Bình Hòa"), clock.today() - timedelta(days=10)
    before = await log(hoang, UONG, met_at=this_morning() - timedelta(days=12))
    after = await log(hoang, QUYNH, met_at=this_morning() - timedelta(days=3))
    version = await value("SELECT version FROM area_spell WHERE area = {}", hamlet)
    form = ChangeAreaForm(
        name="Khu phố Bình Hòa", parent=lang, since=moved, basis="QĐ 1", version=version
    )
    await change_area(hoa, hamlet, form)
    cases = {
        (town, ""): set(),
        (lang, ""): {before.id, after.id},
        (town, "&map=then"): {before.id},
        (lang, "&map=then"): {after.id},
        (hamlet, "&map=then"): {before.id, after.id},
    }
    async with await visit(HOA) as page:
        for (area, how), expected in cases.items():
            asked = f"area={area}{how}"
            shown = (await page.get(f"/visits?{asked}")).text
            listed = (await page.get(f"/api/v1/visits?{asked}")).json()["items"]
            csv = (await page.get(f"/visits.csv?{asked}")).text
            both = {before.id: UONG, after.id: QUYNH}
            assert {one for one in both if f"/visits/{one}" in shown} == expected, asked
            assert {UUID(one["id"]) for one in listed} == expected, asked
            assert {one for one, head in both.items() if head in csv} == expected, asked
        form_page = (await page.get(f"/visits?area={town}&map=then")).text
        assert "Ranh giới địa bàn" in form_page
        assert "map=then" in form_page.split("/visits.csv")[1][:200]
        assert (await page.get("/api/v1/visits?map=now")).status_code == 400


async def test_a_commune_that_is_no_more_can_be_asked_for() -> None:
    hoa, lang = await who_is(HOA), await id_of("Xã Bình Lãng")
    old = {"kind": "commune", "name": "Xã Cũ", "since": date(2020, 1, 1)}
    parent = await id_of("Huyện Tân Trụ")
    gone = await found_area(hoa, FoundAreaForm.model_validate({**old, "parent": parent}))
    ending = EndAreaForm(on=date(2025, 7, 1), basis="NQ 1687", version=1)
    await end_area(hoa, gone, ending)
    async with await visit(HOA) as page:
        await page.get("/visits")
        with few_queries():
            shown = (await page.get(f"/visits?area={gone}&map=then")).text
        assert "Xã Cũ, đến hết 30/06/2025" in shown
        assert f'<option value="{gone}" selected>' in shown
        assert "Xã Cũ" not in (await page.get(f"/households?area={lang}")).text
