"""The summons: who is called, by office, as a page, as Word and as PDF."""

from __future__ import annotations

import io
import json
import zipfile
from uuid import UUID

import pytest
from docx import Document
from pypdf import PdfReader

from demo.cast import HOANG, NGHI, SEN
from kit.typesetting import PRINT, to_pdf, to_word
from people.permissions import MACHINE
from sessions.enrolments.commands import EnrolForm, enrol_people
from sessions.meetings.commands import schedule_sessions
from sessions.summons.papers import paper_of, roman
from sessions.summons.queries import find_summons
from templates.print import word_summons
from tests.courses import a_time
from tests.queries import few_queries, warm
from tests.sessions.lookups import SOON
from tests.sessions.nominations.links import LAW, a_law_office, an_open_course
from tests.teams.lookups import last_line
from tests.visitor import visit
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
WHOM = ("Bùi Văn An", "Cao Thị Ánh", HOANG.name)


async def a_called_course() -> tuple[UUID, UUID]:
    """A course with a session, two officials of an office, somebody of none, one who waits."""
    course, office = await an_open_course(capacity=3), await a_law_office()
    times = a_time(SOON, venue="Hội trường tầng 2", topic="Mật khẩu & <xác thực>")
    await schedule_sessions(MACHINE, course, times)
    people = [await id_of(name) for name in WHOM]
    await enrol_people(MACHINE, course, EnrolForm(people=people))
    await enrol_people(MACHINE, course, EnrolForm(people=[await id_of("Đoàn Văn Thắng")]))
    return course, office


async def test_the_paper_lists_whoever_has_a_seat_by_office() -> None:
    course, office = await a_called_course()
    summons = await find_summons(MACHINE, course)
    assert [(one.name, len(one.people)) for one in summons.lists] == [(LAW, 2), ("", 1)]
    told = paper_of(summons)
    numbers = [row[0] for part in told["list"] for row in part["rows"]]
    assert numbers == ["1", "2", "3"]
    assert told["list"][0]["name"] == "I. Phòng Tư pháp (2 người)"
    assert told["list"][0]["rows"][1] == ["2", "Cao Thị Ánh", "Trưởng phòng"]
    alone = await find_summons(MACHINE, course, office=office)
    assert [one.name for one in alone.lists] == [LAW]
    assert [roman(number) for number in (1, 4, 9, 22, 49, 94)] == [
        "I",
        "IV",
        "IX",
        "XXII",
        "XLIX",
        "XCIV",
    ]


async def test_word_and_pdf_say_the_same_in_vietnamese() -> None:
    course, _office = await a_called_course()
    told = paper_of(await find_summons(MACHINE, course))
    pdf = PdfReader(io.BytesIO(to_pdf("summons.typ", told)))
    printed = " ".join(page.extract_text() for page in pdf.pages)
    word = Document(io.BytesIO(to_word("summons.docx", told)))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    written = " ".join([*(one.text for one in word.paragraphs), *cells])
    said = (
        *WHOM,
        "Hội trường tầng 2",
        "Mật khẩu & <xác thực>",
        "08h00–11h30",
        "DANH SÁCH HỌC VIÊN",
    )
    for words in (*said, LAW, "Độc lập - Tự do - Hạnh phúc"):
        assert words in " ".join(printed.split()), words
        assert words in written, words
    assert "Đoàn Văn Thắng" not in printed + written
    assert "{{" not in written
    assert len(pdf.pages) == 2
    width, height = (round(float(side)) for side in pdf.pages[0].mediabox[2:])
    assert (width, height) == (595, 842)


async def test_the_word_template_is_what_its_script_makes() -> None:
    made = io.BytesIO()
    word_summons.build().save(made)
    assert parts_of(made.getvalue()) == parts_of((PRINT / "summons.docx").read_bytes())


def parts_of(data: bytes) -> dict[str, bytes]:
    """What a .docx holds, apart from when it was packed."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


async def test_a_course_without_sessions_or_people_still_makes_a_paper() -> None:
    course = await an_open_course()
    told = paper_of(await find_summons(MACHINE, course))
    assert to_pdf("summons.typ", told).startswith(b"%PDF")
    word = Document(io.BytesIO(to_word("summons.docx", told)))
    assert any("thông báo sau" in one.text for one in word.paragraphs)


async def test_the_page_offers_both_and_taking_them_away_is_put_on_record() -> None:
    course, office = await a_called_course()
    at = f"/courses/{course}/summons"
    await warm()
    async with await visit(NGHI) as nghi:
        await nghi.get(at)
        with few_queries():
            page = await nghi.get(at)
        assert all(word in page.text for word in (*WHOM, LAW, f"{at}.pdf", f"office={office}"))
        word = await nghi.get(f"{at}.docx?office={office}")
        assert "phong-tu-phap.docx" in word.headers["content-disposition"]
        assert HOANG.name not in str(Document(io.BytesIO(word.content)).tables[-1]._cells)
        pdf = await nghi.get(f"{at}.pdf")
        assert pdf.content.startswith(b"%PDF")
    line = await last_line("course.summons")
    assert json.loads(line["after"]) == {"form": "pdf", "rows": 3}
    async with await visit(SEN) as sen:
        assert (await sen.get(f"{at}.pdf")).status_code == 404
