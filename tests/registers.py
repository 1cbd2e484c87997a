"""Registers of members for tests of imports: the real one, and small made-up ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from kit.database import run
from kit.sheets import write_sheet
from people.imports.commands import (
    ConfirmForm,
    UploadForm,
    confirm_import,
    plan_import,
    upload_file,
)
from people.imports.kinds import Plan, said
from people.imports.runs import settle, start
from people.permissions import MACHINE, Who
from teams.imports.members import MEMBERS

REAL = Path(__file__).parents[1] / "demo" / "data" / "thanh-vien-to-cnscd.xlsx"
TABLES = ("area", "area_spell", "team", "team_area", "person", "membership")
TOWN = ("Thị trấn Tân Trụ", "Khu phố Bình Hòa", "")
LANG = ("Xã Bình Lãng", "Ấp 1", "")


def line(
    name: str | None,
    birth: object = "1990",
    phone: object = None,
    position: str | None = "TV",
    place: tuple[str, str, str] = LANG,
) -> list[Any]:
    """A row under the template's headers."""
    return [*place, name, birth, "Nam", "Giáo viên", position, phone, None]


def book(*lines: list[Any]) -> bytes:
    """A workbook under the template's headers."""
    return write_sheet("Danh sách", MEMBERS.headers, lines)


async def plan(content: bytes, by: Who = MACHINE, **form: Any) -> Plan:
    """What a workbook would do."""
    return await plan_import(by, MEMBERS, content, UploadForm(**form).options())


async def told(content: bytes, by: Who = MACHINE, **form: Any) -> list[tuple[str, str]]:
    """State and reason of each row."""
    planned = await plan(content, by, **form)
    return [(row.state, said(row.reason)) for row in planned.rows]


async def bring_in(content: bytes, by: Who = MACHINE, *decisions: str, **form: Any) -> UUID:
    """Upload, confirm and apply a workbook; the id of the import."""
    file = await upload_file(by, "danh-sach.xlsx", content, UploadForm(**form))
    run_id = await confirm_import(by, file, ConfirmForm(decisions=list(decisions)))
    assert run_id
    await start(by, file, run_id)
    await settle()
    return file


async def dump() -> dict[str, list[str]]:
    """Every row of the tables an import writes, in one order."""
    return {
        table: sorted(str(sorted(row.items())) for row in await run(f"SELECT * FROM {table}"))
        for table in TABLES
    }
