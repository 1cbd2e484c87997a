"""Catalogues for programs: /api/v1/catalogues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from litestar import get
from litestar.types import ControllerRouterHandler

from kit.listing import item
from kit.openapi import problems
from people.sign_ins.door import may
from teams.catalogues.queries import Catalogues, Gap, find_catalogues
from teams.catalogues.tables import LEARNING, LISTS, OUTCOMES
from teams.visits.words import outcome_word


@dataclass(frozen=True)
class EntryItem:
    """An entry, offered from `since` until the day before `until`, but not on the days of `gaps`;
    the lowest rank first."""

    code: str
    name_vi: str
    name_en: str
    rank: int
    since: date
    until: date | None
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class OutcomeItem:
    """An outcome of a service; `learning` where the resident can do it now."""

    code: str
    name: str
    learning: bool


@dataclass(frozen=True)
class ConsentItem:
    """A wording of the consent, in use from `since` until the next one."""

    version: int
    since: date
    text_vi: str
    text_en: str


@dataclass(frozen=True)
class CatalogueList:
    """All a visit is made of, retired entries too: visits of earlier days name them."""

    services: list[EntryItem]
    obstacles: list[EntryItem]
    referrals: list[EntryItem]
    places: list[EntryItem]
    outcomes: list[OutcomeItem]
    consents: list[ConsentItem]


def _of(found: Catalogues, which: str) -> list[EntryItem]:
    return [item(EntryItem, entry) for entry in found.of(which)]


@get(
    "/catalogues",
    guards=[may("visit.read")],
    summary="Show the catalogues",
    tags=["catalogues"],
    responses=problems(),
)
async def get_catalogues() -> CatalogueList:
    """Services, obstacles, referrals, places, outcomes and wordings of the consent."""
    found = await find_catalogues()
    lists = {f"{name}s": _of(found, name) for name in LISTS}
    outcomes = [OutcomeItem(code, outcome_word(code), code in LEARNING) for code in OUTCOMES]
    consents = [item(ConsentItem, text) for text in found.wordings]
    return CatalogueList(**lists, outcomes=outcomes, consents=consents)


ROUTES: list[ControllerRouterHandler] = [get_catalogues]
