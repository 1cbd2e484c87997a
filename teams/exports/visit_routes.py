"""Visits to take away: as CSV of any length, as a workbook as far as one is of use."""

from __future__ import annotations

import asyncio
from asyncio import to_thread
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, TypeVar

from litestar import Response, get
from litestar.response import Stream
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.errors import Refused
from kit.files import file, kept_as
from kit.forms import check_query
from kit.i18n import gettext as _
from kit.pages import number
from kit.sheets import Cell, write_sheet
from people.audit.commands import record
from people.permissions import Who
from people.sign_ins.door import Asker, may
from teams.catalogues.queries import find_catalogues
from teams.exports.visits import (
    VERB,
    WIDTHS,
    Told,
    Words,
    cells,
    count_exported,
    csv_of,
    heads,
    parts,
    words_of,
)
from teams.visits.filters import VisitFilter

MOST_ROWS = 100_000
"""More rows than this nobody reads in a workbook, and it would keep a thread busy for long."""
Part = TypeVar("Part")


@get("/visits.csv", guards=[may(VERB)])
async def visits_csv(request: Asking, who: Asker) -> Stream:
    """All visits of the list, however many, as they are read."""
    asked = check_query(request, VisitFilter)
    words = words_of(await find_catalogues())
    await _told(who, asked, "csv")
    lines = csv_of(who, asked, words)
    return Stream(lines, media_type="text/csv", headers=kept_as(_name("csv")))


@get("/visits.xlsx", guards=[may(VERB)])
async def visits_workbook(request: Asking, who: Asker) -> Response[bytes]:
    """The visits of the list, with true days and times."""
    asked = check_query(request, VisitFilter)
    await _refuse_many(who, asked)
    words = words_of(await find_catalogues())
    await _told(who, asked, "xlsx")
    lines = _cells(_in_a_thread(parts(who, asked)), words)
    data = await to_thread(write_sheet, _("Visits"), heads(), lines, WIDTHS)
    return file(_name("xlsx"), data)


async def _refuse_many(who: Who, asked: VisitFilter) -> None:
    if await count_exported(who, asked, MOST_ROWS) > MOST_ROWS:
        said = _(
            "A workbook holds at most %(num)s visits here. Choose a shorter time, or take the CSV.",
            num=number(MOST_ROWS),
        )
        raise Refused(said)


async def _told(who: Who, asked: VisitFilter, form: str) -> None:
    """An export is an act: it stands in the log before the first row leaves."""
    told = {**asked.query(), "form": form}
    await record(who, "visit.export", path=who.first_path(VERB), after=told)


def _name(ending: str) -> str:
    return f"luot-ho-tro-{clock.today():%Y-%m-%d}.{ending}"


def _cells(read: Iterator[list[Mapping[str, Any]]], words: Words) -> Iterator[list[Cell]]:
    told = Told(words)
    for part in read:
        for line in part:
            yield cells(line, words, told)


def _in_a_thread(read: AsyncIterator[Part]) -> Iterator[Part]:
    """What the loop reads, for a writer in a thread: one part at a time, never all of them."""
    loop = asyncio.get_running_loop()

    async def following() -> Part | None:
        return await anext(read, None)

    def pull() -> Iterator[Part]:
        while (part := asyncio.run_coroutine_threadsafe(following(), loop).result()) is not None:
            yield part

    return pull()


ROUTES: list[ControllerRouterHandler] = [visits_csv, visits_workbook]
