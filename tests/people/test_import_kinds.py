"""Another kind of workbook needs only a description: guests, made up here."""

from __future__ import annotations

import pytest

from kit import clock
from kit.database import insert_many, new_id, value
from kit.sheets import Column, Sheet, find_header, read_lines, write_sheet
from people.batches.commands import Recorder
from people.imports import kinds as registry
from people.imports.commands import (
    ConfirmForm,
    UploadForm,
    confirm_import,
    undo_import,
    upload_file,
)
from people.imports.kinds import Kind, Options, Plan, PlannedRow, Tick, kinds, offer
from people.imports.runs import settle, start
from people.permissions import MACHINE, Who
from people.tables import Person

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
COLUMNS = (Column("name", ("Họ và tên",), filled=True), Column("email", ("Email",)))


async def plan_guests(_by: Who, sheet: Sheet, _options: Options) -> Plan:
    lines = list(read_lines(sheet.rows, find_header(sheet.rows, COLUMNS), COLUMNS))
    rows = [
        PlannedRow(line.number, "wrong" if line.wrong else "new", str(line.values["name"]))
        for line in lines
    ]
    good = [line.values for line in lines if not line.wrong]
    return Plan(rows, "/", {"people": len(good)}, good)


async def write_guests(_by: Who, plan: Plan, batch: Recorder, tick: Tick) -> None:
    records = [
        {"id": new_id(), **guest, "fold": "x", "sort": "x", "made_at": clock.now()}
        for guest in plan.work
    ]
    await insert_many("person", records)
    for record in records:
        batch.made(Person, record["id"])
    await tick(len(records))


async def test_a_described_kind_is_planned_applied_and_undone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kind = Kind("guests", "Guests", COLUMNS, plan_guests, write_guests, str)
    monkeypatch.setattr(registry, "_KINDS", {})
    offer(kind)
    assert kinds() == [kind]
    content = write_sheet("x", kind.headers, [["Lê A", "a@example.vn"], [None, "b@example.vn"]])
    file = await upload_file(MACHINE, "khách.xlsx", content, UploadForm(kind="guests"))
    run_id = await confirm_import(MACHINE, file, ConfirmForm())
    assert run_id
    await start(MACHINE, file, run_id)
    await settle()
    assert await value("SELECT count(*) FROM person WHERE email = 'a@example.vn'") == 1
    await undo_import(MACHINE, file)
    assert await value("SELECT count(*) FROM person WHERE email = 'a@example.vn'") == 0
