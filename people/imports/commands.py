"""Imports: upload and plan, confirm, apply in one transaction, discard, undo."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, field_validator

from kit import clock
from kit.database import SQL, insert_many, new_id, run, transaction, value
from kit.errors import Refused
from kit.forms import Form, Line, Maybe, MaybeDay
from kit.i18n import gettext as _
from kit.sheets import read_sheet
from kit.text import squeeze
from kit.workbooks import SheetError
from people.audit.commands import record
from people.batches.commands import Recorder, undo_batch
from people.imports.kinds import Kind, Options, Plan, Tick, choose_kind, find_kind
from people.imports.queries import ImportFound, find_import
from people.permissions import Who
from people.tables import ImportFile

ROW = re.compile(r"[0-9]{1,7}")


class UploadForm(Form):
    """What comes with a workbook: the day on which changes take effect (today when not given),
    the area the list belongs to, its name when there is none yet, and whether what is missing
    from the register is entered too."""

    kind: str = ""
    on: MaybeDay = None
    root: Annotated[UUID | None, Maybe] = None
    root_name: Line = Field(default="", max_length=120)
    add_missing: bool = False

    @field_validator("on")
    @classmethod
    def _not_ahead(cls, day: date | None) -> date | None:
        if day and day > clock.today():
            raise ValueError(_("Choose today or a day before."))
        return day

    def options(self) -> Options:
        """The choices as planners read them."""
        day = self.on or clock.today()
        return Options(day, self.root, self.root_name, add_missing=self.add_missing)


async def plan_import(by: Who, kind: Kind, content: bytes, options: Options) -> Plan:
    """What a workbook would do; writes nothing. Raises Refused with a sentence at `file`."""
    try:
        sheet = await asyncio.to_thread(read_sheet, content)
        return await kind.plan(by, sheet, options)
    except SheetError as error:
        raise Refused(fields={"file": error.say(_)}) from None


async def upload_file(by: Who, name: str, content: bytes, form: UploadForm) -> UUID:
    """Store a workbook with its plan; the id under which it is shown and confirmed. Raises
    Forbidden for a kind that only others import, Refused for a file that cannot be read."""
    kind, options, file = choose_kind(by, form.kind), form.options(), new_id()
    plan = await plan_import(by, kind, content, options)
    name = squeeze(name)[-120:] or kind.key
    async with transaction():
        await ImportFile.insert(_upload(file, by, kind, name, content, plan, options))
        await insert_many("import_line", [_line(file, row) for row in plan.rows])
        await record(by, "import.upload", file, name, path=plan.path, after=plan.counts)
    return file


def _upload(
    file: UUID, by: Who, kind: Kind, name: str, content: bytes, plan: Plan, options: Options
) -> ImportFile:
    return ImportFile(
        id=file,
        kind=kind.key,
        name=name,
        size=len(content),
        hash=hashlib.sha256(content).hexdigest(),
        content=content,
        path=plan.path,
        made_at=clock.now(),
        made_by=by.person,
        options=_packed_options(options),
        counts=packed_counts(plan),
        state="planned",
        progress=0,
        total=len(plan.rows),
        fault="",
        run=None,
        seen_at=None,
        ended_at=None,
        batch=None,
    )


def _line(file: UUID, row: Any) -> dict[str, Any]:
    return {
        "file": file,
        "number": row.number,
        "state": row.state,
        "name": row.name,
        "place": row.place,
        "reason": json.dumps(row.reason, ensure_ascii=False),
        "candidate": int(row.candidate),
        "cells": json.dumps(row.cells, ensure_ascii=False) if row.cells else None,
    }


def packed_counts(plan: Plan) -> str:
    """What the preview says of a plan, as JSON."""
    return json.dumps({"states": plan.counts, "effects": plan.effects, "totals": plan.totals})


def _packed_options(options: Options) -> str:
    root = str(options.root) if options.root else None
    stored = {"on": options.on.isoformat(), "root": root, "root_name": options.root_name}
    return json.dumps(stored | {"add_missing": options.add_missing})


def unpacked_options(text: str) -> Options:
    """The options stored with an import."""
    stored = json.loads(text)
    return Options(
        date.fromisoformat(stored["on"]),
        UUID(stored["root"]) if stored["root"] else None,
        stored["root_name"],
        {int(row): decision for row, decision in stored.get("decisions", {}).items()},
        stored.get("add_missing", False),
    )


class ConfirmForm(Form):
    """Decisions on rows in doubt, each `row:same` or `row:other`; undecided ones are left out."""

    decisions: list[str] = Field(default_factory=list, max_length=20_000)

    def decided(self) -> dict[int, str]:
        """Row → same or other."""
        pairs = (text.partition(":") for text in self.decisions)
        return {
            int(row): word
            for row, _, word in pairs
            if ROW.fullmatch(row) and word in ("same", "other")
        }


async def confirm_import(by: Who, file_id: UUID, form: ConfirmForm) -> UUID | None:
    """Claim an import for applying: the id of the run to start, None when it is done already.

    Raises Refused (409) when it was discarded, runs already or would change nothing.
    """
    found = await find_import(by, file_id)
    if found.state == "done":
        return None
    if found.changes_nothing and not form.decided():
        raise Refused(_("There is nothing to import from this file."), status=409)
    _refuse_unless_open(found)
    run_id = new_id()
    options = json.loads(found.options) | {"decisions": form.decided()}
    claimed = await run(
        "UPDATE import_file SET state = 'running', run = {}, options = {}, progress = 0,"
        " seen_at = {}, fault = '' WHERE {} RETURNING id",
        *(run_id, json.dumps(options), clock.now(), _as_found(found)),
    )
    if not claimed:
        raise Refused(_("This import is running already."), status=409)
    return run_id


def _as_found(found: ImportFound) -> SQL:
    """The condition that an import stands as it was read: nobody started or ended it since."""
    this = (found.id, found.state, found.run or found.id)
    return SQL("id = {} AND state = {} AND coalesce(run, id) = {}", *this)


def _refuse_unless_open(found: ImportFound) -> None:
    if found.state == "discarded":
        raise Refused(_("This file was discarded. Upload it again."), status=409)
    if found.state == "running" and not found.interrupted:
        raise Refused(_("This import is running already."), status=409)


async def apply_import(by: Who, file_id: UUID, run_id: UUID, tick: Tick) -> None:
    """Plan once more and write, all or nothing. Raises Refused when that can no longer be."""
    found = await find_import(by, file_id)
    kind, options = find_kind(found.kind), unpacked_options(found.options)
    async with transaction():
        content = await value("SELECT content FROM import_file WHERE id = {}", file_id)
        plan = await plan_import(by, kind, bytes(content), options)
        batch = Recorder(by, f"import_{kind.key}", found.name, plan.path)
        await kind.write(by, plan, batch, tick)
        await batch.save(plan.effects)
        await _finish(found, run_id, plan, batch.id, options.decisions)
        after = {"states": plan.counts, "effects": plan.effects}
        await record(by, "import.make", file_id, found.name, path=plan.path, after=after)


async def _finish(
    found: ImportFound, run_id: UUID, plan: Plan, batch: UUID, decisions: Mapping[int, str]
) -> None:
    done = await run(
        "UPDATE import_file SET state = 'done', ended_at = {}, batch = {}, content = NULL,"
        " counts = {}, path = {}, progress = total WHERE id = {} AND run = {}"
        " AND state = 'running' RETURNING id",
        *(clock.now(), batch, packed_counts(plan), plan.path, found.id, run_id),
    )
    if not done:
        raise Refused(_("This import was started again elsewhere."), status=409)
    for row in plan.rows:
        if row.number in decisions:
            await run(
                "UPDATE import_line SET state = {}, reason = {} WHERE file = {} AND number = {}",
                *(row.state, json.dumps(row.reason, ensure_ascii=False), found.id, row.number),
            )


async def fail_import(file_id: UUID, run_id: UUID, fault: str) -> None:
    """Note why an import was not applied; nothing of it was written."""
    await run(
        "UPDATE import_file SET state = 'failed', fault = {}, ended_at = {}"
        " WHERE id = {} AND run = {} AND state = 'running'",
        *(fault, clock.now(), file_id, run_id),
    )


async def discard_import(by: Who, file_id: UUID) -> None:
    """Drop an uploaded file and its rows unseen. Twice is the same as once."""
    found = await find_import(by, file_id)
    if found.state == "discarded":
        return
    if found.state == "done" or (found.state == "running" and not found.interrupted):
        raise Refused(_("This file is imported already. Undo the import instead."), status=409)
    async with transaction():
        dropped = await run(
            "UPDATE import_file SET state = 'discarded', content = NULL, run = NULL, ended_at = {}"
            " WHERE {} RETURNING id",
            *(clock.now(), _as_found(found)),
        )
        if not dropped:
            said = _("Somebody started or dropped this import meanwhile. Look at it again.")
            raise Refused(said, status=409)
        await run("DELETE FROM import_line WHERE file = {}", file_id)
        await record(by, "import.discard", file_id, found.name, path=found.path)


async def undo_import(by: Who, file_id: UUID) -> None:
    """Take an import back whole. Raises Refused when something newer depends on it."""
    found = await find_import(by, file_id)
    if found.batch is None:
        raise Refused(_("This import was not applied."), status=409)
    await undo_batch(by, found.batch)
