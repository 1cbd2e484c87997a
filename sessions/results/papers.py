"""The results report as a paper: what it says, for Word and PDF alike. Papers are Vietnamese."""

from __future__ import annotations

from typing import Any

from kit.days import show_day
from kit.i18n import speaking
from places.settings.queries import Body
from sessions.papers import foot_of, head_of
from sessions.results.grids import (
    Grid,
    by_office,
    by_person,
    by_session,
    of_substitutes,
    of_test,
    shown,
)
from sessions.results.report import Report
from sessions.results.words import score_shown

SIGN = "BC"


def paper_of(report: Report, body: Body) -> dict[str, Any]:
    """Everything that the templates `report.typ` and `report.docx` fill in."""
    above = [f"{body.parent} (để báo cáo)"] if body.parent else []
    with speaking("vi"):
        return {
            "title": f"Kết quả lớp tập huấn “{report.course.title}”",
            "head": head_of(body, SIGN),
            "foot": foot_of(body, [*above, "Các cơ quan, đơn vị có học viên"]),
            "opening": _opening(report, body),
            "course": _course(report),
            "attendance": _attendance(report),
            "results": _results(report),
            "by_session": _table(by_session(report)),
            "by_office": _table(by_office(report)),
            "of_substitutes": _table(of_substitutes(report)),
            "of_test": _table(of_test(report)),
            "by_person": _table(by_person(report)),
        }


def _table(grid: Grid) -> dict[str, Any]:
    return {
        "title": grid.title,
        "heads": grid.heads,
        "rows": [[shown(cell) for cell in line] for line in grid.rows],
        "total": [shown(cell) for cell in grid.total or []],
        "words": list(grid.words),
    }


def _opening(report: Report, body: Body) -> str:
    name, day = report.course.title, show_day(report.day)
    return f"{body.name} báo cáo kết quả lớp tập huấn “{name}” tính đến ngày {day} như sau:"


def _course(report: Report) -> list[str]:
    """What the course is, a paragraph each."""
    course, sessions = report.course, report.sessions
    periods = sum(one.meeting.periods for one in sessions)
    said = [f"Chuyên đề: {course.theme_name}."]
    if course.first_on and course.last_on:
        first, last = show_day(course.first_on), show_day(course.last_on)
        said.append(f"Thời gian: từ ngày {first} đến ngày {last}.")
    ahead = f"; còn {report.ahead} buổi chưa học" if report.ahead else ""
    said.append(f"Đã học: {len(sessions)} buổi, {periods} tiết{ahead}.")
    if report.trainers:
        said.append(f"Giảng viên: {', '.join(one.name for one in report.trainers)}.")
    said.append(f"Học viên: {report.total.people} người của {_offices(report)} cơ quan, đơn vị.")
    return said


def _offices(report: Report) -> int:
    return sum(1 for one in report.offices if one.office and one.people)


def _attendance(report: Report) -> str:
    """How often people came, in a sentence."""
    tally = report.total.tally
    if not report.sessions:
        return "Chưa học buổi nào."
    late = f"đến muộn {shown(tally.late)}, về sớm {shown(tally.left_early)}"
    said = [
        f"Triệu tập {shown(tally.summoned)} lượt",
        f"dự {shown(tally.attended)} lượt, trong đó {late}",
        f"vắng có lý do {shown(tally.excused)} lượt",
        f"vắng không lý do {shown(tally.unexcused)} lượt",
        f"cử người dự thay {shown(tally.substitute)} lượt",
        f"chưa điểm danh {shown(tally.untaken)} lượt" if tally.untaken else "",
        f"tỷ lệ dự {shown(tally.rate)}% số tiết đã điểm danh" if tally.taken else "",
    ]
    return "; ".join(filter(None, said)) + "."


def _results(report: Report) -> list[str]:
    """The rule of completing the course, and what came of it."""
    course, total, effect = report.course, report.total, report.total.effect
    test = course.pass_mark is not None
    mark = f" và điểm kiểm tra từ {score_shown(course.pass_mark)} trở lên" if test else ""
    tested = (
        f"Kiểm tra: {total.tested} người, đạt {total.passed} người,"
        f" điểm trung bình {shown(total.mean)}."
    )
    undecided = f", chưa xét {effect.undecided} người" if effect.undecided else ""
    done = f"Hoàn thành {effect.complete} người, chưa hoàn thành {effect.failed} người"
    rule = f"Điều kiện hoàn thành: dự ít nhất {course.min_share}% số tiết{mark}."
    return [rule, *([tested] if test else []), f"{done}{undecided}."]
