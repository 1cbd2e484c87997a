"""Whom no notice of a session reaches: the trainer sees it, with a phone and a text for Zalo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from demo.cast import HOANG, NGHI
from kit import clock
from kit.database import run
from notices.sending import send_deliveries
from people.permissions import MACHINE
from sessions.courses.commands import CancelForm
from sessions.enrolments.commands import EnrolForm, enrol_people
from sessions.meetings.commands import cancel_session, schedule_sessions
from sessions.meetings.queries import find_meeting
from sessions.meetings.unreached import list_unreached
from tests.courses import a_course, a_time
from tests.mailbox import Mailbox, mailbox
from tests.queries import few_queries, warm
from tests.sessions.lookups import SOON, town
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
ANH, AN = "Cao Thị Ánh", "Bùi Văn An"
SOON_AT = clock.midnight(clock.today()).replace(hour=10)


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server on loopback."""
    with mailbox(monkeypatch) as served:
        yield served


async def a_session(*names: str) -> UUID:
    """A session of Nghị's to come, with trainees."""
    course = await a_course(await town(), trainers=[await id_of(NGHI.name)])
    (meeting,) = await schedule_sessions(MACHINE, course, a_time(SOON, "08:00-11:30"))
    people = [await id_of(name) for name in names]
    await enrol_people(MACHINE, course, EnrolForm(people=people, anyway=True))
    return meeting


async def address(name: str, email: str | None) -> None:
    await run("UPDATE person SET email = {} WHERE id = {}", email, await id_of(name))


async def unreached(meeting: UUID) -> list[tuple[str, str]]:
    """Who is not reached, and why."""
    found = await find_meeting(await who_is(NGHI), meeting)
    return [(one.name, one.why) for one in await list_unreached(found)]


async def test_who_has_neither_account_nor_address_is_not_reached(box: Mailbox) -> None:
    await address(ANH, "anh@toso.test")
    meeting = await a_session(ANH, AN, HOANG.name)
    assert await unreached(meeting) == [(AN, "chưa có địa chỉ thư điện tử")]
    assert box.letters == []


async def test_who_had_the_last_mail_returned_is_not_reached_until_one_arrives(
    box: Mailbox,
) -> None:
    await address(AN, "sai@toso.test")
    meeting = await a_session(AN)
    assert await unreached(meeting) == []
    box.answer = lambda stage, _: "550 no such user" if stage == "RCPT" else ""
    with clock.frozen(clock.midnight(clock.today()).replace(hour=9)):
        gone = CancelForm(reason="Mưa bão", version=1)
        await cancel_session(MACHINE, meeting, gone)
        assert await send_deliveries() == "dead 1"
    assert await unreached(meeting) == [(AN, "thư gần nhất gửi không đến")]
    box.answer = lambda *_: ""
    await run("UPDATE delivery SET state = 'waiting', next_at = {} WHERE state = 'dead'", SOON_AT)
    with clock.frozen(SOON_AT):
        assert await send_deliveries() == "sent 1"
    assert await unreached(meeting) == []


async def test_who_has_another_address_since_is_reached_until_that_one_is_refused_too(
    box: Mailbox,
) -> None:
    await address(AN, "sai@toso.test")
    meeting, other = await a_session(AN), await a_session(AN)
    box.answer = lambda stage, _: "550 no such user" if stage == "RCPT" else ""
    gone = CancelForm(reason="Mưa bão", version=1)
    with clock.frozen(SOON_AT):
        await cancel_session(MACHINE, meeting, gone)
        assert await send_deliveries() == "dead 1"
    await address(AN, "dung@toso.test")
    assert await unreached(other) == []
    await address(AN, "sai@toso.test")
    assert await unreached(other) == [(AN, "thư gần nhất gửi không đến")]
    await address(AN, None)
    assert await unreached(other) == [(AN, "chưa có địa chỉ thư điện tử")]
    await address(AN, "cung-sai@toso.test")
    with clock.frozen(SOON_AT):
        await cancel_session(MACHINE, other, gone)
        assert await send_deliveries() == "dead 1"
    assert await unreached(other) == [(AN, "thư gần nhất gửi không đến")]


async def test_the_page_names_who_has_another_address_no_longer(box: Mailbox) -> None:
    await address(AN, "sai@toso.test")
    meeting, other = await a_session(AN), await a_session(AN)
    box.answer = lambda stage, _: "550 no such user" if stage == "RCPT" else ""
    with clock.frozen(SOON_AT):
        await cancel_session(MACHINE, meeting, CancelForm(reason="Mưa bão", version=1))
        await send_deliveries()
    async with await visit(NGHI) as nghi:
        assert "thư gần nhất gửi không đến" in (await nghi.get(f"/sessions/{other}")).text
        await address(AN, "dung@toso.test")
        assert "không nhận được thông báo" not in (await nghi.get(f"/sessions/{other}")).text


async def test_without_a_mail_server_only_accounts_are_reached_and_a_locked_one_is_none() -> None:
    await address(ANH, "anh@toso.test")
    meeting = await a_session(ANH, HOANG.name)
    assert await unreached(meeting) == [(ANH, "hệ thống chưa gửi được thư điện tử")]
    hoang = await id_of(HOANG.name)
    await run("UPDATE account SET locked_at = {} WHERE person = {}", clock.now(), hoang)
    assert [name for name, _ in await unreached(meeting)] == [ANH, HOANG.name]


async def test_the_trainer_sees_them_with_a_text_for_zalo_and_a_trainee_does_not() -> None:
    meeting = await a_session(AN, HOANG.name)
    await warm()
    async with await visit(NGHI) as nghi:
        await nghi.get(f"/sessions/{meeting}")
        with few_queries():
            page = (await nghi.get(f"/sessions/{meeting}")).text
    for word in ("1 học viên không nhận được thông báo", AN, "Chép để gửi Zalo", "08:00–11:30"):
        assert word in page
    async with await visit(HOANG) as hoang:
        page = (await hoang.get(f"/sessions/{meeting}")).text
    assert AN not in page
    assert "Chép để gửi Zalo" not in page


async def test_of_a_session_that_is_over_nobody_is_told_any_more() -> None:
    meeting = await a_session(AN)
    with clock.frozen(clock.midnight(SOON + timedelta(days=1))):
        async with await visit(NGHI) as nghi:
            page = (await nghi.get(f"/sessions/{meeting}")).text
    assert "không nhận được thông báo" not in page
