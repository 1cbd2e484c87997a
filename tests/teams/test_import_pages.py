"""Imports as pages and as a command: from the upload to the undoing."""

from __future__ import annotations

import asyncio
import json

import pytest
from click.testing import CliRunner

from demo.cast import HOA, TAM
from kit.database import DB, run, value
from kit.sheets import read_sheet
from people.imports import cli, commands, runs
from people.imports.commands import ConfirmForm, UploadForm, confirm_import, upload_file
from people.imports.kinds import said
from people.imports.progress import Running
from people.imports.queries import find_import
from people.permissions import MACHINE
from teams.imports import cli as _teams_cli  # noqa: F401  (offers its commands)
from teams.imports.members import MEMBERS
from tests.kit.books import compound, with_part
from tests.registers import REAL, book, bring_in, dump, line, plan
from tests.visitor import Visitor, visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def _upload(visitor: Visitor, content: bytes, **form: str) -> str:
    files = {"file": ("danh sách.xlsx", content)}
    answer = await visitor.post("/imports", data=form, files=files)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def test_from_upload_to_undoing() -> None:
    before = await dump()
    async with await visit(TAM) as tam:
        page = await _upload(tam, book(line("Lê Văn Mới"), line("Lê Sai", position="?")))
        shown = await tam.get(page)
        assert "Thêm 1 người." in shown.text
        assert await dump() == before
        confirmed = await tam.post(f"{page}/confirmation")
        assert confirmed.headers["location"] == page
        await runs.settle()
        assert "Đã nhập" in (await tam.get(page)).text
        assert await value("SELECT count(*) FROM person WHERE name = 'Lê Văn Mới'") == 1
        assert "danh sách.xlsx" in (await tam.get("/imports")).text
        await tam.post(f"{page}/undoing")
        assert "trở lại như trước" in (await tam.get(page)).text
    assert await dump() == before


async def test_the_preview_holds_the_sheets_total_against_what_was_read() -> None:
    async with await visit(HOA) as hoa:
        page = await _upload(hoa, REAL.read_bytes(), on="2026-11-01")
        text = (await hoa.get(page)).text
        assert "Khớp với dòng tổng cộng" in text
        assert "đọc được 215" in text
        asked = DB.queries_run
        assert (await hoa.get(f"{page}?only=new&after=100")).status_code == 200
        assert DB.queries_run - asked <= 6


async def test_wrong_rows_come_back_as_a_workbook_that_can_be_mended() -> None:
    async with await visit(TAM) as tam:
        page = await _upload(tam, book(line("Lê Sai", position="?"), line("Lê Đúng")))
        answer = await tam.get(f"{page}/wrong.xlsx")
    assert 'filename="danh-sach-sai.xlsx"' in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "private, no-store"
    rows = read_sheet(answer.content).rows
    assert [len(rows), rows[1][1][3]] == [2, "Lê Sai"]
    assert "Nhiệm vụ ghi" in str(rows[1][1][-1])
    again = await plan(answer.content)
    assert again.rows[0].state == "wrong"


async def test_the_template_has_headers_alone() -> None:
    async with await visit(TAM) as tam:
        answer = await tam.get("/imports/template.xlsx")
        sheet = read_sheet(answer.content)
        assert len(sheet.rows) == 1
        files = {"file": ("mau.xlsx", answer.content)}
        refused = await tam.post("/imports", files=files)
        assert refused.status_code == 422
        assert "Không có dòng nào" in refused.text


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"", 422, "Tệp rỗng"),
        (b"a;b;c", 422, "không phải tệp Excel"),
        (compound("Root Entry", "Workbook"), 422, ".xls"),
        (compound("Root Entry", "EncryptedPackage"), 422, "mật khẩu"),
        (with_part("xl/big.xml", b" " * (70 * 1024 * 1024)), 422, "quá lớn"),
        (bytes(11 * 1024 * 1024), 422, "10 MB"),
        (bytes(30 * 1024 * 1024), 413, "10 MB"),
    ],
    ids=["empty", "csv", "xls", "password", "bomb", "11 MB", "30 MB"],
)
async def test_a_wrong_file_gets_a_sentence(content: bytes, status: int, sentence: str) -> None:
    async with await visit(TAM) as tam:
        files = {"file": ("x.xlsx", content)}
        answer = await tam.post("/imports", files=files)
    assert answer.status_code == status
    assert 'id="file-wrong"' in answer.text
    assert sentence in answer.text


async def test_no_file_and_an_unknown_area_are_refused_beside_their_field() -> None:
    async with await visit(HOA) as hoa:
        assert (await hoa.post("/imports")).status_code == 422
        content = REAL.read_bytes()
        answer = await hoa.post(
            "/imports", data={"root_name": "Huyện Lạ"}, files={"file": ("x.xlsx", content)}
        )
        assert answer.status_code == 422
        assert 'id="root-wrong"' in answer.text


async def test_killed_in_the_middle_nothing_is_written_and_it_can_start_again() -> None:
    before = await dump()
    file = await upload_file(MACHINE, "x.xlsx", REAL.read_bytes(), UploadForm())
    run_id = await confirm_import(MACHINE, file, ConfirmForm())
    assert run_id
    one, reached = Running(file, run_id), asyncio.Event()

    async def tick(_rows: int) -> None:
        reached.set()
        await asyncio.sleep(60)

    task = asyncio.create_task(commands.apply_import(MACHINE, one.file, one.run, tick))
    await asyncio.wait_for(reached.wait(), 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await dump() == before
    await run("UPDATE import_file SET seen_at = {} WHERE id = {}", None, file)
    async with await visit(HOA) as hoa:
        assert "bị ngắt" in (await hoa.get(f"/imports/{file}")).text
        await hoa.post(f"/imports/{file}/confirmation")
        await runs.settle()
    assert (await find_import(MACHINE, file)).state == "done"


async def test_a_clash_on_the_way_is_told_and_nothing_is_written() -> None:
    file = await upload_file(MACHINE, "x.xlsx", book(line("Lê Mới")), UploadForm())
    await run("UPDATE import_file SET content = {} WHERE id = {}", b"gone", file)
    run_id = await confirm_import(MACHINE, file, ConfirmForm())
    assert run_id
    await runs.start(MACHINE, file, run_id)
    await runs.settle()
    found = await find_import(MACHINE, file)
    assert (found.state, bool(found.fault)) == ("failed", True)


async def test_the_command_says_the_same_in_json() -> None:
    planned = await plan(book(line("Lê Mới"), line("Lê Sai", position="?")))
    answer = json.loads(cli.as_text_json(planned))
    assert list(answer) == ["new", "changed", "unchanged", "doubt", "wrong", "rows"]
    assert (answer["new"], answer["wrong"], len(answer["rows"])) == (1, 1, 2)
    assert answer["rows"][1] == {"row": 3, "state": "wrong", "reason": said(planned.rows[1].reason)}
    text = cli.summary(MEMBERS, planned, dry_run=True)
    assert "Chạy thử" in text


async def test_the_command_is_wrongly_called() -> None:
    assert CliRunner().invoke(cli.import_, ["members", "no-such-file.xlsx"]).exit_code == 2
    assert CliRunner().invoke(cli.import_, ["members", "--help"]).exit_code == 0


async def test_importing_twice_is_importing_once() -> None:
    content = book(*(line(f"Lê Văn {c}", 1980 + i) for i, c in enumerate("ABCDEĐ")))
    await bring_in(content)
    once = await dump()
    async with await visit(HOA) as hoa:
        page = await _upload(hoa, content)
        assert "đã có trong danh sách" in (await hoa.get(page)).text
        refused = await hoa.post(f"{page}/confirmation")
        assert refused.status_code == 409
    assert await dump() == once
