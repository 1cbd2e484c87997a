"""Lists of officials for tests: the real one, and small made-up ones."""

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
from sessions.officials.workbook import OFFICIALS

REAL = Path(__file__).parents[3] / "demo" / "data" / "can-bo-cong-chuc.xlsx"
TABLES = ("office", "office_spell", "person", "official")
LAW = "Phòng Tư pháp"


def line(
    name: str | None,
    office: str | None = LAW,
    category: str | None = "Công chức",
    phone: object = None,
    **more: object,
) -> list[Any]:
    """A row under the template's headers."""
    known = {"name": name, "office": office, "category": category, "phone": phone, **more}
    return [known.get(column.key) for column in OFFICIALS.columns]


def book(*lines: list[Any]) -> bytes:
    """A workbook under the template's headers."""
    return write_sheet("Cán bộ", OFFICIALS.headers, lines)


async def plan(content: bytes, by: Who = MACHINE, *decisions: str, **form: Any) -> Plan:
    """What a workbook would do."""
    options = UploadForm(**{"add_missing": True, **form}).options()
    decided = ConfirmForm(decisions=list(decisions)).decided()
    options = type(options)(**{**options.__dict__, "decisions": decided})
    return await plan_import(by, OFFICIALS, content, options)


async def told(content: bytes, by: Who = MACHINE, *decisions: str, **form: Any) -> list[str]:
    """State and reason of each row."""
    planned = await plan(content, by, *decisions, **form)
    return [f"{row.state}: {said(row.reason)}" for row in planned.rows]


async def bring_in(content: bytes, by: Who = MACHINE, *decisions: str, **form: Any) -> UUID:
    """Upload, confirm and apply a workbook; the id of the import."""
    sent = UploadForm(**{"kind": OFFICIALS.key, "add_missing": True, **form})
    file = await upload_file(by, "can-bo.xlsx", content, sent)
    run_id = await confirm_import(by, file, ConfirmForm(decisions=list(decisions)))
    assert run_id
    await start(by, file, run_id)
    await settle()
    return file


async def dump() -> dict[str, list[str]]:
    """Every row of the tables an import writes, in one order; how often it changed aside."""
    return {
        table: sorted(
            str(sorted((k, v) for k, v in row.items() if k != "version"))
            for row in await run(f"SELECT * FROM {table}")
        )
        for table in TABLES
    }


async def spells(name: str) -> list[dict[str, Any]]:
    """The offices a person worked in, the first one first."""
    found = await run(
        "SELECT o.name AS office, f.category, f.job, f.since, f.until FROM official f"
        " JOIN person p ON p.id = f.person JOIN office_spell o ON o.office = f.office"
        " WHERE p.name = {} ORDER BY f.since, f.id",
        name,
    )
    return [dict(one) for one in found]
