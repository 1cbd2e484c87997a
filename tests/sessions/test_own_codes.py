"""Trainees are led to their own code: by the reminder of the day before, and by "My training"."""

from __future__ import annotations

from datetime import timedelta

import pytest

from demo.cast import HOANG, NGHI
from kit import clock
from kit.database import run, value
from notices.sending import send_deliveries
from people.permissions import MACHINE
from sessions.courses.commands import CancelForm as CancelCourse
from sessions.courses.commands import cancel_course
from sessions.enrolments.commands import EnrolForm, WithdrawForm, enrol_people, withdraw_enrolment
from sessions.reminders.jobs import TOMORROW
from tests.mailbox import Mailbox
from tests.queries import few_queries
from tests.sessions.classroom import AN, ANH, HOANG_M, a_classroom, number_of_marks
from tests.sessions.classroom import at as today_at
from tests.sessions.reminders.clockwork import DAY, EVE, a_class, address, at, on, run_at
from tests.sessions.reminders.test_tomorrow import box
from tests.visitor import visit
from tests.world import id_of

__all__ = ["box"]
pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def code_of(name: str) -> str:
    """The personal code of somebody's only enrolment."""
    found = await value("SELECT code FROM enrolment WHERE person = {}", await id_of(name))
    return str(found)


async def links() -> dict[str, str]:
    """Where the reminder leads, by name."""
    found = await run(
        "SELECT p.name, n.link FROM notice n JOIN person p ON p.id = n.person"
        " WHERE n.kind = 'session.tomorrow'"
    )
    return {line["name"]: line["link"] for line in found}


async def test_the_reminder_leads_each_trainee_to_the_own_code_and_the_trainer_to_the_session(
    box: Mailbox,
) -> None:
    await address(ANH, "anh@toso.test")
    _, meeting = await a_class(ANH, AN, HOANG_M)
    await run_at(TOMORROW, at(EVE, "16:00"))
    assert await links() == {
        ANH: f"/c/me/{await code_of(ANH)}",
        HOANG_M: f"/c/me/{await code_of(HOANG_M)}",
        NGHI.name: f"/sessions/{meeting}",
    }
    async with on(at(EVE, "16:01")):
        assert await send_deliveries() == "sent 1"
    (letter,) = box.letters
    body = letter.get_body(("plain",))
    assert body
    assert f"/c/me/{await code_of(ANH)}" in body.get_content()
    assert "đưa mã của mình cho giảng viên quét" in body.get_content()


async def test_the_code_in_the_reminder_marks_nobody_until_a_trainer_scans_it() -> None:
    room = await a_classroom(ANH)
    with clock.frozen(today_at("07:58")):
        async with await visit(None) as phone:
            shown = await phone.get(f"/c/me/{await code_of(ANH)}")
            assert "Đưa mã này cho giảng viên" in shown.text
            code = {"code": await code_of(ANH)}
            refused = await phone.post(f"/sessions/{room.meeting}/scan", code)
            assert refused.status_code == 303
        assert await number_of_marks() == 0
        async with await visit(NGHI) as trainer:
            await trainer.post(f"/sessions/{room.meeting}/scan", {"code": await code_of(ANH)})
    assert await number_of_marks() == 1


async def test_who_teaches_a_session_and_takes_part_is_told_once_as_its_trainer() -> None:
    course, meeting = await a_class(ANH)
    async with on(at(EVE, "09:00")):
        await enrol_people(MACHINE, course, EnrolForm(people=[await id_of(NGHI.name)]))
        await run("UPDATE person SET email = 'anh@toso.test' WHERE name = {}", ANH)
    await run_at(TOMORROW, at(EVE, "16:00"))
    assert (await links())[NGHI.name] == f"/sessions/{meeting}"
    assert await value("SELECT count(*) FROM notice WHERE kind = 'session.tomorrow'") == 2


async def test_my_training_shows_the_codes_of_courses_that_still_meet() -> None:
    tomorrow = clock.today() + timedelta(days=1)
    await a_classroom(HOANG_M, day=tomorrow)
    code = await code_of(HOANG_M)
    async with await visit(HOANG) as hoang:
        with few_queries():
            shown = await hoang.get("/me/training")
        assert f'href="/c/me/{code}"' in shown.text


async def test_a_course_that_is_over_cancelled_or_left_has_no_code_to_show() -> None:
    await a_classroom(HOANG_M, day=clock.today() - timedelta(days=1))
    left = await a_classroom(HOANG_M, title="Lớp đã rút")
    off = await a_classroom(HOANG_M, title="Lớp đã hủy")
    find = "SELECT id FROM enrolment WHERE course = {}"
    version = await value("SELECT version FROM enrolment WHERE course = {}", left.course)
    gone = WithdrawForm(reason="Đi công tác", version=version)
    await withdraw_enrolment(MACHINE, await value(find, left.course), gone)
    await cancel_course(MACHINE, off.course, CancelCourse(reason="Mưa bão", version=1))
    async with await visit(HOANG) as hoang:
        assert "/c/me/" not in (await hoang.get("/me/training")).text


async def test_another_persons_training_shows_no_code() -> None:
    await a_classroom(HOANG_M, day=DAY)
    async with await visit(NGHI) as trainer:
        shown = await trainer.get(f"/people/{await id_of(HOANG_M)}/training")
    assert shown.status_code == 200
    assert "/c/me/" not in shown.text
