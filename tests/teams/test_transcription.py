"""Paper visits typed in: what a line says, and that a wrong one keeps no other back."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest

from demo.cast import HAN, SEN, TAM, TOAN
from kit import clock
from kit.database import run, value
from tests.queries import few_queries
from tests.teams.lookups import AP_1, BINH_HOA
from tests.teams.visits.doors import QUYNH, UONG, how_many_visits
from tests.visitor import Visitor, visit
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

AT = "/visits/transcription"


def a_noon(day: str) -> datetime:
    """Twelve o'clock in Tân Trụ."""
    return clock.midnight(date.fromisoformat(day)) + timedelta(hours=12)


async def a_sheet(at: Visitor, team: str = BINH_HOA) -> dict[str, str]:
    """The hidden fields of a fresh sheet for Hoàng's paper."""
    page = (await at.get(f"{AT}?team={await id_of(team)}")).text
    ids = dict(re.findall(r'name="(id-\d+)" value="([^"]+)"', page))
    assert len(ids) == 10
    return {
        **ids,
        "team": str(await id_of(team)),
        "performed_by": str(await id_of("Hồ Minh Hoàng")),
    }


def a_line(number: int, household: str, **cells: str) -> dict[str, str]:
    """The cells of a line."""
    whole = {"household": household, "met": "met", "consent": "consent", "supports": "1t 9h"}
    return {f"{name}-{number}": text for name, text in {**whole, **cells}.items()}


async def test_a_leader_types_two_lines_in_for_hoang() -> None:
    async with await visit(HAN) as han:
        await han.get(AT)
        with few_queries():
            await han.get(AT)
        sheet = await a_sheet(han)
        sent = sheet | a_line(1, UONG, day=f"{clock.today():%d/%m/%Y}") | a_line(2, QUYNH)
        answer = await han.post(AT, sent)
        assert answer.status_code == 303, answer.text
        again = await han.post(AT, sent)
        assert again.status_code == 303
    visits = await run(
        "SELECT v.day, v.via, p.name AS performer, e.name AS enterer FROM visit v"
        " JOIN person p ON p.id = v.performed_by JOIN person e ON e.id = v.entered_by"
    )
    assert [tuple(v.values()) for v in visits] == [
        (clock.today(), "paper", "Hồ Minh Hoàng", HAN.name)
    ] * 2
    lines = await run("SELECT outcome FROM support ORDER BY visit, line")
    assert [line["outcome"] for line in lines] == ["independent", "assisted"] * 2
    assert await value("SELECT method FROM consent LIMIT 1") == "signed"


async def test_a_wrong_line_comes_back_with_its_reason_and_the_right_ones_are_saved() -> None:
    async with await visit(HAN) as han:
        sent = (
            await a_sheet(han)
            | a_line(1, "Không Có Ai", day="20/11/2026")
            | a_line(2, UONG, note="Đã dặn con")
            | a_line(3, QUYNH, supports="77t")
            | a_line(4, QUYNH, consent="")
            | a_line(5, QUYNH, note="mã OTP 482913")
            | a_line(6, QUYNH, met="absent", supports="1t", consent="")
        )
        answer = await han.post(AT, sent)
    assert answer.status_code == 422
    assert "Đã lưu 1 lượt." in answer.text
    assert 'value="Không Có Ai"' in answer.text
    assert 'value="77t"' in answer.text
    assert answer.text.count('class="why"') == 5
    assert "Đã dặn con" not in answer.text
    assert await how_many_visits() == 1


async def test_a_household_is_known_by_code_by_name_without_marks_and_by_the_suggestion() -> None:
    code = "HN-077"
    await value(
        "UPDATE household SET code = {} WHERE id = {} RETURNING id", code, await id_of(UONG)
    )
    async with await visit(HAN) as han:
        sent = await a_sheet(han) | a_line(1, "hn-077", day="20/11/2026")
        sent |= a_line(2, "dang van quynh") | a_line(3, f"{code} · {UONG}")
        answer = await han.post(AT, sent)
    assert answer.status_code == 303, answer.text
    found = await run("SELECT h.head FROM visit v JOIN household h ON h.id = v.household")
    assert sorted(line["head"] for line in found) == sorted([UONG, UONG, QUYNH])


@pytest.mark.parametrize(
    ("today", "typed", "day"),
    [
        ("2026-11-30", "29/11", "2026-11-29"),
        ("2026-11-30", "29/11/", "2026-11-29"),
        ("2026-11-30", "5.6", "2026-06-05"),
        ("2027-01-04", "30/12", "2026-12-30"),
    ],
)
async def test_a_day_on_paper_may_leave_out_its_year(today: str, typed: str, day: str) -> None:
    with clock.frozen(a_noon(today)):
        async with await visit(HAN) as han:
            sent = await a_sheet(han) | a_line(1, UONG, day=typed)
            answer = await han.post(AT, sent)
    assert answer.status_code == 303, answer.text
    assert await value("SELECT day FROM visit") == date.fromisoformat(day)


async def test_a_wrong_day_is_mended_once_for_the_lines_that_take_it() -> None:
    async with await visit(HAN) as han:
        lines = a_line(2, QUYNH) | a_line(3, UONG, supports="2t")
        sheet = await a_sheet(han) | lines
        wrong = await han.post(AT, sheet | a_line(1, UONG, day="29.11.26"))
        assert wrong.text.count('value="29.11.26"') == 1
        assert wrong.text.count("sửa ngày ở dòng trên") == 4  # above the sheet, and at the lines
        mended = await han.post(AT, sheet | a_line(1, UONG, day=f"{clock.today():%d/%m/%Y}"))
    assert mended.status_code == 303, mended.text
    assert await how_many_visits() == 3


async def test_a_day_to_come_is_refused_without_its_year_too() -> None:
    with clock.frozen(a_noon("2026-11-30")):
        async with await visit(HAN) as han:
            sent = await a_sheet(han) | a_line(1, UONG, day="1/12")
            answer = await han.post(AT, sent)
    assert answer.status_code == 422
    assert await how_many_visits() == 0


async def test_without_a_household_a_visit_is_only_counted() -> None:
    async with await visit(HAN) as han:
        sent = await a_sheet(han) | a_line(1, "-", day="20/11/2026", consent="anonymous")
        sent |= a_line(2, "-", consent="consent")
        answer = await han.post(AT, sent)
    assert answer.status_code == 422
    found = await run("SELECT household, basis FROM visit")
    assert [tuple(line.values()) for line in found] == [(None, "anonymous")]


async def test_it_must_be_said_whose_paper_it_is_and_blank_lines_are_nothing() -> None:
    async with await visit(HAN) as han:
        sent = await a_sheet(han)
        nothing = await han.post(AT, sent)
        unsaid = await han.post(AT, sent | a_line(1, UONG) | {"performed_by": ""})
    assert nothing.status_code == 303
    assert unsaid.status_code == 422
    assert f'value="{UONG}"' in unsaid.text
    assert await how_many_visits() == 0


async def test_strangers_do_not_find_the_team_and_readers_may_not() -> None:
    async with await visit(HAN) as han, await visit(SEN) as sen, await visit(TOAN) as toan:
        sent = await a_sheet(han) | a_line(1, UONG, day="20/11/2026")
        assert (await sen.post(AT, sent)).status_code == 404
        assert (await toan.post(AT, sent)).status_code == 403
        assert (await han.get(f"{AT}?team={await id_of(AP_1)}")).status_code == 404


async def test_a_coordinator_chooses_the_team_first() -> None:
    async with await visit(TAM) as tam:
        page = await tam.get(AT)
        chosen = await tam.get(f"{AT}?team={await id_of(BINH_HOA)}")
    assert 'name="household-1"' not in page.text
    assert BINH_HOA in page.text
    assert 'name="household-10"' in chosen.text


async def test_the_form_to_print_has_ten_lines_a_page() -> None:
    async with await visit(HAN) as han:
        page = await han.get("/visits/paper?pages=3")
    assert page.text.count("PHIẾU GHI LƯỢT HỖ TRỢ") == 3
    assert page.text.count("<tr><td>10</td>") == 3
    assert "không bao giờ hỏi mật khẩu, mã OTP" in page.text


async def test_the_form_names_whom_to_visit_the_due_ones_first_and_the_log_knows() -> None:
    await value(
        "UPDATE household SET last_met_on = {} WHERE id = {} RETURNING id",
        *(date(2026, 9, 1), await id_of(UONG)),
    )
    async with await visit(HAN) as han:
        blank = await han.get("/visits/paper")
        filled = await han.get("/visits/paper?due=1")
    assert UONG not in blank.text
    assert filled.text.index(UONG) < filled.text.index(QUYNH)
    logged = await value("SELECT count(*) AS n FROM audit_line WHERE action = 'visit.paper'")
    assert logged == 1
