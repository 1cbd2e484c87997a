"""The results report of a course: the page, and the same to take away."""

from __future__ import annotations

from asyncio import to_thread
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.files import file, stem
from kit.pages import page
from kit.sheets import Written, write_book
from kit.typesetting import to_pdf, to_word
from people.audit.commands import record, record_view
from people.permissions import Who
from people.sign_ins.door import Asker, may
from places.settings.queries import find_body
from sessions.courses.queries import find_course
from sessions.results.grids import (
    by_office,
    by_person,
    by_session,
    grids,
    of_substitutes,
    of_test,
    shown,
)
from sessions.results.papers import paper_of
from sessions.results.report import Report, find_report

MOST = 200
"""Trainees that the page lists one by one; the files and the results have all of them."""
READ, EXPORT = [may("course.read")], [may("training.export")]


@get("/courses/{course:uuid}/report", guards=READ)
async def report_page(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[str]:
    """The results of a course by session, by office and by trainee."""
    found = await find_course(who, course)
    report = await find_report(found)
    await record_view(who, "result.view", found.title, found.path)
    shown_so: dict[str, Any] = {"report": report, "shown": shown, "most": MOST}
    return page(request, "results/report.html", **shown_so, **_tables(report))


def _tables(report: Report) -> dict[str, Any]:
    return {
        "sessions": by_session(report),
        "offices": by_office(report),
        "substitutes": of_substitutes(report),
        "test": of_test(report),
        "people": by_person(report),
    }


@get("/courses/{course:uuid}/report.xlsx", guards=EXPORT)
async def report_workbook(who: Asker, course: FromPath[UUID]) -> Response[bytes]:
    """The tables of the report as a workbook."""
    report = await _taken(who, course, "xlsx")
    sheets = [Written(one.title, one.heads, one.lines, _widths(one.words)) for one in grids(report)]
    return file(_name(report, "xlsx"), await to_thread(write_book, sheets))


def _widths(words: tuple[int, ...]) -> list[int]:
    return [30 if column in words else 12 for column in range(12)]


@get("/courses/{course:uuid}/report.docx", guards=EXPORT)
async def report_word(who: Asker, course: FromPath[UUID]) -> Response[bytes]:
    """The report as a Word file, to be numbered and signed."""
    report = await _taken(who, course, "docx")
    paper = paper_of(report, await find_body())
    return file(_name(report, "docx"), await to_thread(to_word, "report.docx", paper))


@get("/courses/{course:uuid}/report.pdf", guards=EXPORT)
async def report_pdf(who: Asker, course: FromPath[UUID]) -> Response[bytes]:
    """The report as a PDF."""
    report = await _taken(who, course, "pdf")
    paper = paper_of(report, await find_body())
    return file(_name(report, "pdf"), await to_thread(to_pdf, "report.typ", paper))


async def _taken(who: Who, course_id: UUID, form: str) -> Report:
    """The report of a course, put on record as taken away in a form."""
    course = await find_course(who, course_id, "training.export")
    report = await find_report(course)
    told = {"form": form, "rows": len(report.trainees)}
    await record(who, "result.export", course.id, course.title, path=course.path, after=told)
    return report


def _name(report: Report, ending: str) -> str:
    """The name of the file: after the course and the day it was made."""
    return f"ket-qua-{stem(report.course.title)}-{clock.today():%Y-%m-%d}.{ending}"


ROUTES: list[ControllerRouterHandler] = [
    report_page,
    report_workbook,
    report_word,
    report_pdf,
]
