"""Who took part, and how many days that makes."""

from __future__ import annotations

from datetime import date

import pytest

from demo.cast import HAN, NGHI, SEN, TAM
from kit.errors import NotFound, Refused
from kit.sheets import read_sheet
from teams.participation import queries
from teams.participation.queries import LedgerFilter, count_ledger, find_days, list_ledger
from tests.queries import few_queries
from tests.teams.logged import a_visit, withdrawn
from tests.teams.lookups import BINH_HOA, how_many, last_line
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

HOANG, XUAN, DAT, TRAM = (
    "Hồ Minh Hoàng",
    "Phạm Thị Xuân",
    "Lâm Quốc Đạt",
    "Trần Thị Ngọc Trâm",
)
NOVEMBER = LedgerFilter(month="2026-11")
AUTUMN = LedgerFilter(since=date(2026, 10, 1), until=date(2026, 11, 30))


async def some_weeks() -> None:
    """Hoàng: two visits on the 3rd, one on the 5th, one in October; Xuân helps once; Trâm, in
    Bình Lãng, once; Đạt's only visit was withdrawn."""
    await a_visit([HOANG, XUAN], date(2026, 11, 3))
    await a_visit([HOANG], date(2026, 11, 3))
    await a_visit([HOANG], date(2026, 11, 5), met="absent")
    await a_visit([HOANG], date(2026, 10, 31))
    await withdrawn(await a_visit([DAT], date(2026, 11, 5)))
    await a_visit([TRAM], date(2026, 11, 6), team="Tổ CNSCĐ ấp 1", area="Ấp 1")


async def test_a_day_counts_once_however_many_visits_it_has() -> None:
    await some_weeks()
    tam = await who_is(TAM)
    lines, following = await list_ledger(tam, NOVEMBER)
    assert [(x.name, x.total, x.visits) for x in lines] == [
        (HOANG, 2, 3),
        (TRAM, 1, 1),
        (XUAN, 1, 1),
    ]
    assert following == ""
    totals = await count_ledger(tam, NOVEMBER)
    assert (totals.people, totals.days, totals.visits) == (3, 4, 4)


async def test_a_period_of_months_tells_each_of_them() -> None:
    await some_weeks()
    lines, _more = await list_ledger(await who_is(TAM), AUTUMN)
    assert lines[0].days == {"2026-10": 1, "2026-11": 2}
    assert lines[0].total == 3


async def test_a_leader_counts_the_own_team_and_a_coordinator_the_own_communes() -> None:
    await some_weeks()
    of_han, _more = await list_ledger(await who_is(HAN), NOVEMBER)
    of_sen, _more = await list_ledger(await who_is(SEN), NOVEMBER)
    assert [x.name for x in of_han] == [HOANG, XUAN]
    assert [x.name for x in of_sen] == [TRAM]
    with pytest.raises(NotFound):
        await find_days(await who_is(SEN), await id_of(HOANG), NOVEMBER)


async def test_a_team_and_a_commune_narrow_it() -> None:
    await some_weeks()
    tam = await who_is(TAM)
    team = NOVEMBER.model_copy(update={"team": await id_of(BINH_HOA)})
    area = NOVEMBER.model_copy(update={"area": await id_of("Xã Bình Lãng")})
    assert [x.name for x in (await list_ledger(tam, team))[0]] == [HOANG, XUAN]
    assert [x.name for x in (await list_ledger(tam, area))[0]] == [TRAM]
    assert (await count_ledger(tam, area)).days == 1


async def test_a_ledger_names_the_team_of_the_visits_it_counts() -> None:
    day = date(2026, 11, 3)
    await a_visit([HOANG], day)
    await a_visit([HOANG], day, team="Tổ CNSCĐ ấp 1", area="Ấp 1")
    for player, team in ((HAN, "Tổ CNSCĐ khu phố Bình Hòa"), (SEN, "Tổ CNSCĐ ấp 1")):
        [line], _more = await list_ledger(await who_is(player), NOVEMBER)
        assert line.team_name == team


async def test_more_visits_than_a_page_shows_are_counted_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await some_weeks()
    monkeypatch.setattr(queries, "MOST_DAYS", 2)
    taker, days = await find_days(await who_is(TAM), await id_of(HOANG), NOVEMBER)
    assert (taker.days, taker.visits, len(days)) == (2, 3, 2)
    async with await visit(TAM) as tam:
        shown = await tam.http.get(f"/participation/{taker.id}?month=2026-11")
    assert "2 ngày công" in shown.text
    assert "khoảng thời gian ngắn hơn" in shown.text


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "2026-13", "tháng này"])
async def test_a_month_that_is_none_means_this_one(month: str) -> None:
    async with await visit(TAM) as tam:
        assert (await tam.http.get(f"/participation?month={month}")).status_code == 200


async def test_pages_follow_each_other() -> None:
    await some_weeks()
    tam, names, after = await who_is(TAM), [], ""
    for _page in range(4):
        lines, after = await list_ledger(tam, NOVEMBER.model_copy(update={"after": after}), 1)
        names += [line.name for line in lines]
        if not after:
            break
    assert names == [HOANG, TRAM, XUAN]


async def test_a_period_back_to_front_or_too_long_is_refused_with_a_sentence() -> None:
    tam = await who_is(TAM)
    for wrong in (
        LedgerFilter(since=date(2026, 11, 5), until=date(2026, 11, 1)),
        LedgerFilter(since=date(2024, 1, 1), until=date(2026, 11, 1)),
    ):
        with pytest.raises(Refused) as refused:
            await list_ledger(tam, wrong)
        assert "until" in refused.value.fields
    async with await visit(TAM) as at:
        page = await at.get("/participation?since=05/11/2026&until=01/11/2026")
    assert page.status_code == 200
    assert "Ngày cuối trước ngày đầu." in page.text


async def test_the_workbook_says_what_the_page_says_and_stands_in_the_log() -> None:
    await some_weeks()
    async with await visit(TAM) as tam:
        await tam.get("/participation")  # the first look of the day is written down
        with few_queries():
            page = await tam.get("/participation?month=2026-11")
        answer = await tam.get("/participation.xlsx?month=2026-11")
        again = await tam.get("/participation.xlsx?month=2026-11")
    assert answer.status_code == again.status_code == 200
    lines, _more = await list_ledger(await who_is(TAM), NOVEMBER)
    rows = [cells for _number, cells in read_sheet(answer.content).rows]
    assert rows[0] == ["STT", "Họ và tên", "Tổ", "Ngày công", "Lượt hỗ trợ", "Ký nhận"]
    assert [tuple(r[1:5]) for r in rows[1:-1]] == [
        (x.name, x.team_name, x.total, x.visits) for x in lines
    ]
    assert rows[-1][1:3] == ["Tổng cộng", "Từ 01/11/2026 đến 30/11/2026"]
    assert rows[-1][3] == sum(x.total for x in lines) == 4
    assert "3 người · 4 ngày công · 4 lượt" in page.text
    for line in lines:
        assert line.name in page.text
    assert await how_many("participation.export") == 2
    assert (await last_line("participation.export"))["doer"] == TAM.name


async def test_months_of_the_workbook_add_up() -> None:
    await some_weeks()
    async with await visit(TAM) as tam:
        answer = await tam.get("/participation.xlsx?since=01/10/2026&until=30/11/2026")
    rows = [cells for _number, cells in read_sheet(answer.content).rows]
    assert rows[0][3:6] == ["Ngày công tháng 10/2026", "Ngày công tháng 11/2026", "Ngày công"]
    assert rows[-1][3:6] == [1, 4, 5]


async def test_single_visits_are_listed_by_person_and_day() -> None:
    await some_weeks()
    async with await visit(HAN) as han:
        answer = await han.get("/participation/visits.xlsx?month=2026-11")
        page = await han.get(f"/participation/{await id_of(HOANG)}?month=2026-11")
    rows = [cells for _number, cells in read_sheet(answer.content).rows]
    assert [(r[0], r[2]) for r in rows[1:]] == [
        (HOANG, date(2026, 11, 3)),
        (HOANG, date(2026, 11, 3)),
        (HOANG, date(2026, 11, 5)),
        (XUAN, date(2026, 11, 3)),
    ]
    assert "2 ngày công" in page.text
    assert "3 lượt" in page.text


async def test_a_trainer_has_no_ledger() -> None:
    async with await visit(NGHI) as nghi:
        assert (await nghi.get("/participation")).status_code == 403
