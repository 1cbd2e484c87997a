"""The pages of households, and the same for programs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from demo.cast import HAN, HOA, HOANG, TAM, TOAN
from kit import clock
from teams.households.coverage import set_hamlet_count
from teams.households.forms import HamletCountForm, MergeForm
from teams.households.history import list_consents
from teams.households.merging import merge_households
from tests.queries import few_queries
from tests.teams.households.homes import HY, ON, QUYNH, UONG, WITH_CONSENT, a_visit, home
from tests.teams.lookups import BINH_HOA
from tests.things import a_follow_up
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def path_of(head: str) -> str:
    """The address of a household's card."""
    return f"/households/{await id_of(head)}"


async def test_the_list_says_whom_to_visit_in_few_queries() -> None:
    await a_visit(UONG, clock.today() - timedelta(days=34))
    await a_visit(QUYNH, clock.today() - timedelta(days=30))
    form = HamletCountForm(
        area=await id_of("Khu phố Bình Hòa"),
        households=420,
        as_of=clock.today(),
        source="Công an xã",
    )
    await set_hamlet_count(await who_is(TAM), form)
    async with await visit(HAN) as han:
        await han.get("/households")
        with few_queries():
            page = await han.get("/households")
        overdue = await han.get("/households?show=overdue&q=uong")
    for words in ("Hộ của tổ", "Quá hạn 4 ngày", "Đến hạn hôm nay", "Chưa đến", "2/420 hộ"):
        assert words in page.text
    assert f"Công an xã, {clock.today():%d/%m/%Y}" in page.text
    assert UONG in overdue.text
    assert QUYNH not in overdue.text


async def test_without_a_count_nothing_is_said_to_be_zero() -> None:
    async with await visit(HAN) as han:
        page = await han.get("/households")
        nobody = await han.get("/households?q=khong-co")
        paused = await han.get("/households?show=muted")
    assert "trên tổng số —" in page.text
    assert "Không tìm thấy hộ nào" in nobody.text
    assert "Không có hộ nào tạm dừng" in paused.text


async def test_the_card_tells_everything_in_few_queries() -> None:
    await a_visit(UONG, clock.today() - timedelta(days=34), ("vneid_2",))
    await a_visit(UONG, clock.today() - timedelta(days=40), ("pay_water",), basis="anonymous")
    card = await path_of(UONG)
    async with await visit(HOANG) as hoang:
        made = await hoang.post(f"{card}/residents/new", {**WITH_CONSENT, "consent_text": "1"})
        assert made.headers["location"] == card
        await hoang.get(card)
        with few_queries():
            page = await hoang.get(card)
    for words in ("HN-012", "Tổ 3, ngõ 12", "Nguyễn Văn Bảy", "bấm trên máy", "Rút lại"):
        assert words in page.text
    assert "Định danh điện tử VNeID mức 2: có hướng dẫn" in page.text
    assert "Đã gặp, không ghi tên" in page.text
    assert "Thanh toán tiền nước" not in page.text


async def test_more_than_five_visits_are_shown_when_asked_for() -> None:
    for days in range(7):
        await a_visit(UONG, clock.today() - timedelta(days=10 + days), ("vneid_2",))
    card = await path_of(UONG)
    async with await visit(HAN) as han:
        page, whole = await han.get(card), await han.get(f"{card}?visits=all")
    assert page.text.count("có hướng dẫn") == 5
    assert "Xem thêm" in page.text
    assert whole.text.count("có hướng dẫn") == 7


async def test_adding_shows_twins_and_keeps_what_was_typed() -> None:
    sent = {"area": str(await id_of("Khu phố Bình Hòa")), "head": UONG, "address": "Tổ 77"}
    async with await visit(HOANG) as hoang:
        answer = await hoang.post("/households/new", sent)
        assert answer.status_code == 409
        assert await path_of(UONG) in answer.text
        assert "Tổ 77" in answer.text
        made = await hoang.post("/households/new", {**sent, "really_new": "true", "fibre": "true"})
        assert made.status_code == 303
        wrong = await hoang.post("/households/new", {**sent, "head": "", "people": "500"})
    assert wrong.status_code == 422
    assert "Tổ 77" in wrong.text


async def test_editing_shows_the_values_of_who_was_faster() -> None:
    card = await path_of(UONG)
    sent = {"area": str(await id_of("Khu phố Bình Hòa")), "head": UONG, "version": "1"}
    async with await visit(HAN) as han:
        first = await han.post(f"{card}/edit", {**sent, "address": "Ngõ của Hân"})
        late = await han.post(f"{card}/edit", {**sent, "address": "Ngõ khác"})
    assert first.status_code == 303
    assert late.status_code == 409
    assert "Ngõ của Hân" in late.text
    assert "Ngõ khác" in late.text


async def test_pausing_and_taking_up_again() -> None:
    card = await path_of(HY)
    async with await visit(HAN) as han:
        sent = {"on": f"{clock.today():%d/%m/%Y}", "reason": "Chuyển về quê", "version": "1"}
        await han.post(f"{card}/pause", sent)
        page = await han.get(card)
        assert "Chuyển về quê" in page.text
        assert "visits/new" not in page.text
        await han.post(f"{card}/return", {"version": "2"})
        assert "Chuyển về quê" not in (await han.get(card)).text


async def test_merging_is_shown_first_and_undone_from_the_card() -> None:
    card, gone = await path_of(UONG), await id_of(QUYNH)
    async with await visit(HAN) as han:
        found = await han.get(f"{card}/merging?q=quynh")
        assert f"gone={gone}" in found.text
        before = await han.get(f"{card}/merging?gone={gone}")
        assert "Không có gì bị xóa" in before.text
        await han.post(f"{card}/merging", {"gone": str(gone)})
        old = await han.get(f"/households/{gone}")
        assert old.headers["location"] == card
        assert "Hoàn tác việc gộp" in (await han.get(card)).text
        await han.post(f"/households/{gone}/separation")
    assert (await home(QUYNH)).merged_into is None


async def test_merging_shows_both_and_may_be_turned_round() -> None:
    new, known = await id_of(QUYNH), await id_of(UONG)
    async with await visit(HAN) as han:
        asked = (await han.get(f"/households/{new}/merging?gone={known}")).text
        assert asked.index("Hộ ở lại danh sách") < asked.index("Hộ sẽ rời danh sách")
        round_about = f"/households/{known}/merging?gone={new}"
        assert f'href="{round_about}"' in asked
        assert f"Gộp {QUYNH} vào {UONG}" in (await han.get(round_about)).text


async def test_withdrawing_a_consent_says_what_it_does() -> None:
    card = await path_of(UONG)
    async with await visit(HAN) as han:
        await han.post(f"{card}/residents/new", WITH_CONSENT)
        [consent] = await list_consents(await id_of(UONG))
        asked = await han.get(f"/consents/{consent.id}/withdrawal")
        assert "Tên và ghi chú của các lượt hỗ trợ được xóa hẳn" in asked.text
        await han.post(f"/consents/{consent.id}/withdrawal")
        page = await han.get(card)
    assert "Nguyễn Văn Bảy" not in page.text
    assert "Từ 60 tuổi" in page.text


async def test_a_count_of_a_hamlet_is_entered_with_its_source() -> None:
    sent = {"area": str(await id_of("Ấp 1")), "households": "310", "source": "Trưởng ấp"}
    async with await visit(TAM) as tam:
        wrong = await tam.post("/hamlet-counts", sent)
        assert wrong.status_code == 422
        await tam.post("/hamlet-counts", {**sent, "as_of": f"{clock.today():%d/%m/%Y}"})
        page = await tam.get("/hamlet-counts")
    assert "310" in page.text
    assert "Trưởng ấp" in page.text


async def test_programs_list_add_and_change_households() -> None:
    area = str(await id_of("Khu phố Bình Hòa"))
    async with await visit(HOA) as hoa:
        url = "/api/v1/households"
        twins = await hoa.http.post(url, json={"area": area, "head": UONG})
        assert twins.status_code == 409
        assert twins.json()["theirs"][0]["code"] == "HN-012"
        made = await hoa.http.post(url, json={"area": area, "head": "Phan Văn Mới", "fibre": True})
        assert (made.status_code, made.json()["fibre"]) == (201, True)
        mine = made.headers["location"]
        changed = await hoa.http.patch(mine, json={"address": "Tổ 9", "version": 1})
        assert (changed.json()["address"], changed.json()["fibre"]) == ("Tổ 9", True)
        late = await hoa.http.patch(mine, json={"address": "Tổ 8", "version": 1})
        assert (late.status_code, late.json()["theirs"]["address"]) == (409, "Tổ 9")
        found = await hoa.get(f"{url}?q=moi&limit=1&due=unreached")
    assert [one["head"] for one in found.json()["items"]] == ["Phan Văn Mới"]


async def test_tam_narrows_the_list_to_a_commune_and_a_team() -> None:
    lang, team = await id_of("Xã Bình Lãng"), await id_of(BINH_HOA)
    async with await visit(TAM) as tam:
        whole = (await tam.get("/households")).text
        with few_queries():
            there = (await tam.get(f"/households?area={lang}")).text
        theirs = (await tam.get(f"/households?team={team}")).text
        hamlet = (await tam.get(f"/households?area={await id_of('Ấp 1')}")).text
    for page in (whole, there, theirs):
        assert 'name="area"' in page
        assert 'name="team"' in page
    assert (UONG in whole, ON in whole) == (True, True)
    assert (UONG in there, ON in there) == (False, True)
    assert (UONG in theirs, ON in theirs) == (True, False)
    assert f'<option value="{lang}" selected>' in there
    assert f'<option value="{team}" selected>' in theirs
    assert "selected>Ấp 1</option>" in hamlet
    async with await visit(HAN) as han:
        assert "<select" not in (await han.get("/households")).text


async def test_a_merging_is_undone_from_the_log() -> None:
    tam, keep, gone = await who_is(TAM), await id_of(UONG), await id_of(QUYNH)
    await merge_households(tam, keep, MergeForm(gone=gone))
    undo = f'action="/households/{gone}/separation"'
    async with await visit(TAM) as page:
        assert (await page.get("/audit")).text.count(undo) == 1
        done = await page.post(f"/households/{gone}/separation", {})
        assert done.headers["location"] == f"/households/{gone}"
        assert undo not in (await page.get("/audit")).text
    assert (await home(QUYNH)).merged_into is None
    await merge_households(tam, keep, MergeForm(gone=gone))
    async with await visit(TAM) as page:
        assert (await page.get("/audit")).text.count(undo) == 1


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("edit", "address"),
        ("edit", "source"),
        ("pause", "reason"),
        ("residents/new", "witness"),
    ],
)
async def test_no_secret_gets_into_addresses_and_reasons(path: str, field: str) -> None:
    secret = "Mật khẩu 482913"
    now = await home(UONG)
    form = {
        "head": now.head,
        "area": str(now.area),
        "on": clock.today().isoformat(),
        "reason": "Đi xa",
        "name": "Lê Văn Ba",
        "consent_method": "spoken",
        "witness": "Bà Sáu",
        "version": str(now.version),
        field: secret,
    }
    async with await visit(HAN) as han:
        refused = await han.post(f"{await path_of(UONG)}/{path}", form)
    assert refused.status_code == 422
    assert refused.text.count(secret) >= 1
    assert "không ghi" in refused.text
    assert await home(UONG) == now


async def test_a_follow_up_is_closed_on_the_card() -> None:
    made = await a_visit(UONG, clock.today() - timedelta(days=9))
    one = await a_follow_up(made, due_on=clock.today() - timedelta(days=2), referral="bank")
    card = await path_of(UONG)
    async with await visit(HAN) as han:
        page = (await han.get(card)).text
        for words in ("Quá hạn 2 ngày", "Ngân hàng", f"/follow-ups/{one}/closing"):
            assert words in page
        form = {"reason": "done", "version": "1", "card": card.removeprefix("/households/")}
        done = await han.post(f"/follow-ups/{one}/closing", form)
        assert done.headers["location"] == card
        assert one not in (await han.get(card)).text
    async with await visit(TOAN) as toan:
        assert "/closing" not in (await toan.get(card)).text
