"""Imports within reach: one, the latest, and the rows of one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from kit.database import SQL, among, any_of, row, rows
from kit.errors import NotFound
from kit.spells import within
from people.imports.kinds import STATES, kinds_of, said
from people.imports.progress import running, silent
from people.permissions import Who

PAGE = 100


@dataclass(frozen=True)
class ImportFound:
    """An upload and what became of it; `counts` and `options` are JSON."""

    id: UUID
    kind: str
    name: str
    size: int
    path: str
    made_at: datetime
    maker: str | None
    options: str
    counts: str
    state: str
    run: UUID | None
    progress: int
    total: int
    seen_at: datetime | None
    ended_at: datetime | None
    fault: str
    batch: UUID | None
    undone_at: datetime | None

    @cached_property
    def told(self) -> dict[str, Any]:
        """The counts: `states`, `effects` and `totals`."""
        found: dict[str, Any] = json.loads(self.counts)
        return found

    @property
    def on(self) -> date:
        """The day on which changes take effect."""
        return date.fromisoformat(json.loads(self.options)["on"])

    @property
    def changes_nothing(self) -> bool:
        """Whether confirming would write nothing."""
        return not any(self.told["effects"].values())

    @property
    def agrees(self) -> bool:
        """Whether the sheet's own total is what was read."""
        return all(said == read for _, said, read in self.told["totals"])

    @property
    def interrupted(self) -> bool:
        """Whether it was being applied when its process ended; nothing of it was written."""
        return self.state == "running" and silent(self.id, self.seen_at)

    @property
    def open(self) -> bool:
        """Whether it can still be confirmed."""
        return self.state in ("planned", "failed") or self.interrupted

    @property
    def phase(self) -> str:
        """planned, running, interrupted, failed, done, undone or discarded."""
        if self.undone_at:
            return "undone"
        return "interrupted" if self.interrupted else self.state

    @property
    def written(self) -> int:
        """The rows written so far."""
        here = running(self.id)
        return here.written if here else self.progress


_IMPORT = """
SELECT f.id, f.kind, f.name, f.size, f.path, f.made_at, p.name AS maker, f.options, f.counts,
       f.state, f.run, f.progress, f.total, f.seen_at, f.ended_at, f.fault, f.batch, b.undone_at
FROM import_file f LEFT JOIN person p ON p.id = f.made_by LEFT JOIN batch b ON b.id = f.batch
WHERE
"""


async def find_import(who: Who, file_id: UUID) -> ImportFound:
    """An import within reach. Raises NotFound."""
    found = await row(ImportFound, _IMPORT + "f.id = {} AND {}", file_id, _visible(who))
    if found is None:
        raise NotFound
    return found


def _visible(who: Who) -> SQL:
    """Each kind where its own verb holds."""
    return any_of(
        SQL("(f.kind = {} AND {})", kind.key, within("f.path", who.paths(kind.verb)))
        for kind in kinds_of(who)
    )


async def list_imports(
    who: Who, before: UUID | None = None, kind: str = "", limit: int = 20
) -> list[ImportFound]:
    """The imports within reach, perhaps of one kind only, the latest first, from the one after
    `before` on."""
    return await rows(
        ImportFound,
        _IMPORT + "f.state <> 'discarded' AND {} AND {} AND {} ORDER BY f.id DESC LIMIT {}",
        _visible(who),
        SQL("f.kind = {}", kind) if kind else SQL("1 = 1"),
        SQL("f.id < {}", before) if before else SQL("1 = 1"),
        limit,
    )


@dataclass(frozen=True)
class LineFound:
    """A row of an import; `reason` and `cells` are JSON."""

    number: int
    state: str
    name: str
    place: str
    reason: str
    candidate: int
    cells: str | None

    @property
    def why(self) -> str:
        """The reason in the reader's language."""
        return said([(message, values) for message, values in json.loads(self.reason)])

    @property
    def texts(self) -> list[str]:
        """The cells under the headers of the template."""
        found: list[str] = json.loads(self.cells or "[]")
        return found


async def list_lines(
    file_id: UUID, states: tuple[str, ...] = STATES, after: int = 0, limit: int = PAGE
) -> list[LineFound]:
    """Rows of an import in the order of the sheet; who may see the import may see them."""
    return await rows(
        LineFound,
        "SELECT number, state, name, place, reason, candidate, cells FROM import_line"
        " WHERE file = {} AND state IN {} AND number > {} ORDER BY number LIMIT {}",
        *(file_id, among(states), after, limit),
    )
