"""Changes of many rows that are undone whole, as long as nothing came to depend on them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from piccolo import columns
from piccolo.table import TABLE_REGISTRY, Table

from kit import clock
from kit.database import BATCH, SQL, among, insert_many, new_id, refusing, run, transaction
from kit.errors import Refused
from kit.i18n import gettext as _
from people.audit.commands import record
from people.batches.queries import find_batch
from people.permissions import Who
from people.tables import Batch, BatchStep

UNVERSIONED = 0
Undoer = Callable[[Who, Sequence[UUID], str], Awaitable[None]]
"""Takes back rows that were made, given their ids; refuses with a sentence where it cannot."""
_UNDOERS: dict[str, Undoer] = {}


def undone_by(table: type[Table], undoer: Undoer) -> None:
    """Let rows that a batch made in a table be taken back in its own way, not by deleting them."""
    _UNDOERS[table._meta.tablename] = undoer


class Recorder:
    """Notes each row a batch makes or changes; `save` writes the notes at the end."""

    def __init__(self, by: Who, kind: str, title: str, path: str) -> None:
        self.id, self.title = new_id(), title
        self._steps: list[dict[str, Any]] = []
        self._batch = Batch(
            id=self.id,
            kind=kind,
            title=title,
            path=path,
            made_at=clock.now(),
            made_by=by.person,
            counts="{}",
            undone_at=None,
            undone_by=None,
        )

    def made(self, table: type[Table], row_id: UUID, version: int = 1) -> None:
        """A row was inserted; undoing deletes it, or takes it back in its table's own way."""
        self._note(table, row_id, None, version)

    def changed(
        self, table: type[Table], row_id: UUID, before: Mapping[str, Any], version: int
    ) -> None:
        """Columns of a row were changed to `version`; undoing puts `before` back."""
        self._note(table, row_id, json.dumps(before, default=_plain, ensure_ascii=False), version)

    def _note(self, table: type[Table], row_id: UUID, before: str | None, version: int) -> None:
        self._steps.append(
            {
                "id": new_id(),
                "batch": self.id,
                "seq": len(self._steps),
                "what": table._meta.tablename,
                "row_id": row_id,
                "before": before,
                "version": version,
            }
        )

    async def save(self, counts: Mapping[str, int]) -> UUID:
        """Write the batch and its steps; the id to undo it by."""
        self._batch.counts = json.dumps(dict(counts))
        await Batch.insert(self._batch)
        await insert_many("batch_step", self._steps)
        return self.id


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


async def undo_batch(by: Who, batch_id: UUID) -> None:
    """Take back every row of a batch, or none. Twice is the same as once.

    Raises Refused when a row was changed since, or something new hangs on it.
    """
    batch = await find_batch(by, batch_id)
    if batch.undone_at:
        return
    async with transaction():
        claimed = await run(
            "UPDATE batch SET undone_at = {}, undone_by = {}"
            " WHERE id = {} AND undone_at IS NULL RETURNING id",
            *(clock.now(), by.person, batch_id),
        )
        if not claimed:  # another was faster
            return
        steps = (
            await BatchStep.select()
            .where(BatchStep.batch == batch_id)
            .order_by(BatchStep.seq, ascending=False)
        )
        depends = _("This can no longer be undone: something newer depends on it.")
        with refusing({"": depends}):
            for part in _parts(steps):
                if undoer := _UNDOERS.get(part[0]["what"]):
                    await undoer(by, [step["row_id"] for step in part], depends)
                else:
                    await _undo_part(part, depends)
        action = f"{batch.kind.partition('_')[0]}.undo"
        await record(by, action, batch_id, batch.title, path=batch.path)


def _parts(steps: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """The steps in their order, rows to be deleted alike together, each change alone."""

    def likeness(step: Mapping[str, Any]) -> tuple[object, ...]:
        alone = step["seq"] if step["before"] is not None else None
        return step["what"], step["version"], alone

    for _key, group in groupby(steps, likeness):
        alike = list(group)
        for start in range(0, len(alike), BATCH):
            yield alike[start : start + BATCH]


async def _undo_part(steps: list[Mapping[str, Any]], depends: str) -> None:
    """Delete the rows that were made, or put back what a row was."""
    first = steps[0]
    table, version = _table(first["what"]), first["version"]
    unchanged = SQL("1 = 1") if version == UNVERSIONED else SQL("version = {}", version)
    ids = among([step["row_id"] for step in steps])
    name = table._meta.tablename
    if first["before"] is None:
        sql = f"DELETE FROM {name} WHERE id IN {{}} AND {{}} RETURNING id"
        done = await run(sql, ids, unchanged)
    else:
        before = _typed(table, json.loads(first["before"]))
        sets = ", ".join(f"{column} = {{}}" for column in before)
        more = "" if version == UNVERSIONED else ", version = version + 1"
        sql = f"UPDATE {name} SET {sets}{more} WHERE id IN {{}} AND {{}} RETURNING id"
        done = await run(sql, *before.values(), ids, unchanged)
    if len(done) < len(steps):
        raise Refused(depends, status=409)
    await asyncio.sleep(0)


def _table(name: str) -> type[Table]:
    return next(table for table in TABLE_REGISTRY if table._meta.tablename == name)


def _typed(table: type[Table], values: Mapping[str, Any]) -> dict[str, Any]:
    """JSON values as the columns want them."""
    readers: dict[type, Callable[[str], Any]] = {
        columns.Date: date.fromisoformat,
        columns.Timestamptz: datetime.fromisoformat,
        columns.UUID: UUID,
    }
    typed: dict[str, Any] = {}
    for name, value in values.items():
        reader = readers.get(type(table._meta.get_column_by_name(name)))
        typed[name] = reader(value) if reader and value is not None else value
    return typed
