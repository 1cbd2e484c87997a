"""A year in the classroom: courses that were held, run, are open, planned or called off, told as a
trainer would. Their days lie around today, so that there is always one today and one tomorrow."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from demo.cast import HAN, HOANG, NGHI
from kit import clock
from kit.database import new_id, run, value
from kit.phones import phone_e164
from kit.spells import EVERYWHERE
from people.permissions import Right, Who
from people.reach import choices_offices
from sessions.attendance.commands import (
    MarkForm,
    finish_attendance,
    mark_attendance,
    mark_rest,
)
from sessions.courses.commands import (
    CancelForm,
    CourseForm,
    OnDayForm,
    QuotasForm,
    cancel_course,
    close_course,
    open_course,
    plan_course,
    set_quotas,
)
from sessions.enrolments.commands import (
    EnrolForm,
    WithdrawForm,
    enrol_people,
    withdraw_enrolment,
)
from sessions.meetings.commands import ScheduleForm, schedule_sessions
from sessions.venues.commands import EndVenueForm, VenueForm, add_venue, end_venue
from sessions.words import minutes_of

HALL, LAB, COMMUNE = "Hội trường UBND huyện", "Phòng máy tính Trường THCS Tân Trụ", "Hội trường xã"
VENUES = {
    HALL: (180, "Số 2 Nguyễn Trung Trực, thị trấn Tân Trụ"),
    LAB: (40, "Khu phố Bình Hòa, thị trấn Tân Trụ"),
    COMMUNE: (80, "Ấp 1, xã Bình Lãng"),
}
OLD_ROOM = "Phòng họp số 3 (nhà làm việc cũ)"
MORNING, AFTERNOON = "08:00-11:30", "13:30-17:00"
AT_THE_END = {MORNING: timedelta(hours=11), AFTERNOON: timedelta(hours=16, minutes=30)}
ODD = {31: "substitute", 23: "unexcused", 13: "excused", 9: "late", 19: "left_early"}
"""Every how many-th of a class was what instead of present."""
PLANNED_BEFORE, OPENED_BEFORE = timedelta(days=40), timedelta(days=30)
SATURDAY = 5


@dataclass(frozen=True)
class Meets:
    """A session, some days from today; one of the past that is not `marked` waits for that."""

    days: int
    hours: str
    venue: str
    topic: str = ""
    marked: bool = True


@dataclass(frozen=True)
class Class:
    """A course as it is told: `people` are enrolled from place `after` of the list of those who
    may be; `deadline` and `closed` are days from today, `places` how many each office may name."""

    theme: str
    title: str
    aim: str
    meets: Sequence[Meets]
    seats: int = 60
    people: int = 0
    after: int = 0
    opened: bool = True
    deadline: int | None = None
    closed: int | None = None
    cancelled: str = ""
    cast: bool = False
    places: int = 0
    more: tuple[tuple[str, Any], ...] = ()


CLASSES = (
    Class(
        "digital_transformation",
        "Nhận thức chung về chuyển đổi số",
        "Nắm chủ trương chuyển đổi số, vai trò của từng vị trí việc làm.",
        [Meets(-245, MORNING, HALL, "Chủ trương và mục tiêu"), Meets(-242, MORNING, HALL)],
        people=56,
        closed=-235,
    ),
    Class(
        "information_safety",
        "An toàn thông tin cho cán bộ xã",
        "Nhận biết lừa đảo trên mạng, bảo vệ tài khoản và dữ liệu công vụ.",
        [
            Meets(-122, MORNING, COMMUNE, "Nhận biết lừa đảo"),
            Meets(-119, AFTERNOON, LAB, "Thực hành bảo vệ tài khoản"),
            Meets(-115, MORNING, COMMUNE, "Ôn tập, kiểm tra"),
        ],
        seats=50,
        people=44,
        after=30,
        closed=-100,
        more=(("pass_mark", 5),),
    ),
    Class(
        "public_reception",
        "Kỹ năng số khi tiếp công dân",
        "Hướng dẫn người dân làm dịch vụ công ngay tại bộ phận một cửa.",
        [
            Meets(-14, MORNING, LAB, "Hồ sơ trực tuyến từ đầu đến cuối"),
            Meets(-2, MORNING, LAB, "Thanh toán và biên lai điện tử", marked=False),
            Meets(0, AFTERNOON, HALL, "Xử lý tình huống tại quầy"),
            Meets(7, MORNING, LAB, "Ôn tập"),
        ],
        seats=40,
        people=34,
        after=60,
    ),
    Class(
        "online_information",
        "Tìm và sử dụng thông tin trên mạng",
        "Tìm đúng văn bản, số liệu chính thức; kiểm chứng tin trước khi chia sẻ.",
        [Meets(1, MORNING, HALL, "Nguồn chính thức"), Meets(8, MORNING, HALL, "Kiểm chứng tin")],
        seats=80,
        people=52,
        after=10,
        deadline=0,
        cast=True,
    ),
    Class(
        "online_services",
        "Dịch vụ công trực tuyến toàn trình",
        "Tiếp nhận và trả kết quả trên môi trường số.",
        [Meets(21, MORNING, LAB), Meets(28, MORNING, LAB)],
        seats=30,
        people=36,
        after=90,
        deadline=3,
    ),
    Class(
        "office_software",
        "Soạn thảo và lưu hồ sơ trên máy",
        "Thành thạo văn bản, bảng tính và hồ sơ công việc điện tử.",
        [Meets(24, MORNING, LAB, "Văn bản"), Meets(31, MORNING, LAB, "Bảng tính")],
        seats=44,
        people=10,
        after=120,
        deadline=9,
        places=2,
    ),
    Class(
        "artificial_intelligence",
        "Sử dụng trí tuệ nhân tạo trong công việc",
        "Dùng đúng, dùng an toàn, không đưa dữ liệu cá nhân lên mạng.",
        [Meets(35, MORNING, HALL)],
        opened=False,
    ),
    Class(
        "digital_documents",
        "Văn bản điện tử và chữ ký số",
        "Soạn, ký và lưu văn bản điện tử đúng thể thức.",
        [Meets(-40, MORNING, HALL), Meets(-37, MORNING, HALL)],
        people=25,
        after=20,
        cancelled="Trùng kỳ họp HĐND huyện, dời sang quý sau",
    ),
)


@dataclass(frozen=True)
class Teller:
    """Who tells, of which area, on which day, and whom courses may take."""

    by: Who
    district: UUID
    today: date
    people: Sequence[UUID]

    def day(self, days: int) -> date:
        """A day from today; one of the past or of later weeks is a working day, and stays there."""
        day = self.today + timedelta(days=days)
        if day.weekday() < SATURDAY or 0 <= days < 2:
            return day
        return day + timedelta(days=(4 if days < 0 else 7) - day.weekday())


async def tell_classes(district: UUID) -> int:
    """Tell every course; how many there are."""
    nghi = await value("SELECT id FROM person WHERE phone = {}", phone_e164(NGHI.phone))
    trainer = Who(nghi, None, NGHI.name, rights=(Right("trainer", path=EVERYWHERE),))
    teller = Teller(trainer, district, clock.today(), await _who_may_learn())
    await _tell_venues(teller)
    for one in CLASSES:
        await _tell(teller, one)
    return len(CLASSES)


async def _tell_venues(teller: Teller) -> None:
    first = min(meets.days for one in CLASSES for meets in one.meets)
    words: dict[str, Any] = {"area": teller.district}
    with _on(teller.day(first) - PLANNED_BEFORE):
        for name, (seats, address) in VENUES.items():
            form = VenueForm(name=name, address=address, seats=seats, **words)
            await add_venue(teller.by, form)
        old = await add_venue(teller.by, VenueForm(name=OLD_ROOM, seats=20, **words))
    with _on(teller.day(-90)):
        await end_venue(teller.by, old, EndVenueForm(on=clock.today(), version=1))


async def _who_may_learn() -> list[UUID]:
    """Those whom a course may take: the officials, and after them the members of teams."""
    found = await run(
        "SELECT p.id FROM person p LEFT JOIN official f ON f.person = p.id AND f.until IS NULL"
        " WHERE p.merged_into IS NULL AND p.phone NOT IN ({}, {})"
        " ORDER BY CASE WHEN f.id IS NULL THEN 1 ELSE 0 END, p.sort, p.id",
        *(phone_e164(HAN.phone), phone_e164(HOANG.phone)),
    )
    return [line["id"] for line in found]


def _on(day: date, hour: timedelta = timedelta(hours=8)) -> AbstractContextManager[None]:
    """At an hour of a day, with the clock stopped there; never later than now."""
    return clock.frozen(min(clock.midnight(day) + hour, clock.now()))


async def _tell(teller: Teller, one: Class) -> None:
    """Plan a course, schedule it, open it and enrol people, each on its day; then end it."""
    first = teller.day(one.meets[0].days)
    with _on(first - PLANNED_BEFORE):
        course = await plan_course(teller.by, _form(teller, one))
        for meets in one.meets:
            await schedule_sessions(teller.by, course, _time(teller, meets))
    if not one.opened:
        return
    with _on(first - OPENED_BEFORE):
        await open_course(teller.by, course, OnDayForm(on=clock.today(), version=1))
        own = await _cast() if one.cast else []
        people = [*own, *teller.people[one.after : one.after + one.people]]
        await _set_places(teller.by, course, one.places)
        await enrol_people(teller.by, course, EnrolForm(people=people, anyway=True))
    await _tell_end(teller, one, course, first)


async def _set_places(by: Who, course: UUID, places: int) -> None:
    """Give every office some places, so that it may name its people by its link."""
    if places:
        offices = [one.id for one in await choices_offices(by)]
        form = QuotasForm(offices=offices, places=[places] * len(offices))
        await set_quotas(by, course, form)


async def _tell_end(teller: Teller, one: Class, course: UUID, first: date) -> None:
    """Cancel a course, or let somebody leave it before it begins and close it in the end."""
    if one.cancelled:
        with _on(first - timedelta(days=5)):
            form = CancelForm(reason=one.cancelled, version=2)
            await cancel_course(teller.by, course, form)
        return
    await _tell_departure(teller.by, course, first)
    await _tell_marks(teller, one, course)
    if one.closed is not None:
        with _on(teller.day(one.closed)):
            await close_course(teller.by, course, OnDayForm(on=clock.today(), version=2))


def _form(teller: Teller, one: Class) -> CourseForm:
    words: dict[str, Any] = {"theme": one.theme, "title": one.title, "aim": one.aim}
    words |= {"area": teller.district, "capacity": one.seats}
    words |= {"required_periods": 4 * len(one.meets), "trainers": [teller.by.person]}
    if one.deadline is not None:
        words["deadline"] = teller.day(one.deadline)
    return CourseForm.model_validate({**words, **dict(one.more)})


def _time(teller: Teller, meets: Meets) -> ScheduleForm:
    starts, _, ends = meets.hours.partition("-")
    hours = {"starts": minutes_of(starts), "ends": minutes_of(ends)}
    words = {"day": teller.day(meets.days), "venue": meets.venue, "topic": meets.topic}
    anyway = {"anyway": True, "clash_why": "Ngày nghỉ, các đơn vị đã thống nhất"}
    words |= {"trainer": teller.by.person}
    return ScheduleForm.model_validate({**words, **hours, **anyway})


async def _cast() -> list[UUID]:
    """Those of the cast who learn: a leader and a member."""
    phones = [phone_e164(player.phone) for player in (HAN, HOANG)]
    found = await run("SELECT id FROM person WHERE phone IN ({}, {})", *phones)
    return [line["id"] for line in found]


async def _tell_departure(by: Who, course: UUID, first: date) -> None:
    """One of each course is called away some days before it begins."""
    gone = await run(
        "SELECT id, version FROM enrolment WHERE course = {} AND state = 'enrolled'"
        " ORDER BY line DESC LIMIT 1",
        course,
    )
    with _on(first - timedelta(days=3)):
        form = WithdrawForm(reason="Đi công tác đột xuất", version=gone[0]["version"])
        await withdraw_enrolment(by, gone[0]["id"], form)


async def _tell_marks(teller: Teller, one: Class, course: UUID) -> None:
    """Call the roll of each session that was held: most came, some late, a few not."""
    found = await run(
        "SELECT id FROM training_session WHERE course = {} ORDER BY day, starts", course
    )
    people = await run(
        "SELECT person FROM enrolment WHERE course = {} AND state = 'enrolled' ORDER BY line",
        course,
    )
    for number, (meets, meeting) in enumerate(zip(one.meets, found, strict=True)):
        if meets.days >= 0 or not meets.marked:
            continue
        with _on(teller.day(meets.days), AT_THE_END[meets.hours]):
            marks = [_mark(line["person"], place + 5 * number) for place, line in enumerate(people)]
            told = [mark for mark in marks if mark]
            await mark_attendance(teller.by, meeting["id"], told, "hand")
            await mark_rest(teller.by, meeting["id"])
            await finish_attendance(teller.by, meeting["id"])


def _mark(person: UUID, place: int) -> MarkForm | None:
    """What is noted of whoever did not simply come: every so many-th of the list."""
    state = next((word for many, word in ODD.items() if place % many == many - 1), None)
    if state is None:
        return None
    minutes = 10 + place % 4 * 10 if state in ("late", "left_early") else None
    name = "Nguyễn Thị Thu Hà" if state == "substitute" else ""
    form = {"nonce": new_id(), "person": person, "state": state, "minutes": minutes}
    return MarkForm.model_validate({**form, "substitute_name": name})
