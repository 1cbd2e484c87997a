"""Rows of a list against the register of the small world."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from demo.cast import HOA, SEN, TAM
from kit.database import run, value
from kit.errors import NotFound, Refused
from people.imports.commands import (
    ConfirmForm,
    UploadForm,
    confirm_import,
    discard_import,
    undo_import,
    upload_file,
)
from people.imports.queries import find_import
from people.permissions import MACHINE
from tests.registers import LANG, TOWN, book, bring_in, dump, line, plan, told
from tests.teams.lookups import how_many
from tests.visitor import who_is

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
TRAM = ("Trần Thị Ngọc Trâm", "2000", "0900000016")


async def _live(name: str) -> dict[str, object]:
    found = await run(
        "SELECT t.name AS team, m.position, m.joined_on FROM membership m"
        " JOIN person p ON p.id = m.person JOIN team t ON t.id = m.team"
        " WHERE p.name = {} AND m.left_on IS NULL",
        name,
    )
    return dict(found[0]) if found else {}


async def test_a_new_member_joins_on_the_day_asked_for() -> None:
    await bring_in(book(line("PHAN VĂN MỚI", 1990, 900000777.0)), on=date(2026, 3, 1))
    live = await _live("Phan Văn Mới")
    assert live == {"team": "Tổ CNSCĐ ấp 1", "position": "member", "joined_on": date(2026, 3, 1)}


async def test_who_moved_leaves_the_old_team_on_that_day_and_the_undoing_brings_back() -> None:
    before = await dump()
    content = book(line(*TRAM, place=("Xã Bình Lãng", "Ấp 2", "")))
    [(state, reason)] = await told(content, on=date(2026, 3, 1))
    assert state == "changed"
    assert "01/03/2026" in reason
    file = await bring_in(content, on=date(2026, 3, 1))
    assert (await _live(TRAM[0]))["team"] == "Tổ CNSCĐ ấp 2"
    assert await value("SELECT count(*) FROM membership WHERE left_on = '2026-03-01'") == 1
    assert (await plan(content)).changes_nothing
    await undo_import(MACHINE, file)
    assert (await _live(TRAM[0]))["team"] == "Tổ CNSCĐ ấp 1"
    assert (await dump())["person"] != before["person"]  # versions and facts filled in aside
    assert len((await dump())["membership"]) == len(before["membership"])


async def test_doubts_wait_for_a_decision() -> None:
    content = book(line("Trần Thị Ngọc Trâm", 2000, "0900000555"), line("Lê Khác", 1980, TRAM[2]))
    assert [state for state, _ in await told(content)] == ["doubt", "doubt"]
    with pytest.raises(Refused):
        await bring_in(content)
    await bring_in(content, MACHINE, "2:same", "3:other")
    assert await value("SELECT count(*) FROM person WHERE phone = {}", "+84900000555") == 1
    assert await value("SELECT count(*) FROM person WHERE name = 'Trần Thị Ngọc Trâm'") == 1
    assert await value("SELECT phone FROM person WHERE name = 'Lê Khác'") == "+84900000016"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (line(None), "Thiếu họ tên."),
        (line("Lê Văn A", position=None), "Thiếu nhiệm vụ trong tổ."),
        (line("Lê Văn A", position="Bí thư"), "Nhiệm vụ ghi Tổ trưởng, Tổ phó hoặc Thành viên."),
        (line("Lê Văn A", "31/02/1990"), "Không có ngày này."),
        (line("Lê Văn A", 1990, "12345"), "số điện thoại"),
        (line("Lê Văn A", 1990, None, "Tổ trưởng", TOWN), "Dương Thị Ngọc Hân"),
        (line("Lê Văn A", place=("", "", "")), "Không rõ dòng này thuộc tổ nào."),
    ],
)
async def test_a_wrong_row_has_its_reason(row: list[object], said: str) -> None:
    [(state, reason)] = await told(book(row))
    assert state == "wrong"
    assert said in reason


async def test_a_second_leader_and_a_second_time_are_wrong() -> None:
    twice = book(
        line("Lê Văn A", 1990, "0900000501", "tổ  trưởng"),
        line("Lê Văn B", 1991, "0900000502", "Tổ trưởng"),
        line("Lê Văn A", 1990, "0900000501"),
    )
    assert [state for state, _ in await told(twice)] == ["new", "wrong", "wrong"]


@pytest.mark.parametrize(
    ("word", "position"),
    [("tổ  trưởng", "leader"), ("Phó tổ", "deputy"), ("Tổ phó", "deputy"), ("TV", "member")],
)
async def test_positions_go_by_many_names(word: str, position: str) -> None:
    await bring_in(book(line("Lê Văn A", 1990, None, word)))
    assert (await _live("Lê Văn A"))["position"] == position


async def test_a_coordinator_imports_within_reach_only() -> None:
    sen = await who_is(SEN)
    content = book(line("Lê Văn A"), line("Lê Văn B", place=TOWN), line("Hồ Minh Hoàng", 1964))
    assert [state for state, _ in await told(content, sen)] == ["new", "wrong", "wrong"]
    file = await bring_in(content, sen)
    assert (await find_import(await who_is(TAM), file)).state == "done"
    assert await _live("Lê Văn A")
    assert not await _live("Lê Văn B")
    town = await upload_file(MACHINE, "x.xlsx", book(line("Lê C", place=TOWN)), UploadForm())
    with pytest.raises(NotFound):
        await find_import(sen, town)


async def test_a_new_hamlet_and_team_are_founded_in_the_commune() -> None:
    await bring_in(book(line("Lê Văn A", place=("Bình Lãng", "3", ""))))
    assert (await _live("Lê Văn A"))["team"] == "Tổ CNSCĐ ấp 3"
    path = await value("SELECT path FROM area_spell WHERE name = 'Ấp 3'")
    commune = await value("SELECT path FROM area_spell WHERE name = 'Xã Bình Lãng'")
    assert path.startswith(commune)


async def test_confirming_and_discarding_know_the_state() -> None:
    file = await upload_file(MACHINE, "x.xlsx", book(line("Lê Văn A")), UploadForm())
    await discard_import(MACHINE, file)
    await discard_import(MACHINE, file)
    with pytest.raises(Refused):
        await confirm_import(MACHINE, file, ConfirmForm())
    done = await bring_in(book(line("Lê Văn A")))
    assert await confirm_import(MACHINE, done, ConfirmForm()) is None
    with pytest.raises(Refused):
        await discard_import(MACHINE, done)


async def test_of_confirming_and_discarding_at_once_one_is_told_to_look_again() -> None:
    file = await upload_file(MACHINE, "x.xlsx", book(line("Lê Văn A")), UploadForm())
    both = await asyncio.gather(
        confirm_import(MACHINE, file, ConfirmForm()),
        discard_import(MACHINE, file),
        return_exceptions=True,
    )
    assert [isinstance(one, Refused) for one in both].count(True) == 1


async def test_undone_twice_at_once_is_undone_once() -> None:
    before = await dump()
    file = await bring_in(book(line("Lê Văn A"), line("Lê Văn B")))
    await asyncio.gather(*(undo_import(MACHINE, file) for _ in range(3)))
    assert await dump() == before
    assert await how_many("import.undo") == 1


async def test_an_import_on_which_something_depends_stays() -> None:
    file = await bring_in(book(line("Lê Văn A", 1990, "0900000501")))
    await run("UPDATE person SET version = version + 1 WHERE name = 'Lê Văn A'")
    before = await dump()
    with pytest.raises(Refused):
        await undo_import(MACHINE, file)
    assert await dump() == before


async def test_each_act_leaves_a_line_in_the_log() -> None:
    hoa = await who_is(HOA)
    file = await bring_in(book(line("Lê Văn A", place=LANG)), hoa)
    await undo_import(hoa, file)
    lines = await run("SELECT action FROM audit_line WHERE action LIKE 'import%' ORDER BY id")
    assert [x["action"] for x in lines] == ["import.upload", "import.make", "import.undo"]
