"""What planners of every kind of workbook leave for their writers, and how it is written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from piccolo.table import Table

from kit.database import BATCH, insert_many, run
from kit.errors import Refused
from people.batches.commands import Recorder
from people.imports.kinds import Tick
from people.permissions import Who


@dataclass(frozen=True)
class Update:
    """Columns of a stored row to be set, and what they were."""

    row: UUID
    version: int
    before: dict[str, Any]
    after: dict[str, Any]


async def write_new(
    batch: Recorder,
    table: type[Table],
    records: Sequence[dict[str, Any]],
    tick: Tick | None = None,
) -> None:
    """Insert records of equal keys, each noted for the undoing and told to `tick`."""
    for start in range(0, len(records), BATCH):
        part = records[start : start + BATCH]
        await insert_many(table._meta.tablename, part)
        for record in part:
            batch.made(table, record["id"])
        await (tick(len(part)) if tick else asyncio.sleep(0))


async def write_update(batch: Recorder, table: type[Table], update: Update, clash: str) -> None:
    """Set columns of a row, noted for the undoing. Raises Refused (409, `clash`) when the row is
    not as it was read."""
    sets = ", ".join(f"{column} = {{}}" for column in update.after)
    done = await run(
        f"UPDATE {table._meta.tablename} SET {sets}, version = version + 1"
        " WHERE id = {} AND version = {} RETURNING version",
        *(*update.after.values(), update.row, update.version),
    )
    if not done:
        raise Refused(clash, status=409)
    batch.changed(table, update.row, update.before, int(done[0]["version"]))
    await asyncio.sleep(0)


def common_path(by: Who, paths: Iterable[str], verb: str = "import.make") -> str:
    """The smallest area that holds all that an import touches, within the reach of a verb."""
    own, sorted_paths = by.first_path(verb), sorted(paths)
    if not sorted_paths:
        return own
    first, last = sorted_paths[0].split("/"), sorted_paths[-1].split("/")
    same = 0
    while same < min(len(first), len(last)) - 1 and first[same] == last[same]:
        same += 1
    common = "/".join(first[:same]) + "/"
    return common if by.reaches(verb, common) else own
