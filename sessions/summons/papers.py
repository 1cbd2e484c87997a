"""The summons as a paper: what it says, for Word and PDF alike. Papers are Vietnamese."""

from __future__ import annotations

from typing import Any

from kit import clock
from kit.days import show_day
from sessions.meetings.queries import MeetingFound
from sessions.papers import foot_of, head_of
from sessions.summons.queries import OfficeList, Summons

SIGN = "GTT"
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"))
ONES = ((5, "V"), (4, "IV"), (1, "I"))
NO_OFFICE = "Học viên khác"
SHORT = 40


def paper_of(summons: Summons) -> dict[str, Any]:
    """Everything that the templates `summons.typ` and `summons.docx` fill in."""
    body, course = summons.body, summons.course
    head = head_of(body, SIGN)
    return {
        "title": f"Dự lớp tập huấn “{course.title}”",
        "head": head,
        "foot": foot_of(body, ["Các cơ quan, đơn vị có tên trong danh sách"]),
        "opening": (
            f"{body.name} triệu tập các ông, bà có tên trong danh sách kèm theo dự lớp tập huấn"
            f" “{course.title}”, cụ thể như sau:"
        ),
        "points": _points(summons),
        "sessions": [_session(number, one) for number, one in enumerate(summons.meetings, 1)],
        "closing": _closing(summons),
        "annex": (
            f"(Kèm theo Giấy triệu tập số          {head['symbol']} ngày      tháng      năm"
            f" {clock.today().year} {_kept(f'của {body.name}')})"
        ),
        "list": _list(summons.lists),
    }


def _kept(name: str) -> str:
    """A name that a line does not tear apart, unless it is long."""
    return name.replace(" ", "\N{NO-BREAK SPACE}") if len(name) <= SHORT else name


def _points(summons: Summons) -> list[str]:
    """The points before the sessions, a paragraph each."""
    course = summons.course
    about = f"{course.theme_vi}. {course.aim}".strip()
    whom = f"{summons.people} học viên của {summons.offices} cơ quan, đơn vị"
    said = [
        f"1. Nội dung: {about if about.endswith('.') else about + '.'}",
        f"2. Thành phần: {whom} (danh sách kèm theo).",
    ]
    if summons.trainers:
        names = ", ".join(one.name for one in summons.trainers)
        said.append(f"3. Giảng viên: {names}.")
    said.append(f"{len(said) + 1}. {_when(summons)}")
    return said


def _when(summons: Summons) -> str:
    if not summons.meetings:
        return "Thời gian, địa điểm: thông báo sau."
    periods = sum(one.periods for one in summons.meetings)
    count = len(summons.meetings)
    return f"Thời gian, địa điểm: {count} buổi, {periods} tiết, theo lịch sau:"


def _session(number: int, meeting: MeetingFound) -> list[str]:
    """A row of the timetable: number, day, hours, place, topic, periods."""
    day = f"{WEEKDAYS[meeting.day.weekday()]}, {show_day(meeting.day)}"
    where = [part for part in (meeting.venue_name, meeting.venue_address) if part]
    hours = meeting.hours.replace(":", "h")
    return [
        str(number),
        day[0].upper() + day[1:],
        hours,
        ", ".join(where) or "Thông báo sau",
        meeting.topic,
        str(meeting.periods),
    ]


def _closing(summons: Summons) -> list[str]:
    """What the offices are asked for, and whom to call."""
    hotline = summons.body.hotline
    call = f" Mọi vướng mắc, liên hệ điện thoại {hotline}." if hotline else ""
    asked = (
        "Đề nghị thủ trưởng các cơ quan, đơn vị bố trí công việc để các ông, bà có tên trong danh"
        " sách dự học đầy đủ, đúng giờ. Người không thể dự báo cáo thủ trưởng đơn vị cử người dự"
        f" thay và báo trước cho ban tổ chức lớp.{call}"
    )
    return [asked]


def _list(lists: list[OfficeList]) -> list[dict[str, Any]]:
    """The list by office; the running number goes on from office to office."""
    told: list[dict[str, Any]] = []
    number = 0
    for place, one in enumerate(lists, 1):
        count = len(one.people)
        rows = [
            [str(number + at), person.name, person.job] for at, person in enumerate(one.people, 1)
        ]
        name = f"{roman(place)}. {one.name or NO_OFFICE} ({count} người)"
        told.append({"name": name, "rows": rows})
        number += count
    return told


def roman(number: int) -> str:
    """A number below 400 as papers count their parts: I, II, III, IV."""
    found = ""
    for worth, sign in (*ROMAN, *ONES):
        while number >= worth:
            found, number = found + sign, number - worth
    return found
