"""The list of households comes in by workbook: twice is once, undone is nothing."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from demo.cast import SEN, TAM
from kit.database import run
from kit.sheets import Cell, write_sheet
from people.imports.commands import (
    ConfirmForm,
    UploadForm,
    confirm_import,
    plan_import,
    undo_import,
    upload_file,
)
from people.imports.kinds import Options, Plan
from people.imports.progress import Running
from people.imports.runs import apply_now
from teams.imports.household_columns import COLUMNS
from teams.imports.households import HOUSEHOLDS
from tests.teams.households.homes import UONG, home, stored
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

HEADERS = [column.headers[0] for column in COLUMNS]
DAY = date(2026, 11, 1)
TOWN = ("Thị trấn Tân Trụ", "Khu phố Bình Hòa")
NEW = (*TOWN, "HN-900", "Phan Văn Mới", "Tổ 9", 4, "0900 500 900", "x", None)
KNOWN = (*TOWN, "HN-012", UONG, "Tổ 3, ngõ 12", 3, "0900 500 012", "x", "x")


def book(*lines: tuple[Cell, ...]) -> bytes:
    """A workbook of households."""
    return write_sheet("Hộ", HEADERS, lines)


async def planned(*lines: tuple[Cell, ...], decisions: dict[int, str] | None = None) -> Plan:
    """What Tâm's workbook would do."""
    options = Options(DAY, decisions=decisions or {})
    return await plan_import(await who_is(TAM), HOUSEHOLDS, book(*lines), options)


async def imported(*lines: tuple[Cell, ...]) -> UUID:
    """Import a workbook as Tâm; the id of the file."""
    tam = await who_is(TAM)
    form = UploadForm(kind="households", on=DAY)
    file = await upload_file(tam, "ho-gia-dinh.xlsx", book(*lines), form)
    run_id = await confirm_import(tam, file, ConfirmForm())
    assert run_id is not None
    assert not await apply_now(tam, Running(file, run_id))
    return file


async def everything() -> list[dict[str, object]]:
    """Every household, but for how often it was changed."""
    found = await run("SELECT * FROM household ORDER BY id")
    return [{k: v for k, v in row.items() if k != "version"} for row in found]


async def test_import_then_undo_is_nothing_and_twice_is_once() -> None:
    before = await everything()
    file = await imported(NEW, KNOWN)
    assert len(await everything()) == len(before) + 1
    uong = await home(UONG)
    assert (uong.people, uong.fibre, uong.source) == (3, 1, "ho-gia-dinh.xlsx")
    new = await stored(await id_of("Phan Văn Mới"))
    assert (new["as_of"], new["phone"], new["smartphone"]) == (DAY, "+84900500900", 0)
    again = await planned(NEW, KNOWN)
    assert again.changes_nothing
    assert again.counts["unchanged"] == 2
    await undo_import(await who_is(TAM), file)
    assert await everything() == before


@pytest.mark.parametrize(
    ("line", "state", "said"),
    [
        (NEW, "new", ""),
        (KNOWN, "changed", "corrected"),
        (("Thị trấn Tân Trụ", "Khu phố Lạ", *NEW[2:]), "wrong", "is not in the register"),
        ((*TOWN, "HN-012", "Người Khác", *NEW[4:]), "doubt", "belongs to"),
        ((*TOWN, "HN-777", UONG, "Tổ 3, ngõ 12", *NEW[5:]), "doubt", "has the code"),
        ((*NEW[:5], 400, *NEW[6:]), "wrong", "between 1 and 99"),
        ((*TOWN, "HN-901", None, *NEW[4:]), "wrong", "Fill in"),
    ],
)
async def test_each_row_has_a_state_and_a_reason(
    line: tuple[Cell, ...], state: str, said: str
) -> None:
    [row] = (await planned(line)).rows
    assert row.state == state
    assert said in " ".join(message for message, _ in row.reason)


async def test_a_doubt_is_decided_and_the_same_row_twice_is_wrong() -> None:
    other = (*TOWN, "HN-777", UONG, "Tổ 3, ngõ 12", *NEW[5:])
    assert (await planned(other, decisions={2: "same"})).rows[0].state == "changed"
    assert (await planned(other, decisions={2: "other"})).rows[0].state == "new"
    assert [row.state for row in (await planned(NEW, NEW)).rows] == ["new", "wrong"]


async def test_a_hamlet_of_another_coordinator_is_told() -> None:
    plan = await plan_import(await who_is(SEN), HOUSEHOLDS, book(NEW), Options(DAY))
    assert plan.rows[0].state == "wrong"
    assert "outside your area" in plan.rows[0].reason[0][0]
