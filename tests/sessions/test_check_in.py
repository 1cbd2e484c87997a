"""Trainees check themselves in with the code of the wall."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from demo.cast import NGHI
from kit import clock
from kit.database import run, value
from kit.errors import NotFound, Refused
from people.permissions import MACHINE
from places.settings.queries import forget_settings
from sessions.checkins.commands import check_in
from sessions.courses.commands import CancelForm
from sessions.enrolments.commands import WithdrawForm, withdraw_enrolment
from sessions.meetings.commands import cancel_session
from tests.queries import few_queries, warm
from tests.sessions.classroom import AN, ANH, HOANG_M, a_classroom, at, ledger, mark, states
from tests.sessions.doors import (
    ADDRESS,
    PHONE,
    arrive,
    minutes,
    open_page,
    ticket_of,
    typed,
    word_on_wall,
)
from tests.teams.lookups import how_many, last_line
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


@pytest.fixture(autouse=True)
async def _two_minutes_to_eight() -> AsyncIterator[None]:
    with clock.frozen(at("07:58")):
        yield


async def test_two_letters_and_three_digits_check_somebody_in() -> None:
    room = await a_classroom()
    receipt = await arrive(room, "an", "101")
    assert not receipt.again
    assert (await states(room))[ANH] == "present"
    [mark_row] = await run("SELECT via, by, device, minutes FROM mark")
    assert dict(mark_row) == {"via": "qr", "by": None, "device": PHONE, "minutes": None}
    line = await last_line("attendance.check_in")
    assert (line["doer"], line["subject"]) == (ANH, room.meeting)


@pytest.mark.parametrize(
    ("letters", "digits"),
    [("Án", "101"), ("cao", "0900000101"), ("CAO THI ANH", "+84 900 000 101"), ("thị á", "0101")],
)
async def test_more_than_asked_for_fits_too(letters: str, digits: str) -> None:
    room = await a_classroom()
    await arrive(room, letters, digits)
    assert (await states(room))[ANH] == "present"


@pytest.mark.parametrize(
    ("letters", "digits"),
    [("an", "999"), ("zz", "101"), ("a", "101"), ("%%", "101"), ("an", "%01"), ("nh", "101")],
)
async def test_nobody_is_told_who_does_not_fit_both(letters: str, digits: str) -> None:
    room = await a_classroom()
    async with await visit(None) as stranger:
        to = await open_page(stranger, room)
        answer = await stranger.post(to, {"letters": letters, "digits": digits})
    assert answer.status_code == 422
    for name in (ANH, AN, HOANG_M, "Ánh", "0900"):
        assert name not in answer.text
    assert f'value="{letters}"' in answer.text.replace("&#37;", "%")
    assert await value("SELECT count(*) FROM mark") == 0


async def test_each_empty_field_has_its_own_sentence() -> None:
    word = await ticket_of(await a_classroom())
    with pytest.raises(Refused) as refused:
        await check_in(word, typed("", "12"), ADDRESS)
    assert set(refused.value.fields) == {"letters", "digits"}


async def test_several_who_fit_choose_and_nobody_else_can_be_chosen() -> None:
    room = await a_classroom(ANH, HOANG_M, "Phạm Minh Hoàng")
    await run("UPDATE person SET phone = {} WHERE name = {}", "+84911000003", "Phạm Minh Hoàng")
    word = await ticket_of(room)
    with pytest.raises(Refused) as refused:
        await check_in(word, typed("ho", "003"), ADDRESS)
    fitting = refused.value.details
    assert isinstance(fitting, list)
    assert [one.name for one in fitting] == [HOANG_M, "Phạm Minh Hoàng"]
    anh = await value("SELECT id FROM enrolment WHERE person = {}", await id_of(ANH))
    with pytest.raises(Refused):
        await check_in(word, typed("ho", "003", anh), ADDRESS)
    await check_in(word, typed("ho", "003", fitting[1].enrolment), ADDRESS)
    assert (await states(room))["Phạm Minh Hoàng"] == "present"
    assert (await states(room))[HOANG_M] is None


async def test_a_second_scan_shows_the_first_time_and_leaves_one_mark() -> None:
    room = await a_classroom()
    await arrive(room, "an", "101")
    with clock.frozen(at("08:20")):
        assert (await arrive(room, "an", "101")).again
        async with await visit(None) as stranger:
            to = await open_page(stranger, room)
            answer = await stranger.post(to, {"letters": "an", "digits": "101"})
            page = await stranger.get(answer.headers["location"])
    assert "Đã điểm danh 07:58" in page.text
    assert "tính theo lần đầu" in page.text
    assert "arrived wait" in page.text
    assert await ledger(room, ANH) == ["present"]
    assert await how_many("attendance.check_in") == 1


async def test_twice_in_the_same_moment_is_once() -> None:
    room = await a_classroom()
    receipts = await asyncio.gather(*(arrive(room, "an", "101") for _ in range(4)))
    assert sorted(receipt.again for receipt in receipts) == [False, True, True, True]
    assert await ledger(room, ANH) == ["present"]


async def test_late_is_set_by_the_clock_and_a_slow_phone_is_not_late() -> None:
    room = await a_classroom()
    with clock.frozen(at("08:10")):
        await arrive(room, "an", "101")
        slow = await ticket_of(room)
    with clock.frozen(at("08:24")):
        await check_in(slow, typed("an", "102"), ADDRESS)
        await arrive(room, "ho", "003")
    assert await states(room) == {ANH: "present", AN: "present", HOANG_M: "late"}
    assert await value("SELECT minutes FROM mark WHERE state = 'late'") == 24


async def test_a_ticket_ends_after_a_quarter_of_an_hour() -> None:
    room = await a_classroom()
    word = await ticket_of(room)
    with clock.frozen(at("07:58") + minutes(15)), pytest.raises(NotFound):
        await check_in(word, typed("an", "101"), ADDRESS)
    with clock.frozen(at("07:58") + minutes(14.9)):
        await check_in(word, typed("an", "101"), ADDRESS)


async def test_the_code_of_the_wall_alone_checks_nobody_in() -> None:
    room = await a_classroom()
    with pytest.raises(NotFound):
        await check_in(await word_on_wall(room), typed("an", "101"), ADDRESS)


async def test_the_page_opens_within_the_grace_and_then_no_more() -> None:
    room = await a_classroom()
    word = await word_on_wall(room)
    async with await visit(None) as stranger:
        with clock.frozen(at("07:58") + timedelta(seconds=119)):
            assert (await stranger.get(f"/c/{word}")).status_code == 200
        with clock.frozen(at("07:58") + timedelta(seconds=120)):
            stale = await stranger.get(f"/c/{word}")
    assert stale.status_code == 404
    assert "không còn dùng được" in stale.text


@pytest.mark.parametrize(
    ("hours", "is_open"),
    [("06:59", False), ("07:00", True), ("11:59", True), ("12:00", False)],
)
async def test_the_door_opens_an_hour_before_and_shuts_half_an_hour_after(
    hours: str, is_open: bool
) -> None:
    room = await a_classroom()
    with clock.frozen(at(hours)):
        word = await ticket_of(room)
        if is_open:
            await check_in(word, typed("an", "101"), ADDRESS)
            return
        with pytest.raises(Refused):
            await check_in(word, typed("an", "101"), ADDRESS)
        async with await visit(None) as stranger:
            page = await stranger.get(f"/c/{word}")
    assert "<input" not in page.text.partition("<main")[2].partition("</main>")[0]


async def test_the_minutes_of_the_door_are_settings() -> None:
    room = await a_classroom()
    for key, minutes_set in (
        ("checkin.opens", 5),
        ("checkin.closes", 0),
        ("checkin.late_after", 0),
    ):
        await run(
            "INSERT INTO setting (key, value, changed_at) VALUES ({}, {}, {})",
            *(key, str(minutes_set), clock.now()),
        )
    forget_settings()
    for hours, outcome in (("07:54", None), ("07:55", "present"), ("08:01", "late")):
        with clock.frozen(at(hours)):
            if outcome is None:
                with pytest.raises(Refused):
                    await arrive(room, "an", "101")
                continue
            await arrive(room, "an", "101" if outcome == "present" else "102")
    assert await states(room) == {ANH: "present", AN: "late", HOANG_M: None}
    with clock.frozen(at("11:30")), pytest.raises(Refused):
        await arrive(room, "ho", "003")


async def test_nobody_checks_into_a_cancelled_session() -> None:
    room = await a_classroom()
    word = await ticket_of(room)
    await cancel_session(MACHINE, room.meeting, CancelForm(reason="Mất điện", version=1))
    with pytest.raises(Refused):
        await check_in(word, typed("an", "101"), ADDRESS)


async def test_who_left_the_course_or_never_joined_is_nobody() -> None:
    room = await a_classroom(ANH, AN)
    enrolment = await value("SELECT id FROM enrolment WHERE person = {}", await id_of(ANH))
    version = await value("SELECT version FROM enrolment WHERE id = {}", enrolment)
    gone = WithdrawForm(reason="Trực cơ quan", version=version)
    await withdraw_enrolment(MACHINE, enrolment, gone)
    for letters, digits in (("an", "101"), ("ho", "003")):
        with pytest.raises(Refused):
            await check_in(await ticket_of(room), typed(letters, digits), ADDRESS)


async def test_what_the_trainer_entered_stands() -> None:
    room, nghi = await a_classroom(), await who_is(NGHI)
    await mark(nghi, room, ANH, "excused")
    async with await visit(None) as stranger:
        to = await open_page(stranger, room)
        answer = await stranger.post(to, {"letters": "an", "digits": "101"})
        page = await stranger.get(answer.headers["location"])
    assert "hãy hỏi giảng viên" in page.text
    assert await ledger(room, ANH) == ["excused"]


async def test_who_was_cleared_checks_in_anew() -> None:
    room, nghi = await a_classroom(), await who_is(NGHI)
    await arrive(room, "an", "101")
    await mark(nghi, room, ANH, "cleared", reason="Chưa vào")
    assert (await states(room))[ANH] is None
    assert not (await arrive(room, "an", "101")).again
    assert (await states(room))[ANH] == "present"


async def test_another_language_keeps_the_page_open() -> None:
    room = await a_classroom()
    async with await visit(None) as phone:
        page = await phone.get(f"/c/{await word_on_wall(room)}")
        back = re.search(r'name="back" value="(/c/[\w-]+)"', page.text)
        assert back
        with clock.frozen(at("08:08")):
            led = await phone.post("/language", {"language": "en", "back": back[1]})
            english = await phone.get(led.headers["location"])
            assert "First two letters of your name" in english.text
            answer = await phone.post(back[1], {"letters": "an", "digits": "101"})
    assert answer.status_code == 303


async def test_a_receipt_is_the_ledgers_word_and_ends_with_the_day() -> None:
    room = await a_classroom()
    async with await visit(None) as phone:
        to = await open_page(phone, room)
        answer = await phone.post(to, {"letters": "an", "digits": "101"})
        receipt = answer.headers["location"]
        page = await phone.get(receipt)
        assert "Đã điểm danh 07:58" in page.text
        assert ANH in page.text
        assert "0900" not in page.text
        await mark(await who_is(NGHI), room, ANH, "cleared", reason="Chưa vào")
        assert "Chưa điểm danh" in (await phone.get(receipt)).text
        with clock.frozen(at("07:58") + timedelta(days=1)):
            assert (await phone.get(receipt)).status_code == 404


async def test_the_trainees_page_asks_few_questions_and_writes_nothing() -> None:
    room = await a_classroom()
    await warm()
    async with await visit(None) as phone:
        before = await value("SELECT count(*) FROM audit_line")
        with few_queries():
            await phone.get(f"/c/{await word_on_wall(room)}")
    assert await value("SELECT count(*) FROM audit_line") == before
