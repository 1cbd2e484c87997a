"""A list of marks for many sessions: twice is once, undone is as before, nobody is guessed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from demo.cast import NGHI, SEN, TAM
from kit import clock
from kit.database import run, value
from kit.errors import Refused
from kit.sheets import write_sheet
from people.imports.commands import (
    ConfirmForm,
    UploadForm,
    confirm_import,
    plan_import,
    undo_import,
    upload_file,
)
from people.imports.kinds import said
from people.imports.runs import settle, start
from people.permissions import MACHINE, Who
from sessions.attendance.workbook import MARKS
from sessions.meetings.commands import schedule_sessions
from tests.courses import a_time
from tests.sessions.classroom import (
    AN,
    ANH,
    HOANG_M,
    Classroom,
    a_classroom,
    ledger,
    mark,
    number_of_marks,
    states,
)
from tests.visitor import who_is

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
TITLE = "Kỹ năng số cơ bản"
TODAY = clock.today()


def line(name: str, state: str = "Có mặt", **more: Any) -> list[Any]:
    """A row under the template's headers."""
    told = {"course": TITLE, "day": TODAY, "name": name, "state": state, **more}
    return [told.get(column.key) for column in MARKS.columns]


def book(*lines: list[Any]) -> bytes:
    """A workbook under the template's headers."""
    return write_sheet("Điểm danh", MARKS.headers, lines)


async def told(content: bytes, by: Who = MACHINE) -> list[tuple[str, str]]:
    """State and reason of each row."""
    planned = await plan_import(by, MARKS, content, UploadForm(kind="marks").options())
    return [(row.state, said(row.reason)) for row in planned.rows]


async def bring_in(content: bytes, by: Who) -> UUID:
    """Upload, confirm and apply a workbook; the id of the import."""
    file = await upload_file(by, "diem-danh.xlsx", content, UploadForm(kind="marks"))
    run_id = await confirm_import(by, file, ConfirmForm())
    assert run_id
    await start(by, file, run_id)
    await settle()
    return file


async def test_marks_of_two_sessions_come_in_once_and_are_taken_back_whole() -> None:
    room, tam = await a_classroom(), await who_is(TAM)
    earlier = TODAY - timedelta(days=2)
    (other,) = await schedule_sessions(MACHINE, room.course, a_time(earlier))
    before = Classroom(room.course, other)
    content = book(
        line(ANH.upper()),
        line(AN, "Muộn", minutes=20),
        line(ANH, "Vắng có lý do", day=earlier),
        line(HOANG_M, "Dự thay", day=earlier, substitute="Lê Văn Dự"),
    )
    file = await bring_in(content, tam)
    assert await states(room) == {AN: "late", ANH: "present", HOANG_M: None}
    assert await states(before) == {AN: None, ANH: "excused", HOANG_M: "substitute"}
    assert [state for state, _ in await told(content, tam)] == ["unchanged"] * 4
    assert await value("SELECT count(*) FROM mark WHERE via = 'import'") == 4
    await undo_import(tam, file)
    await undo_import(tam, file)
    assert set((await states(room)).values()) | set((await states(before)).values()) == {None}
    assert await number_of_marks() == 8


async def test_an_import_that_was_corrected_since_is_not_taken_back() -> None:
    room, tam = await a_classroom(), await who_is(TAM)
    file = await bring_in(book(line(ANH), line(AN)), tam)
    await mark(tam, room, AN, "unexcused")
    with pytest.raises(Refused):
        await undo_import(tam, file)
    assert await states(room) == {AN: "unexcused", ANH: "present", HOANG_M: None}


async def test_a_correction_by_list_goes_back_to_the_state_before() -> None:
    room, tam = await a_classroom(), await who_is(TAM)
    await mark(await who_is(NGHI), room, ANH, "late", minutes=50)
    file = await bring_in(book(line(ANH)), tam)
    await undo_import(tam, file)
    assert await ledger(room, ANH) == ["late", "present", "late"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (line("Người Lạ Mặt"), "không thuộc lớp"),
        (line(ANH, course="Lớp khác"), "không có buổi"),
        (line(ANH, day=TODAY + timedelta(days=1)), "không có buổi"),
        (line(ANH, "ngủ"), "Bạn ghi Có mặt"),
        (line(ANH, "Dự thay"), "ai đã dự thay"),
        (line(ANH, starts="14:00"), "không có buổi"),
    ],
)
async def test_what_is_not_clear_is_not_imported(row: list[Any], sentence: str) -> None:
    await a_classroom()
    [(state, why)] = await told(book(row))
    assert (state, sentence in why) == ("wrong", True), why


async def test_two_sessions_of_a_day_are_told_apart_by_their_start() -> None:
    room = await a_classroom(ANH)
    await schedule_sessions(MACHINE, room.course, a_time(TODAY, "13:30-16:00"))
    lines = book(line(ANH), line(ANH, starts="8h00"), line(ANH, starts="13:30"))
    assert [state for state, _ in await told(lines)] == ["wrong", "new", "new"]
    planned = await plan_import(MACHINE, MARKS, lines, UploadForm(kind="marks").options())
    assert [row.place.rpartition(", ")[2] for row in planned.rows][1:] == ["8h00", "13:30"]


async def test_namesakes_are_told_apart_by_phone_and_one_row_counts() -> None:
    await a_classroom(ANH, AN)
    await run("UPDATE person SET name = {}, fold = 'cao thi anh' WHERE name = {}", ANH, AN)
    found = await told(
        book(line(ANH), line(ANH, phone="0900 000 101"), line(ANH, phone="0900000101"))
    )
    assert [state for state, _ in found] == ["wrong", "new", "wrong"]


async def test_beyond_reach_there_is_no_session() -> None:
    await a_classroom()
    [(state, _why)] = await told(book(line(ANH)), await who_is(SEN))
    assert state == "wrong"


async def test_a_locked_session_asks_a_reason_of_each_row() -> None:
    day = TODAY - timedelta(days=20)
    await a_classroom(day=day)
    tam = await who_is(TAM)
    found = await told(book(line(ANH, day=day), line(AN, day=day, reason="Theo bản ký tên")), tam)
    assert [state for state, _ in found] == ["wrong", "new"]
