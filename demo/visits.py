"""A year at the doors: twelve months of visits, made up, told as leaders and members would.

Life shows in them: October, the month of the national day of digital transformation (10/10), is
the busiest, Tết the quietest; some doors stay shut, some people do not wish to be named, a few
visits are withdrawn, and one team has been silent for two months.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from heapq import heapify, heappop, heappush
from random import Random
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import new_id, rows, transaction
from kit.forms import check
from kit.spells import as_of
from people.permissions import Right, Who
from teams.households.forms import ResidentForm
from teams.households.reach import serving
from teams.households.residents import add_resident
from teams.visits.changing import withdraw_visit
from teams.visits.commands import log_visit
from teams.visits.forms import VisitForm, WithdrawForm

SEED = 1010
DAYS = 365
TET = (date(2026, 2, 9), date(2026, 2, 28))
BUSY = {1: 0.9, 6: 0.8, 7: 0.7, 9: 1.2, 10: 2.4, 11: 1.2}
"""How much more or less than usual is done in a month."""
SILENT_DAYS = 60
BATCH = 100
"""Visits that share a transaction, so that a year is told in seconds."""
KEPT = 0.9
"""The share of promises to come again that are kept."""

Weighted = dict[Any, int]
VISITS: Weighted = {0: 8, 1: 20, 2: 34, 3: 25, 4: 13}
"""How many visits a household had in the year: some were never reached."""
MET: Weighted = {"met": 86, "absent": 12, "refused": 2}
BASIS: Weighted = {"consent": 88, "anonymous": 12}
SERVICES: Weighted = {
    "vneid_2": 24,
    "fraud_safety": 16,
    "portal_account": 15,
    "pay_electricity": 14,
    "online_dossier": 12,
    "citizen_app": 7,
    "health_book": 7,
    "pay_water": 6,
    "qr_payment": 6,
    "hotline_1022": 3,
    "digital_signature": 2,
    "e_commerce": 2,
}
OUTCOMES: Weighted = {
    "assisted": 41,
    "independent": 25,
    "on_behalf": 13,
    "already_had": 9,
    "pending": 7,
    "not_needed": 3,
    "refused": 2,
}
PLACES: Weighted = {"home": 88, "hall": 8, "market": 2, "one_stop": 2}
OBSTACLES = ("forgot_password", "id_card", "no_smartphone", "otp_old_phone", "fear_of_fraud")
AGES: Weighted = {"60_up": 38, "35_59": 42, "18_34": 20}
NOTES = ("Bác nhớ cách mở ứng dụng.", "Hẹn có con ở nhà cùng xem.", "Máy yếu, nên đổi máy.")


@dataclass(frozen=True, order=True)
class Door:
    """A household and the team that serves it."""

    id: UUID
    team: UUID
    people: int | None = field(compare=False)


@dataclass(frozen=True, order=True)
class Walk:
    """Somebody of a team at a door at a moment."""

    at: datetime
    door: Door
    person: UUID


def pick(dice: Random, choices: Weighted) -> Any:
    """One of the choices, by weight."""
    return dice.choices(list(choices), list(choices.values()))[0]


async def tell_a_year() -> int:
    """Tell the visits of the twelve months up to yesterday; how many there are."""
    dice, today = Random(SEED), clock.today()  # noqa: S311  (nothing here is a secret)
    crews = await _crews(today)
    silent = max(crews, key=str)
    walks = [*_walks(dice, await _doors(today), crews, silent)]
    heapify(walks)
    helped: dict[UUID, UUID] = {}
    told = 0
    while walks:
        async with transaction():
            for _ in range(min(BATCH, len(walks))):
                walk = heappop(walks)
                with clock.frozen(walk.at + timedelta(minutes=3)):
                    promised = await _tell(dice, walk, helped)
                told += 1
                if promised and dice.random() < KEPT:
                    _again(dice, walks, walk, promised, silent)
    return told


def _again(dice: Random, walks: list[Walk], walk: Walk, promised: date, silent: UUID) -> None:
    """Go there again on the day that was promised, or a little later; not beyond yesterday."""
    day, today = promised + timedelta(days=dice.choice((0, 0, 0, 1, 2))), clock.today()
    if day < today and not (walk.door.team == silent and _lately(day, today)):
        moment = walk.at.astimezone(clock.LOCAL).timetz()
        heappush(walks, replace(walk, at=datetime.combine(day, moment)))


async def _doors(today: date) -> list[Door]:
    sql = "SELECT h.id, t.id AS team, h.people FROM household h JOIN team t ON t.id = {} ORDER BY"
    return await rows(Door, sql + " h.area, h.sort, h.id", serving(today))


@dataclass(frozen=True)
class _Mate:
    team: UUID
    person: UUID


async def _crews(today: date) -> dict[UUID, list[UUID]]:
    """Who goes out, team by team: the leader more often than the others."""
    mates = await rows(
        _Mate,
        "SELECT m.team, m.person FROM membership m WHERE {} ORDER BY m.team,"
        " CASE m.position WHEN 'leader' THEN 0 WHEN 'deputy' THEN 1 ELSE 2 END, m.person",
        as_of("m", today, "joined_on", "left_on"),
    )
    crews: dict[UUID, list[UUID]] = {}
    for mate in mates:
        crews.setdefault(mate.team, []).append(mate.person)
    return crews


def _lately(day: date, today: date) -> bool:
    """Whether a day lies in the time of which the silent team has told nothing."""
    return (today - day).days < SILENT_DAYS


def _walks(
    dice: Random, doors: list[Door], crews: dict[UUID, list[UUID]], silent: UUID
) -> Iterator[Walk]:
    today = clock.today()
    days = [today - timedelta(days=back) for back in range(1, DAYS + 1)]
    weights = [0.08 if TET[0] <= day <= TET[1] else BUSY.get(day.month, 1.0) for day in days]
    for door in doors:
        crew = crews[door.team]
        for day in dice.choices(days, weights, k=pick(dice, VISITS)):
            if door.team == silent and _lately(day, today):
                continue
            hour = dice.choices((8, 9, 10, 15, 16, 17, 18, 19), (4, 5, 4, 3, 5, 6, 6, 3))[0]
            moment = time(hour, dice.randrange(60), tzinfo=clock.LOCAL)
            person = crew[0] if dice.random() < 0.55 else dice.choice(crew)
            yield Walk(datetime.combine(day, moment), door, person)


async def _tell(dice: Random, walk: Walk, helped: dict[UUID, UUID]) -> date | None:
    """Log one visit, and withdraw one in three hundred; the day promised for the next, if any."""
    who = Who(walk.person, None, "", rights=(Right("leader", team=walk.door.team),))
    met, basis = pick(dice, MET), pick(dice, BASIS)
    form: dict[str, Any] = {
        "id": new_id(),
        "household": walk.door.id,
        "met": met,
        "met_at": walk.at,
        "place": pick(dice, PLACES),
    }
    if met == "met":
        named = await _resident(dice, who, walk.door, helped) if basis == "consent" else None
        form |= {"consent": basis, "supports": _supports(dice, named)}
        form["note"] = dice.choice(NOTES) if dice.random() < 0.06 else ""
    if met == "absent" or dice.random() < 0.05:
        form["follow_up_on"] = clock.local_day(walk.at) + timedelta(days=dice.randrange(3, 20))
    visit = await log_visit(who, check(VisitForm, form), "sync")
    if dice.random() < 0.003:
        await withdraw_visit(who, visit.id, WithdrawForm(why="Ghi nhầm hộ", version=1))
        return None
    return form.get("follow_up_on")


async def _resident(dice: Random, who: Who, door: Door, helped: dict[UUID, UUID]) -> UUID:
    """The person of a household who is usually helped, written down the first time."""
    if door.id not in helped:
        form = ResidentForm(age_band=pick(dice, AGES), sex=dice.choice(("female", "male")))
        helped[door.id] = await add_resident(who, door.id, form)
    return helped[door.id]


def _supports(dice: Random, resident: UUID | None) -> list[dict[str, Any]]:
    """One to three services with the outcomes of life."""
    chosen = {pick(dice, SERVICES) for _ in range(dice.choices((1, 2, 3), (50, 36, 14))[0])}
    supports = []
    for service in sorted(chosen):
        outcome = pick(dice, OUTCOMES)
        support = {"service": service, "outcome": outcome, "resident": resident}
        support["obstacle"] = dice.choice(OBSTACLES) if outcome == "pending" else None
        supports.append(support)
    return supports
