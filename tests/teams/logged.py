"""Visits for tests that only look at them, written straight into the tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from kit import clock
from kit.database import insert_many, new_id, value
from tests.teams.lookups import BINH_HOA
from tests.world import id_of

HOURS = time(9, 30)


async def a_visit(
    people: Sequence[str] = ("Hồ Minh Hoàng",),
    day: date | None = None,
    *,
    team: str = BINH_HOA,
    area: str = "Khu phố Bình Hòa",
    household: UUID | None = None,
    met: str = "met",
    basis: str = "consent",
    author: str = "",
    note: str = "",
    supports: Sequence[tuple[str, str]] = (),
) -> UUID:
    """A visit by the first of the people, with the others taking part."""
    visit, day = new_id(), day or clock.today()
    persons = [await id_of(name) for name in people]
    at = datetime.combine(day, HOURS, clock.LOCAL)
    row = {
        "id": visit,
        "household": household,
        "area": await id_of(area),
        "team": await id_of(team),
        "day": day,
        "met_at": at,
        "utc_offset": 420,
        "met": met,
        "place": "home",
        "basis": basis,
        "performed_by": persons[0],
        "entered_by": await id_of(author) if author else persons[0],
        "received_at": at + timedelta(minutes=5),
        "via": "sync",
        "note": note,
        "content_hash": str(visit),
    }
    await insert_many("visit", [row])
    await insert_many("participant", [{"visit": visit, "person": person} for person in persons])
    lines = [
        {"visit": visit, "line": n, "service": service, "outcome": outcome, "day": day}
        for n, (service, outcome) in enumerate(supports, 1)
    ]
    await insert_many("support", lines)
    return visit


async def a_flag(visit: UUID, code: str = "future", minutes: int = 0) -> str:
    """An open point of a visit; its token."""
    at = clock.now() + timedelta(minutes=minutes)
    await insert_many("visit_flag", [{"visit": visit, "code": code, "made_at": at}])
    return f"{visit}:{code}"


async def withdrawn(visit: UUID) -> None:
    """Withdraw a visit."""
    await value(
        "UPDATE visit SET withdrawn_at = {}, withdrawn_why = {} WHERE id = {} RETURNING id",
        *(clock.now(), "Ghi nhầm hộ", visit),
    )
