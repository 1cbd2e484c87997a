"""The ledger of taking part: the page, a person's days, and both as workbooks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.errors import Refused
from kit.forms import check_query, read_query
from kit.i18n import gettext as _
from kit.pages import day, onward, page
from kit.sheets import Cell
from people.audit.commands import record, record_view
from people.permissions import Who
from people.sign_ins.door import Asker, may
from teams.exports.routes import workbook
from teams.participation.queries import (
    VERB,
    LedgerFilter,
    MemberLine,
    PartLine,
    Totals,
    count_ledger,
    find_days,
    list_ledger,
    list_parts,
    month_choices,
    whole_ledger,
)
from teams.roster.choices import choices_places
from teams.visits.words import met_word


@get("/participation", guards=[may(VERB)])
async def ledger_page(request: Asking, who: Asker) -> Response[str]:
    """Who took part, on how many days."""
    asked = read_query(request, LedgerFilter)
    shown = await _ledger(request, who, asked)
    await record_view(who, "participation.list", path=who.first_path(VERB))
    return page(request, "participation/list.html", asked=asked, **shown)


async def _ledger(request: Asking, who: Who, asked: LedgerFilter) -> dict[str, Any]:
    """The lines and totals of the page; a period that is refused has none, and says why."""
    lines: list[MemberLine] = []
    following, totals = "", Totals(0, 0, 0)
    try:
        lines, following = await list_ledger(who, asked)
        totals = await count_ledger(who, asked)
    except Refused as refused:
        request.scope["state"]["unread"] = refused
    return {
        "lines": lines,
        "totals": totals,
        "following": onward(request, following),
        "places": await choices_places(who, VERB, asked.team, asked.area),
        "months": month_choices(clock.today()),
    }


@get("/participation/{person:uuid}", guards=[may(VERB)])
async def days_page(request: Asking, who: Asker, person: FromPath[UUID]) -> Response[str]:
    """The days of one person, with each visit."""
    asked = read_query(request, LedgerFilter)
    taker, days = await find_days(who, person, asked)
    await record_view(who, "participation.list", taker.name, who.first_path(VERB))
    return page(request, "participation/show.html", asked=asked, taker=taker, days=days)


@get("/participation.xlsx", guards=[may(VERB)])
async def ledger_workbook(request: Asking, who: Asker) -> Response[bytes]:
    """The ledger to sign: one line a person, person-days by month, totals below."""
    asked = check_query(request, LedgerFilter)
    lines, totals = await whole_ledger(who, asked), await count_ledger(who, asked)
    told = {**asked.query(), "rows": len(lines)}
    await record(who, "participation.export", path=who.first_path(VERB), after=told)
    heads, widths = _heads(asked)
    cells = [*_numbered(lines, asked), _total_cells(lines, totals, asked)]
    return await workbook("cong-tham-gia", _("Taking part"), heads, cells, widths)


def _heads(asked: LedgerFilter) -> tuple[list[str], list[int]]:
    several = len(asked.months) > 1
    months = [_("Days in %(month)s", month=_shown(m)) for m in asked.months] if several else []
    heads = [_("No."), _("Full name"), _("Team"), *months]
    heads += [_("Person-days"), _("Visits"), _("Signature")]
    return heads, [6, 28, 40, *([12] * len(months)), 12, 12, 24]


def _shown(month: str) -> str:
    year, _dash, number = month.partition("-")
    return f"{number}/{year}"


def _numbered(lines: list[MemberLine], asked: LedgerFilter) -> list[list[Cell]]:
    return [
        [number, line.name, line.team_name, *_months(line, asked), line.total, line.visits, None]
        for number, line in enumerate(lines, 1)
    ]


def _months(line: MemberLine, asked: LedgerFilter) -> list[Cell]:
    several = len(asked.months) > 1
    return [line.days.get(month, 0) for month in asked.months] if several else []


def _total_cells(lines: list[MemberLine], totals: Totals, asked: LedgerFilter) -> list[Cell]:
    """The last line, with the days it is about: the sheet is signed without this page beside it.
    Visits are counted once, however many took part, so they are no sum."""
    several = len(asked.months) > 1
    sums: list[Cell] = [sum(line.days.get(month, 0) for line in lines) for month in asked.months]
    days = _("From %(first)s to %(last)s", first=day(asked.first), last=day(asked.last))
    return [None, _("Total"), days, *(sums if several else []), totals.days, totals.visits, None]


@get("/participation/visits.xlsx", guards=[may(VERB)])
async def parts_workbook(request: Asking, who: Asker) -> Response[bytes]:
    """Who took part in which visit on what day, a line each."""
    asked = check_query(request, LedgerFilter)
    parts = await list_parts(who, asked)
    told = {**asked.query(), "rows": len(parts)}
    await record(who, "participation.export", path=who.first_path(VERB), after=told)
    heads = [_("Full name"), _("Team"), _("Day"), _("Area"), _("Met"), _("Part"), _("Visit")]
    cells = [_part_cells(part) for part in parts]
    return await workbook(
        "tham-gia-tung-luot", _("Taking part"), heads, cells, (28, 40, 12, 24, 18, 18, 38)
    )


def _part_cells(part: PartLine) -> list[Cell]:
    did = _("Performed") if part.performed else _("Took part")
    met = met_word(part.met)
    return [part.name, part.team_name, part.day, part.area_name, met, did, str(part.visit)]


ROUTES: list[ControllerRouterHandler] = [
    ledger_page,
    ledger_workbook,
    parts_workbook,
    days_page,
]
