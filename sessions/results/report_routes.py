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
from kit.pages import page
from kit.sheets import Written, write_book
from kit.text import fold
from kit.typesetting import to_pdf, to_word
from people.audit.commands import record, record_view
from people.permissions import Who
from people.sign_ins.door import Asker, may
from places.settings.queries import find_body
from sessions.courses.queries import CourseFound, find_course
from sessions.results.grids import by_office, by_person, by_session, grids, of_test, shown
from sessions.results.papers import paper_of
from sessions.results.report import Report, find_report

READ, EXPORT = [may("course.read")], [may("training.export")]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"


@get("/courses/{course:uuid}/report", guards=READ)
async def report_page(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[str]:
    """The results of a course by session, by office and by trainee."""
    found = await find_course(who, course)
    report = await find_report(found)
    await record_view(who, "result.view", found.title, found.path)
    tables: dict[str, Any] = {
        "sessions": by_session(report),
        "offices": by_office(report),
        "test": of_test(report),
        "people": by_person(report),
    }
    return page(request, "results/report.html", report=report, shown=shown, **tables)


@get("/courses/{course:uuid}/report.xlsx", guards=EXPORT)
async def report_workbook(who: Asker, course: FromPath[UUID]) -> Response[bytes]:
    """The tables of the report as a workbook."""
    report = await _taken(who, course, "xlsx")
    sheets = [Written(one.title, one.heads, one.lines, _widths(one.words)) for one in grids(report)]
    return _file(await to_thread(write_book, sheets), XLSX, report.course, "xlsx")


def _widths(words: tuple[int, ...]) -> list[int]:
    return [30 if column in words else 12 for column in range(12)]


@get("/courses/{course:uuid}/report.docx", guards=EXPORT)
async def report_word(who: Asker, course: FromPath[UUID]) -> Response[bytes]:
    """The report as a Word file, to be numbered and signed."""
    report = await _taken(who, course, "docx")
    paper = paper_of(report, await find_body())
    return _file(await to_thread(to_word, "report.docx", paper), WORD, report.course, "docx")


@get("/courses/{course:uuid}/report.pdf", guards=EXPORT)
async def report_pdf(who: Asker, course: FromPath[UUID]) -> Response[bytes]:
    """The report as a PDF."""
    report = await _taken(who, course, "pdf")
    paper = paper_of(report, await find_body())
    return _file(await to_thread(to_pdf, "report.typ", paper), PDF, report.course, "pdf")


async def _taken(who: Who, course_id: UUID, form: str) -> Report:
    """The report of a course, put on record as taken away in a form."""
    course = await find_course(who, course_id, "training.export")
    report = await find_report(course)
    told = {"form": form, "rows": len(report.trainees)}
    await record(who, "result.export", course.id, course.title, path=course.path, after=told)
    return report


def _file(data: bytes, kind: str, course: CourseFound, ending: str) -> Response[bytes]:
    """A file to keep, named after the course and the day it was made."""
    plain = (c if c.isascii() and c.isalnum() else " " for c in fold(course.title))
    stem = "-".join("".join(plain).split())[:60]
    name = f"ket-qua-{stem}-{clock.today():%Y-%m-%d}.{ending}"
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "private, no-store",
    }
    return Response(data, media_type=kind, headers=headers)


ROUTES: list[ControllerRouterHandler] = [
    report_page,
    report_workbook,
    report_word,
    report_pdf,
]
