"""Scheduling, moving and cancelling sessions; what they clash with; calendars of programs."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
import vobject

from demo.cast import HOANG, NGHI, SEN, TAM, TOAN
from kit.database import run
from kit.errors import Forbidden, NotFound, Refused
from people.permissions import MACHINE
from places.tables import Holiday
from sessions.courses.commands import CancelForm
from sessions.enrolments.commands import EnrolForm, enrol_people
from sessions.meetings.commands import MoveForm, cancel_session, move_session, schedule_sessions
from sessions.meetings.queries import Clash, list_meetings
from sessions.words import minutes_of
from tests.courses import a_course, a_time
from tests.sessions.lookups import SOON, meeting_of, town
from tests.teams.lookups import how_many, last_line
from tests.visitor import Visitor, visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

HALL = "Hội trường UBND"


def moved(day: date, hours: str = "08:00-11:30", version: int = 1, venue: str = "") -> MoveForm:
    form = a_time(day, hours, venue=venue)
    times = form.model_dump(exclude={"times", "skip_holidays"})
    return MoveForm.model_validate({**times, "reason": "Giảng viên bận", "version": version})


async def one(title: str = "Kỹ năng số cơ bản", **more: object) -> tuple[UUID, UUID]:
    course = await a_course(await town(), title)
    (meeting,) = await schedule_sessions(MACHINE, course, a_time(SOON, "08:00-11:30", **more))
    return course, meeting


async def test_a_series_is_weekly_and_leaves_out_holidays_on_wish() -> None:
    course, tam = await a_course(await town()), await who_is(TAM)
    await Holiday.insert(Holiday(day=SOON + timedelta(days=7), name="Giỗ Tổ Hùng Vương"))
    await schedule_sessions(tam, course, a_time(SOON, times=3, skip_holidays=True))
    days = [meeting.day for meeting in await list_meetings(course)]
    assert days == [SOON + timedelta(days=7 * week) for week in (0, 2, 3)]
    assert [meeting.periods for meeting in await list_meetings(course)] == [4, 4, 4]
    assert (await last_line("session.schedule"))["doer"] == TAM.name
    with pytest.raises(Refused) as refused:
        await schedule_sessions(tam, course, a_time(SOON, "14:00-16:00", times=2))
    assert [clash.kind for clash in refused.value.details] == ["holiday"]  # type: ignore[attr-defined]


async def test_clashes_of_venue_trainer_and_trainees_are_told_before_saving() -> None:
    nghi = (await who_is(NGHI)).person
    people = EnrolForm(people=[await id_of("Cao Thị Ánh"), await id_of("Bùi Văn An")])
    first, _ = await one("Lớp thứ nhất", venue=HALL, trainer=nghi)
    second = await a_course(await town(), "Lớp thứ hai")
    for course in (first, second):
        await enrol_people(MACHINE, course, people)
    wanted = {"venue": "hoi truong ubnd", "trainer": nghi}
    with pytest.raises(Refused) as refused:
        await schedule_sessions(MACHINE, second, a_time(SOON, "10:00-12:00", **wanted))
    assert refused.value.details == [
        Clash("venue", SOON, "Lớp thứ nhất", "08:00–11:30"),
        Clash("trainer", SOON, "Lớp thứ nhất", "08:00–11:30"),
        Clash("trainees", SOON, "Lớp thứ nhất", "08:00–11:30", 2),
    ]
    anyway = a_time(SOON, "10:00-12:00", **wanted, anyway=True)
    with pytest.raises(Refused) as unsaid:
        await schedule_sessions(MACHINE, second, anyway)
    assert "clash_why" in unsaid.value.fields
    why = {"anyway": True, "clash_why": "Hai nhóm học chung"}
    (made,) = await schedule_sessions(MACHINE, second, a_time(SOON, "10:00-12:00", **wanted, **why))
    assert (await meeting_of(made)).clash_why == "Hai nhóm học chung"
    await schedule_sessions(MACHINE, second, a_time(SOON, "12:00-14:00", **wanted))


async def test_a_clash_with_a_course_beyond_reach_does_not_tell_which_it_is() -> None:
    nghi = (await who_is(NGHI)).person
    await one("Lớp của thị trấn", trainer=nghi)
    course = await a_course(await id_of("Xã Bình Lãng"), trainers=[nghi])
    times = {"day": SOON.strftime("%d/%m/%Y"), "starts": "8h", "ends": "10h", "trainer": str(nghi)}
    async with await visit(SEN) as sen:
        told = await sen.post(f"/courses/{course}/sessions/new", times)
    assert told.status_code == 409
    assert "giảng viên đang dạy lớp “ở địa bàn khác”" in told.text
    assert "Lớp của thị trấn" not in told.text


async def test_the_page_shows_the_clash_and_keeps_what_was_typed() -> None:
    course, _ = await one("Lớp đã có", venue=HALL)
    sent = {"day": SOON.strftime("%d/%m/%Y"), "starts": "8h", "ends": "11:30", "venue": HALL}
    async with await visit(TAM) as tam:
        answer = await tam.post(f"/courses/{course}/sessions/new", {**sent, "topic": "Chủ đề lạ"})
        assert answer.status_code == 409
        for word in ("Lớp đã có", "Lưu dù trùng", "Chủ đề lạ"):
            assert word in answer.text
        why = {"anyway": "1", "clash_why": "Học ghép"}
        saved = await tam.post(f"/courses/{course}/sessions/new", {**sent, **why})
        assert saved.status_code == 303


@pytest.mark.parametrize("typed", ["25:00", "8h75", "tám giờ", ""])
async def test_a_time_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="08:00"):
        minutes_of(typed)


async def test_a_session_cannot_end_before_it_starts() -> None:
    course = await a_course(await town())
    with pytest.raises(Refused) as refused:
        await schedule_sessions(MACHINE, course, a_time(SOON, "11:00-08:00"))
    assert "ends" in refused.value.fields


async def test_moving_is_for_who_may_as_shown_and_heard_by_calendars() -> None:
    _, meeting = await one(venue=HALL)
    later = SOON + timedelta(days=1)
    with pytest.raises(NotFound):
        await move_session(await who_is(SEN), meeting, moved(later))
    with pytest.raises(Forbidden):
        await move_session(await who_is(TOAN), meeting, moved(later))
    tam = await who_is(TAM)
    await move_session(tam, meeting, moved(later, "13:30-16:30", venue=HALL))
    found = await meeting_of(meeting)
    assert (found.day, found.hours, found.sequence) == (later, "13:30–16:30", 1)
    assert found.moved_why == "Giảng viên bận"
    with pytest.raises(Refused) as stale:
        await move_session(tam, meeting, moved(SOON, version=1))
    assert stale.value.status == 409
    same = moved(later, "13:30-16:30", version=2, venue=HALL)
    await move_session(tam, meeting, same)
    assert await how_many("session.move") == 1


async def test_a_cancelled_session_stays_cancelled() -> None:
    _, meeting = await one()
    form = CancelForm(reason="Mất điện", version=1)
    with pytest.raises(Forbidden):
        await cancel_session(await who_is(TOAN), meeting, form)
    await cancel_session(await who_is(TAM), meeting, form)
    await cancel_session(await who_is(TAM), meeting, form)
    assert await how_many("session.cancel") == 1
    with pytest.raises(Refused):
        await move_session(MACHINE, meeting, moved(SOON, version=2))


def events(text: str) -> list[vobject.base.Component]:
    """The events of a calendar, read by a parser of another maker."""
    calendar = vobject.readOne(text)
    assert calendar.vtimezone.tzid.value == "Asia/Ho_Chi_Minh"
    return list(calendar.vevent_list)


async def address_of(visitor: Visitor) -> str:
    """A newly made private address, as a path."""
    made = await visitor.post("/calendar/feed")
    return made.text.split('data-copy="')[1].split('"')[0].removeprefix("http://so.test")


async def test_a_calendar_program_reads_one_session_and_follows_its_change() -> None:
    _, meeting = await one("Lớp; có, dấu\\", venue=HALL, topic="Buổi đầu")
    async with await visit(TAM) as tam:
        (before,) = events((await tam.get(f"/sessions/{meeting}/calendar.ics")).text)
        await move_session(MACHINE, meeting, moved(SOON + timedelta(days=1), "13:00-15:00"))
        await cancel_session(MACHINE, meeting, CancelForm(reason="Mưa bão", version=2))
        (after,) = events((await tam.get(f"/sessions/{meeting}/calendar.ics")).text)
    assert before.summary.value == "Lớp; có, dấu\\: Buổi đầu"
    assert before.location.value == HALL
    assert before.dtstart.value.isoformat() == f"{SOON}T08:00:00+07:00"
    assert (before.uid.value, before.sequence.value) == (after.uid.value, "0")
    assert (after.sequence.value, after.status.value) == ("2", "CANCELLED")
    assert "Mưa bão" in after.description.value


async def test_a_private_feed_shows_only_what_its_maker_learns_and_ends() -> None:
    course, _ = await one("Lớp của Hoàng")
    await one("Lớp của người khác")
    await enrol_people(MACHINE, course, EnrolForm(people=[await id_of(HOANG.name)]))
    async with await visit(HOANG) as hoang, await visit(None) as phone:
        first = await address_of(hoang)
        second = await address_of(hoang)
        assert (await phone.get(first)).status_code == 404
        answer = await phone.get(second)
        assert answer.headers["content-type"].startswith("text/calendar")
        assert [event.summary.value for event in events(answer.text)] == ["Lớp của Hoàng"]
        calendar = await hoang.get(f"/calendar?month={SOON.isoformat()}")
        assert "Lớp của Hoàng" in calendar.text
        assert "Lớp của người khác" not in calendar.text
        await hoang.post("/calendar/feed/ending")
        assert (await phone.get(second)).status_code == 404
    assert await how_many("calendar.share") == 2
    assert await how_many("calendar.unshare") == 1


async def test_another_room_at_the_same_time_is_told_by_its_name() -> None:
    course, meeting = await one("Lớp có người học")
    await enrol_people(MACHINE, course, EnrolForm(people=[await id_of(HOANG.name)]))
    await move_session(MACHINE, meeting, moved(SOON, "08:00-11:30", venue="Hội trường B"))
    async with await visit(HOANG) as hoang:
        inbox = (await hoang.get("/notices")).text
    assert "Buổi học có thay đổi: Lớp có người học" in inbox
    assert "08:00–11:30, tại Hội trường B" in inbox
    assert "Đổi lịch" not in inbox


async def test_trainees_and_the_trainer_are_told_of_each_change() -> None:
    nghi = (await who_is(NGHI)).person
    course, meeting = await one("Lớp có người học", trainer=nghi)
    await enrol_people(MACHINE, course, EnrolForm(people=[await id_of(HOANG.name)]))
    await move_session(MACHINE, meeting, moved(SOON + timedelta(days=1), "13:00-15:00"))
    await cancel_session(MACHINE, meeting, CancelForm(reason="Mưa bão", version=2))
    async with await visit(HOANG) as hoang:
        inbox = (await hoang.get("/notices")).text
    assert "Đổi lịch: Lớp có người học" in inbox
    assert "Lý do: Mưa bão" in inbox
    told = await run("SELECT kind FROM notice WHERE person = {} ORDER BY kind", nghi)
    assert [line["kind"] for line in told] == ["session.moved"]  # then no longer theirs
