"""The real register, as the district keeps it."""

from __future__ import annotations

import pytest

from kit.database import run, value
from kit.sheets import read_sheet
from people.imports.commands import undo_import
from people.imports.queries import find_import
from people.permissions import MACHINE
from teams.imports.sections import place_name, read_register
from tests.registers import REAL, TABLES, bring_in, dump, plan

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def _empty() -> None:
    for table in ("consent", "resident", "household_team", "household"):
        await run(f"DELETE FROM {table}")
    for table in ("role_grant", "membership", "team_area", "team", "sign_in", "link", "account"):
        await run(f"DELETE FROM {table}")
    for table in ("person", "area_spell", "area"):
        await run(f"DELETE FROM {table}")


async def test_the_workbook_gives_43_teams_and_215_members() -> None:
    await _empty()
    found = await find_import(MACHINE, await bring_in(REAL.read_bytes()))
    assert (found.state, found.fault) == ("done", "")
    assert found.told["states"]["new"] == 215
    assert found.agrees
    counts = {table: await value(f"SELECT count(*) FROM {table}") for table in TABLES}
    assert counts == {
        "area": 54, "area_spell": 54, "team": 43, "team_area": 43, "person": 215,
        "membership": 215,
    }  # fmt: skip
    kinds = await run("SELECT kind, count(*) AS n FROM area GROUP BY kind ORDER BY kind")
    assert {row["kind"]: row["n"] for row in kinds} == {"commune": 10, "district": 1, "hamlet": 43}
    positions = await run("SELECT position, count(*) AS n FROM membership GROUP BY position")
    assert {r["position"]: r["n"] for r in positions} == {"leader": 43, "deputy": 43, "member": 129}


async def test_names_days_and_phones_are_as_they_should_be() -> None:
    await _empty()
    await bring_in(REAL.read_bytes())
    names = {row["name"] for row in await run("SELECT name FROM person")}
    assert {"Đoàn Văn Thắng", "Ưng Văn Trung", "Trần Mỹ Duyên"} <= names
    assert not [name for name in names if name == name.upper() or "  " in name]
    assert await value("SELECT count(*) FROM person WHERE phone LIKE '+84900000%'") == 215
    lan = await run("SELECT born_on, born_year FROM person WHERE phone = {}", "+84900000015")
    assert (lan[0]["born_on"], lan[0]["born_year"]) == (None, 1985)
    assert await value("SELECT count(*) FROM membership WHERE joined_on = '2024-10-10'") == 215
    decided = await run("SELECT DISTINCT decision_number, founded_on FROM team")
    assert [row["decision_number"] for row in decided] == ["1234/QĐ-UBND"]
    areas = {row["name"] for row in await run("SELECT name FROM area_spell")}
    assert {"Huyện Tân Trụ", "Thị trấn Tân Trụ", "Xã Bình Lãng", "Khu phố Bình Hòa"} <= areas


async def test_the_same_file_again_changes_nothing() -> None:
    await bring_in(REAL.read_bytes())
    before = await dump()
    again = await plan(REAL.read_bytes())
    assert again.changes_nothing
    assert await dump() == before


async def test_an_import_undone_leaves_nothing() -> None:
    await _empty()
    before = await dump()
    file = await bring_in(REAL.read_bytes())
    assert await dump() != before
    await undo_import(MACHINE, file)
    assert await dump() == before
    assert (await find_import(MACHINE, file)).phase == "undone"
    await undo_import(MACHINE, file)


async def test_what_stands_in_the_register_is_found_there() -> None:
    planned = await plan(REAL.read_bytes())
    assert planned.counts["unchanged"] + planned.counts["changed"] + planned.counts["new"] >= 210
    assert planned.effects["roots"] == 0
    assert planned.effects["communes"] == 8


async def test_the_sheet_is_read_as_written() -> None:
    register = read_register(read_sheet(REAL.read_bytes()))
    assert register.head.body == "Huyện Tân Trụ"
    assert register.head.decision == "1234/QĐ-UBND"
    assert str(register.head.decided_on) == "2024-10-10"
    assert register.totals == {"to": 43, "thanh vien": 215}
    assert not [row for row in register.rows if row.wrong]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("THỊ TRẤN TÂN TRỤ", "Thị trấn Tân Trụ"),
        ("XÃ BÌNH LÃNG", "Xã Bình Lãng"),
        ("khu phố Bình Hòa", "Khu phố Bình Hòa"),
        ("ấp 1", "Ấp 1"),
        ("ẤP CẦU ĐÚC", "Ấp Cầu Đúc"),
        ("HUYỆN TÂN TRỤ", "Huyện Tân Trụ"),
    ],
)
async def test_places_are_written_properly(typed: str, stored: str) -> None:
    assert place_name(typed) == stored
