"""What the visit form offers: the catalogues of today, the text of consent, the usual services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import rows
from kit.guard import RULES
from kit.i18n import gettext
from kit.spells import as_of
from people.permissions import Who
from teams.catalogues.queries import Entry, find_catalogues
from teams.catalogues.tables import LISTS
from teams.households.residents import AGE_NAMES, SEX_NAMES
from teams.offline.words import again_tiles, outcome_tiles, rare_outcomes, sentences

USUAL = 6
LOOK_BACK = timedelta(days=90)
SOMETHING_ELSE = "other_service"


@dataclass(frozen=True)
class Mate:
    """Somebody of the own team, to be ticked as having taken part."""

    id: UUID
    name: str


@dataclass(frozen=True)
class _Code:
    code: str


async def list_usual(who: Who) -> list[str]:
    """The services that somebody gave most often in the last three months, the first six."""
    found = await rows(
        _Code,
        "SELECT p.service AS code FROM visit v JOIN support p ON p.visit = v.id"
        " WHERE v.performed_by = {} AND v.met_at >= {} AND v.withdrawn_at IS NULL"
        " AND p.service <> {} GROUP BY p.service ORDER BY count(*) DESC, p.service LIMIT {}",
        *(who.person, clock.now() - LOOK_BACK, SOMETHING_ELSE, USUAL),
    )
    return [line.code for line in found]


async def list_mates(who: Who) -> list[Mate]:
    """The others of the own team today, by given name."""
    if not who.own_team:
        return []
    return await rows(
        Mate,
        "SELECT p.id, p.name FROM membership m JOIN person p ON p.id = m.person"
        " WHERE m.team = {} AND {} AND p.id <> {} ORDER BY p.sort, p.id",
        *(who.own_team, as_of("m", clock.today(), "joined_on", "left_on"), who.person),
    )


async def offers(usual: list[str]) -> dict[str, Any]:
    """What a page of the form needs, with the usual services first; nobody's data."""
    today, catalogues = clock.today(), await find_catalogues()
    lists = {name: catalogues.offered(name, today) for name in LISTS}
    first, rest = ranked(lists["service"], usual)
    named = {f"{name}s": [(e.code, e.name) for e in lists[name]] for name in LISTS}
    return {
        **named,
        "first": first,
        "rest": rest,
        "consent": catalogues.wording(today),
        "outcomes": outcome_tiles(),
        "rare": rare_outcomes(),
        "again": again_tiles(),
        "ages": [(code, gettext(word)) for code, word in AGE_NAMES.items()],
        "sexes": [(code, gettext(word).capitalize()) for code, word in SEX_NAMES.items()],
        "rules": RULES,
        "sentences": sentences(),
    }


def ranked(services: list[Entry], usual: list[str]) -> tuple[list[Entry], list[Entry]]:
    """Six services to stand open, the usual ones first, and those that fold away."""
    known = [one for one in services if one.code in usual]
    known.sort(key=lambda one: usual.index(one.code))
    whole = known + [one for one in services if one.code not in usual]
    return whole[:USUAL], whole[USUAL:]
