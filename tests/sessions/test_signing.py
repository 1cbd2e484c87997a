"""Who signs: the lines above the signature and the name below it, on every paper of training."""

from __future__ import annotations

import io

import pytest
from docx import Document
from pypdf import PdfReader

from demo.cast import HOA
from kit import clock
from kit.database import run
from kit.text import nfc
from kit.typesetting import PRINT, to_pdf, to_word
from people.permissions import MACHINE
from places.settings.queries import find_body, forget_settings, read_settings
from sessions.certificates.papers import paper_of as certificate_of
from sessions.certificates.queries import find_certificate
from sessions.papers import head_of, signing_of
from sessions.results.papers import paper_of as report_of
from sessions.results.report import find_report
from sessions.summons.papers import paper_of as summons_of
from sessions.summons.queries import find_summons
from templates.print import frame
from tests.certificates import ANH, a_finished_course, issued
from tests.sessions.lookups import course_of
from tests.sessions.results import a_held_course
from tests.visitor import visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

BLOCK = "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"
SIGNER = "Trần Thị Bích Thủy"


async def signed_by(block: str = BLOCK, name: str = SIGNER) -> None:
    """Let the settings say who signs."""
    for key, told in (("paper.signing", block), ("paper.signer", name)):
        await run(
            "INSERT INTO setting (key, value, changed_at) VALUES ({}, {}, {})"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            *(key, told, clock.now()),
        )
    forget_settings()


def words_of(pdf: bytes) -> str:
    """The text of a PDF on one line."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return nfc(" ".join(" ".join(page.extract_text() for page in pages).split()))


def words_of_word(data: bytes) -> str:
    """The text of the tables of a Word file on one line."""
    tables = Document(io.BytesIO(data)).tables
    cells = [cell.text for table in tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join(cells).split())


async def test_report_and_summons_bear_what_the_settings_say() -> None:
    course, _meetings = await a_held_course()
    await signed_by()
    said = f"{' '.join(BLOCK.splitlines())} {SIGNER}"
    report = report_of(await find_report(await course_of(course)), await find_body())
    summons = summons_of(await find_summons(MACHINE, course))
    for paper, template in ((report, "report"), (summons, "summons")):
        assert said in words_of(to_pdf(f"{template}.typ", paper))
        assert said in words_of_word(to_word(f"{template}.docx", paper))


async def test_a_certificate_keeps_who_signed_on_its_own_day() -> None:
    await signed_by()
    (made,) = await issued(await a_finished_course([ANH]))
    await signed_by("CHỦ TỊCH", "Người Mới")
    printed = words_of(await certificate_of(made, "https://toso.test"))
    assert " ".join(BLOCK.splitlines()) in printed
    assert SIGNER in printed
    assert "ghi rõ họ tên" not in printed
    assert "Người Mới" not in printed


async def test_a_certificate_from_before_the_setting_is_printed_as_it_was() -> None:
    (made,) = await issued(await a_finished_course([ANH]))
    await run("UPDATE certificate SET signing = '', signer = '' WHERE id = {}", made.id)
    old = await find_certificate(MACHINE, made.id)
    printed = words_of(await certificate_of(old, "https://toso.test"))
    assert "THỦ TRƯỞNG CƠ QUAN (Ký tên, đóng dấu, ghi rõ họ tên)" in printed


async def test_without_a_setting_the_chair_signs() -> None:
    assert signing_of(await find_body()) == ["TM. Ủy ban nhân dân", "Chủ tịch"]
    await run(
        "INSERT INTO setting (key, value, changed_at) VALUES ('body.name', 'Trường Chính trị', {})",
        clock.now(),
    )
    forget_settings()
    assert signing_of(await find_body()) == ["Thủ trưởng đơn vị"]


async def test_the_block_is_set_on_the_page_of_settings() -> None:
    async with await visit(HOA) as hoa:
        page = (await hoa.get("/settings")).text
        stamp = page.split('name="stamp" value="')[1].split('"')[0]
        sent = {
            "body_name": "Ủy ban nhân dân xã Tân Trụ",
            "commune_label": "xã",
            "stamp": stamp,
            "hamlet_label": "ấp",
            "target_size": "5",
            "due_days": "30",
            "edit_hours": "72",
            "retention_months": "24",
            "cutoff_day": "14",
            "signer": f"  {SIGNER} ",
        }
        wrong = await hoa.post("/settings", {**sent, "signing": "MỘT\nHAI\nBA\nBỐN\nNĂM"})
        assert wrong.status_code == 422
        assert "bốn dòng" in wrong.text
        typed = BLOCK.replace("\n", " \r\n\r\n  ")
        assert (await hoa.post("/settings", {**sent, "signing": typed})).status_code == 303
        assert (await read_settings())["paper.signing"] == BLOCK
        assert (await read_settings())["paper.signer"] == SIGNER
        assert "KT. CHỦ TỊCH" in (await hoa.get("/settings")).text


async def test_the_frame_of_certificates_is_what_its_script_makes() -> None:
    assert frame.build() == (PRINT / frame.FRAME).read_bytes()
    page = PdfReader(PRINT / frame.FRAME).pages[0]
    assert [round(float(side)) for side in page.mediabox[2:]] == [842, 595]


async def test_the_body_is_written_in_full_and_the_one_above_may_be_shortened() -> None:
    for key, name in (("body.name", "UBND huyện Tân Trụ"), ("body.parent", "UBND tỉnh Tây Ninh")):
        sql = "INSERT INTO setting (key, value, changed_at) VALUES ({}, {}, {})"
        await run(sql, key, name, clock.now())
    forget_settings()
    head = head_of(await find_body(), "BC")
    assert head["body"] == ["Ủy ban nhân dân", "huyện Tân Trụ"]
    assert head["above"] == ["UBND tỉnh Tây Ninh"]
    (made,) = await issued(await a_finished_course([ANH]))
    printed = words_of(await certificate_of(made, "https://toso.test"))
    assert "ỦY BAN NHÂN DÂN HUYỆN TÂN TRỤ" in printed
    assert "UBND TỈNH TÂY NINH" in printed
