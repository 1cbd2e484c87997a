"""Workbooks of an import: the empty template, and the rows that could not be imported."""

from __future__ import annotations

import asyncio
from uuid import UUID

from kit.database import transaction
from kit.files import stem
from kit.i18n import gettext as _
from kit.sheets import write_sheet
from people.audit.commands import record
from people.imports.kinds import REASON, Kind, find_kind
from people.imports.queries import find_import, list_lines
from people.permissions import Who

MOST = 20_000


def template_sheet(kind: Kind) -> bytes:
    """A workbook with the headers alone, ready to be filled in."""
    return write_sheet(_(kind.title), kind.headers, [], _widths(kind))


async def wrong_sheet(who: Who, file_id: UUID) -> tuple[str, bytes]:
    """A name and a workbook of the wrong and doubtful rows with their reasons.

    It has the template's headers, so that it can be mended and uploaded again.
    """
    found = await find_import(who, file_id)
    kind = find_kind(found.kind)
    lines = await list_lines(file_id, ("wrong", "doubt"), limit=MOST)
    rows = [[*line.texts, line.why] for line in lines]
    headers = [*kind.headers, _(REASON)]
    content = await asyncio.to_thread(
        write_sheet, _(kind.title), headers, rows, [*_widths(kind), 60]
    )
    async with transaction():
        after = {"rows": len(rows)}
        await record(who, "import.export", file_id, found.name, path=found.path, after=after)
    return f"{stem(found.name.removesuffix('.xlsx')) or found.kind}-sai.xlsx", content


def _widths(kind: Kind) -> list[int]:
    return [max(14, len(header) + 4) for header in kind.headers]
