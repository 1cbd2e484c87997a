"""Training records: one's own, a person's, those of offices in a year."""

from __future__ import annotations

from asyncio import to_thread
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.files import file
from kit.forms import check_query, read_query
from kit.i18n import gettext as _
from kit.pages import page
from kit.sheets import Cell, Written, write_book
from people.audit.commands import record, record_view
from people.persons.queries import find_person
from people.sign_ins.door import Asker, may, signed_in
from sessions.checkins.queries import list_own_codes
from sessions.training.queries import (
    EVERYBODY,
    OfficeTraining,
    OfficialTraining,
    TrainingFilter,
    list_offices,
    list_officials,
    whole,
)
from sessions.training.record import list_years

READ, EXPORT = [may("course.read")], [may("training.export")]


@get("/me/training", guards=[signed_in])
async def own_training_page(request: Asking, who: Asker) -> Response[str]:
    """One's own training over the years."""
    years = await list_years(who.person) if who.person else []
    shown: dict[str, Any] = {"name": who.name, "own": True}
    shown["codes"] = await list_own_codes(who.person) if who.person else []
    return page(request, "training/record.html", years=years, **shown)


@get("/people/{person:uuid}/training", guards=READ)
async def training_page(request: Asking, who: Asker, person: FromPath[UUID]) -> Response[str]:
    """The training of a person within reach, over the years."""
    found = await find_person(who, person)
    years = await list_years(found.id)
    await record_view(who, "training.view", found.name, found.path)
    shown: dict[str, Any] = {"name": found.name, "person": found, "own": False, "codes": []}
    return page(request, "training/record.html", years=years, **shown)


@get("/training", guards=READ)
async def offices_page(request: Asking, who: Asker) -> Response[str]:
    """The offices in a year, and the officials of the one asked for."""
    asked = read_query(request, TrainingFilter)
    offices = await list_offices(who, asked)
    officials = await list_officials(who, asked) if asked.office else []
    if asked.office:
        await record_view(who, "training.list", path=who.first_path("course.read"))
    total = whole(offices, _("All offices"))
    shown: dict[str, Any] = {"offices": offices, "officials": officials, "total": total}
    return page(request, "training/offices.html", asked=asked, **shown)


@get("/training.xlsx", guards=EXPORT)
async def training_workbook(request: Asking, who: Asker) -> Response[bytes]:
    """Offices and officials of a year as a workbook."""
    asked = check_query(request, TrainingFilter)
    offices = await list_offices(who, asked)
    officials = await list_officials(who, asked, EVERYBODY)
    told = {"on": str(asked.shown), "rows": len(officials)}
    await record(who, "training.export", path=who.first_path("training.export"), after=told)
    sheets = [_of_offices(offices), _of_officials(officials)]
    name = f"boi-duong-{asked.shown}-{clock.today():%Y-%m-%d}.xlsx"
    return file(name, await to_thread(write_book, sheets))


def _of_offices(offices: list[OfficeTraining]) -> Written:
    heads = [_("Office"), _("Officials"), _("With a yearly duty"), _("Attended a session")]
    heads += [_("Periods attended"), _("Periods a head"), _("Duty fulfilled"), _("Share (%)")]
    lines = [*offices, whole(offices, _("Total"))] if offices else []
    cells = [office_cells(one) for one in lines]
    return Written(_("By office"), heads, cells, (44, *[14] * 7))


def office_cells(one: OfficeTraining) -> list[Cell]:
    """An office as the cells of a row; what is not known is empty."""
    known = one.earned if one.trained else None
    found: list[Cell] = [one.name, one.officials, one.owing, one.trained, known]
    return [*found, one.per_head, one.fulfilled if one.trained else None, one.share]


def _of_officials(officials: list[OfficialTraining]) -> Written:
    heads = [_("Full name"), _("Office"), _("Category"), _("Yearly duty"), _("Periods attended")]
    heads += [_("Periods left")]
    cells = [official_cells(one) for one in officials]
    return Written(_("By official"), heads, cells, (28, 44, 18, 14, 14, 14))


def official_cells(one: OfficialTraining) -> list[Cell]:
    """An official as the cells of a row; what is not known is empty."""
    duty = one.duty
    return [one.name, one.office_name, one.category_word, duty.owed, duty.earned, duty.left]


ROUTES: list[ControllerRouterHandler] = [
    own_training_page,
    training_page,
    offices_page,
    training_workbook,
]
