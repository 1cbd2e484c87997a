"""What the tests of households look up, and visits written straight into the tables."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import insert_many, new_id, run
from people.permissions import MACHINE
from teams.households.forms import AddHouseholdForm
from teams.households.queries import HouseholdFound, find_household
from tests.world import id_of

UONG = "Nguyễn Thị Ưởng"
QUYNH = "Đặng Văn Quỳnh"
HY = "Lê Thị Hỷ"
ON = "Trần Văn Ơn"
WITH_CONSENT = {"name": "Nguyễn Văn Bảy", "age_band": "60_up", "consent_method": "tapped"}


async def home(head: str) -> HouseholdFound:
    """A household as the machine sees it."""
    return await find_household(MACHINE, await id_of(head))


async def new_home(
    head: str = "Phan Văn Mới", hamlet: str = "Khu phố Bình Hòa"
) -> AddHouseholdForm:
    """A household that is not there yet."""
    return AddHouseholdForm(area=await id_of(hamlet), head=head, address="Tổ 9, ngõ 1")


async def a_visit(
    head: str,
    day: date,
    services: tuple[str, ...] = ("vneid_2",),
    *,
    met: str = "met",
    basis: str = "consent",
    by: str = "Hồ Minh Hoàng",
) -> UUID:
    """A visit to a household, without the commands of visits."""
    found, visit = await home(head), new_id()
    person = await id_of(by)
    instant = clock.midnight(day)
    record: dict[str, Any] = {
        "id": visit,
        "household": found.id,
        "area": found.area,
        "team": found.team,
        "day": day,
        "met_at": instant,
        "utc_offset": 420,
        "met": met,
        "place": "home",
        "basis": basis,
        "performed_by": person,
        "entered_by": person,
        "received_at": instant,
        "via": "page",
        "content_hash": str(visit),
    }
    await insert_many("visit", [record])
    lines = [
        {"visit": visit, "line": n, "service": code, "outcome": "assisted", "day": day}
        for n, code in enumerate(services if met == "met" else ())
    ]
    await insert_many("support", lines)
    if met == "met":
        await run(
            "UPDATE household SET last_met_on = {} WHERE id = {}"
            " AND (last_met_on IS NULL OR last_met_on < {})",
            *(day, found.id, day),
        )
    return visit


async def stored(household: UUID) -> dict[str, Any]:
    """Every column of a household but its version."""
    found = await run("SELECT * FROM household WHERE id = {}", household)
    return {key: value for key, value in found[0].items() if key != "version"}
