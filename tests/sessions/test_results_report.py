"""The results report of a course: one number on the page, in the workbook, in Word, PDF and API."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any
from uuid import UUID

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from demo.cast import NGHI, SEN, TAM, TOAN
from kit import clock
from kit.database import run, value
from kit.typesetting import PRINT
from places.settings.queries import forget_settings
from sessions.attendance.words import STATES
from sessions.results.grids import grids, shown
from sessions.results.report import Report, find_report
from sessions.results.sittings import Tally
from templates.print import word_report
from tests.queries import few_queries, warm
from tests.sessions.lookups import course_of, town
from tests.sessions.papers import (
    has_run,
    lines_of_book,
    lines_of_page,
    lines_of_word,
    short,
    words_of_pdf,
    written,
)
from tests.sessions.results import AN, ANH, HOANG, THREE, a_held_course, days_ago, enter, mark
from tests.teams.lookups import how_many, last_line
from tests.things import an_office
from tests.visitor import visit
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

KINDS, DISPOSITION = ("xlsx", "docx", "pdf"), "content-disposition"
JUSTICE, CLINIC = "Phòng Tư pháp", "Trạm Y tế"


async def a_reported_course() -> UUID:
    """Two sessions; An and Ánh of one office, Hoàng of another, one mark not taken."""
    offices = {name: await an_office(name, await town()) for name in (JUSTICE, CLINIC)}
    course, (first, second) = await a_held_course(pass_mark="5", title="An toàn thông tin")
    for name, office in ((AN, JUSTICE), (ANH, JUSTICE), (HOANG, CLINIC)):
        sql = "UPDATE enrolment SET office = {} WHERE person = {}"
        await run(sql, offices[office], await id_of(name))
    await mark(first, {AN: "present", ANH: ("late", 50), HOANG: "excused"})
    await mark(second, {AN: "present", ANH: "substitute"})
    await enter(course, {AN: 85, ANH: 40})
    return course


async def report_of(course: UUID) -> Report:
    """The report of a course."""
    return await find_report(await course_of(course))


async def test_every_figure_of_a_small_course_is_as_counted_by_hand() -> None:
    report = await report_of(await a_reported_course())
    total = report.total.tally
    assert (total.summoned, total.attended, total.late, total.excused) == (6, 3, 1, 1)
    assert (total.substitute, total.untaken, total.unexcused) == (1, 1, 0)
    assert (total.held, total.taken, total.earned) == (24, 20, 11)
    assert total.rate == 55.0
    assert [(one.name, one.people) for one in report.offices] == [(JUSTICE, 2), (CLINIC, 1)]
    assert [one.tally.rate for one in report.offices] == [68.8, 0.0]
    assert (report.total.tested, report.total.passed) == (2, 1)
    assert shown(report.total.mean) == "6,25"
    effect = report.total.effect
    assert (effect.complete, effect.failed, effect.undecided) == (1, 1, 1)


async def test_who_really_came_is_named_with_the_session_and_for_whom() -> None:
    course = await a_reported_course()
    [line] = (await report_of(course)).substitutes
    assert (line.number, line.name, line.office_name) == (2, ANH, JUSTICE)
    assert (line.substitute, line.substitute_name) == (None, "Người khác")
    meeting = await value(
        "SELECT id FROM training_session WHERE course = {} ORDER BY day LIMIT 1", course
    )
    told = (await id_of(AN), "", await id_of("Đoàn Văn Thắng"))
    await mark(meeting, {AN: "substitute"}, substitute=told[2])
    first, second = (await report_of(course)).substitutes
    assert (first.number, first.name, first.substitute) == (1, AN, told[2])
    assert first.substitute_name == "Đoàn Văn Thắng"
    assert second == line
    await mark(meeting, {AN: "present"})
    assert (await report_of(course)).substitutes == [line]


async def test_a_session_that_nobody_took_has_no_rate() -> None:
    course, (first, _second) = await a_held_course()
    await mark(first, dict.fromkeys(THREE, "present"))
    report = await report_of(course)
    assert [one.tally.rate for one in report.sessions] == [100.0, None]
    assert report.total.tally.rate == 100.0
    assert shown(report.sessions[1].tally.rate) == "—"


async def test_who_left_counts_for_the_days_before_and_cancelled_sessions_for_nothing() -> None:
    course, (first, second) = await a_held_course()
    left = "UPDATE enrolment SET state = 'withdrawn', until = {}, withdrawn_why = 'Nghỉ việc',"
    left += " withdrawn_at = seated_at WHERE person = {}"
    await run(left, days_ago(8), await id_of(AN))
    for meeting in (first, second):
        await mark(meeting, dict.fromkeys(THREE, "present"))
    report = await report_of(course)
    assert [one.tally.summoned for one in report.sessions] == [3, 2]
    assert report.total.people == 2
    sql = "UPDATE training_session SET cancelled_at = made_at, cancelled_why = 'Mưa' WHERE id = {}"
    await run(sql, first)
    assert [one.tally.summoned for one in (await report_of(course)).sessions] == [2]


async def test_page_workbook_word_pdf_and_api_say_the_same() -> None:
    course = await a_reported_course()
    found = grids(await report_of(course))
    expected = [[shown(cell) for cell in line] for grid in found for line in grid.lines]
    async with await visit(NGHI) as nghi:
        page = lines_of_page((await nghi.get(f"/courses/{course}/report")).text)
        book = lines_of_book((await nghi.get(f"/courses/{course}/report.xlsx")).content)
        word = lines_of_word((await nghi.get(f"/courses/{course}/report.docx")).content)
        pdf = words_of_pdf((await nghi.get(f"/courses/{course}/report.pdf")).content)
        told = (await nghi.get(f"/api/v1/courses/{course}/results")).json()
    for line in expected:
        assert line in page
        assert line in word
        assert [short(cell).replace("—", "") for cell in line] in book
        assert has_run(pdf, " ".join(line).split()), line
    assert lines_of_api(told) == [[short(cell) for cell in line] for line in expected]


async def test_in_a_column_every_rate_has_one_decimal_and_every_mean_two() -> None:
    assert [shown(86.0), shown(88.4), shown(1234)] == ["86,0", "88,4", "1.234"]
    assert [shown(Decimal("7.60")), shown(Decimal("6.94"))] == ["7,60", "6,94"]
    assert [shown(Decimal(70) / 10), shown(Decimal(65) / 10)] == ["7", "6,5"]


def lines_of_api(told: dict[str, Any]) -> list[list[str]]:
    """What the API told, in the order of the tables, as the page would write it."""
    whole = {**told["total"], "name": "Tổng cộng"}
    offices = [*told["offices"], whole]
    periods = sum(one["periods"] for one in told["sessions"])
    sessions = [
        [one["number"], date.fromisoformat(one["day"]), one["periods"], *counts(one)]
        for one in told["sessions"]
    ]
    tests = ("tested", "passed", "mean", "complete", "failed", "undecided")
    lines = [
        *sessions,
        ["Tổng cộng", "", periods, *counts(whole)],
        *([one["name"], one["trainees"], *counts(one)] for one in offices),
        *(substitute(one) for one in told["substitutes"]),
        *([one["name"], one["trainees"], *(one[name] for name in tests)] for one in offices),
        *(trainee(nth, one) for nth, one in enumerate(told["trainees"], 1)),
    ]
    return [[written(cell) for cell in line] for line in lines]


def counts(one: dict[str, Any]) -> list[Any]:
    """The counts of attendance in the order of the tables."""
    return list(one["attendance"].values())


def substitute(one: dict[str, Any]) -> list[Any]:
    """The line of somebody who came for another."""
    names = [one["name"], one["office_name"], one["substitute_name"]]
    return [one["number"], date.fromisoformat(one["day"]), *names]


def trainee(nth: int, one: dict[str, Any]) -> list[Any]:
    """A trainee's line."""
    words = {True: "Hoàn thành", False: "Chưa hoàn thành", None: "Chưa xét"}
    share = 100 * one["attended"] // one["held"]
    told = [one["name"], one["office_name"], one["attended"], one["held"], share, one["score"]]
    return [nth, *told, words[one["complete"]]]


async def test_the_papers_are_vietnamese_in_the_form_of_decree_30() -> None:
    course = await a_reported_course()
    names = (("body.name", "Ủy ban nhân dân xã Tân Trụ"), ("body.parent", "UBND tỉnh Tây Ninh"))
    for key, name in names:
        sql = "INSERT INTO setting (key, value, changed_at) VALUES ({}, {}, {})"
        await run(sql, key, name, clock.now())
    forget_settings()
    async with await visit(TAM) as tam:
        await tam.post("/me/look", {"language": "en", "theme": "auto", "text_size": "17"})
        pdf = await tam.get(f"/courses/{course}/report.pdf")
        word = await tam.get(f"/courses/{course}/report.docx")
    pages = PdfReader(io.BytesIO(pdf.content)).pages
    assert [round(float(side)) for side in pages[0].mediabox[2:]] == [595, 842]
    written_words = " ".join(words_of_pdf(pdf.content))
    document = Document(io.BytesIO(word.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    told = " ".join([*(one.text for one in document.paragraphs), *cells]).split()
    for said in PAPER:
        assert said in written_words, said
        assert said in " ".join(told), said
    assert {str(font) for page in pages for font in fonts_of(page)} <= {
        "Tinos",
        "Tinos-Bold",
        "Tinos-Italic",
        "Tinos-BoldItalic",
    }
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in margins if side] == [20, 20, 30, 15]
    assert (await last_line("result.export"))["doer"] == TAM.name
    assert await how_many("result.export") == 2


PAPER = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "ỦY BAN NHÂN DÂN XÃ TÂN TRỤ",
    "UBND TỈNH TÂY NINH",
    "/BC-UBND",
    "Tân Trụ, ngày tháng năm",
    "BÁO CÁO",
    "Kết quả lớp tập huấn “An toàn thông tin”",
    "Triệu tập 6 lượt; dự 3 lượt",
    "điểm trung bình 6,25",
    "Nơi nhận: - UBND tỉnh Tây Ninh (để báo cáo);",
    "- Lưu: VT.",
    "TM. ỦY BAN NHÂN DÂN",
)


def fonts_of(page: Any) -> list[str]:
    """The names of the fonts of a page, without the mark of a subset."""
    found = page["/Resources"]["/Font"].values()
    return [str(one.get_object()["/BaseFont"]).split("+")[-1].lstrip("/") for one in found]


async def test_a_title_in_any_script_and_with_any_sign_is_taken_away_whole() -> None:
    course = await a_reported_course()
    title = 'Lớp 学习 Класс "#$*_@<b>&\\ {{ x }}'
    await run("UPDATE course SET title = {} WHERE id = {}", title, course)
    async with await visit(TAM) as tam:
        told = {kind: await tam.get(f"/courses/{course}/report.{kind}") for kind in KINDS}
        assert [answer.status_code for answer in told.values()] == [200, 200, 200]
    for kind, answer in told.items():
        assert re.search(rf'="ket-qua-lop-b-x-[\d-]+\.{kind}"$', answer.headers[DISPOSITION])
    word = "\n".join(one.text for one in Document(io.BytesIO(told["docx"].content)).paragraphs)
    assert title in word
    pages = PdfReader(io.BytesIO(told["pdf"].content)).pages
    assert '"#$*_@<b>&\\ {{ x }}' in " ".join(page.extract_text() for page in pages)


async def test_the_word_template_is_what_its_script_makes() -> None:
    made = io.BytesIO()
    word_report.build().save(made)
    assert parts_of(made.getvalue()) == parts_of((PRINT / "report.docx").read_bytes())


def parts_of(data: bytes) -> dict[str, bytes]:
    """What a .docx holds, apart from when it was packed."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


async def test_readers_take_the_report_away_and_strangers_do_not_see_it() -> None:
    course = await a_reported_course()
    async with await visit(TOAN) as toan, await visit(SEN) as sen:
        for ending in ("", ".xlsx", ".docx", ".pdf"):
            assert (await toan.get(f"/courses/{course}/report{ending}")).status_code == 200
            assert (await sen.get(f"/courses/{course}/report{ending}")).status_code == 404


async def test_the_page_asks_few_questions() -> None:
    course = await a_reported_course()
    async with await visit(TAM) as tam:
        await tam.get(f"/courses/{course}/report")
        await warm()
        with few_queries(9):  # one of them finds who asks, one puts the look on record
            await tam.get(f"/courses/{course}/report")


STATE = st.sampled_from([*STATES, "cleared", None])


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(STATE, STATE), min_size=3, max_size=3), st.integers(0, 200))
async def test_sessions_and_offices_add_up_to_the_whole(
    states: list[tuple[str | None, str | None]], minutes: int
) -> None:
    """Against a plain count of the same marks."""
    course, meetings = await a_held_course()
    sql = "UPDATE enrolment SET office = {} WHERE course = {} AND person = {}"
    await run(sql, await an_office(CLINIC, await town()), course, await id_of(AN))
    for nth, meeting in enumerate(meetings):
        told = {name: pair[nth] for name, pair in zip(THREE, states, strict=True)}
        timed = ("late", "left_early")
        marks = {n: (s, minutes) if s in timed else s for n, s in told.items() if s}
        await mark(meeting, marks)
    report = await report_of(course)
    flat = [state for pair in states for state in pair]
    total = report.total.tally
    assert total == reduce(Tally.plus, [one.tally for one in report.sessions])
    assert total == reduce(Tally.plus, [one.tally for one in report.offices])
    assert total.summoned == len(flat)
    assert total.untaken == sum(state in (None, "cleared") for state in flat)
    assert {name: getattr(total, name) for name in STATES} == {n: flat.count(n) for n in STATES}
    assert total.earned == sum(one.attended for one in report.trainees)
    assert total.held == sum(one.held for one in report.trainees)
