"""What the tests of visits tell of a door."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from demo.cast import HOANG
from kit import clock
from kit.database import new_id, run, value
from kit.forms import check
from people.permissions import Who
from teams.visits.commands import Logged, log_visit
from teams.visits.forms import VisitForm
from tests.visitor import who_is
from tests.world import id_of

UONG, QUYNH, HY = "Nguyễn Thị Ưởng", "Đặng Văn Quỳnh", "Lê Thị Hỷ"
ON = "Trần Văn Ơn"


def this_morning() -> datetime:
    """A moment ago, on this local day."""
    now = clock.now().astimezone(clock.LOCAL)
    return max(now - timedelta(minutes=1), clock.midnight(now.date()))


async def told(head: str = UONG, *services: str, **more: Any) -> VisitForm:
    """A visit to a household, as a form; services are `code:outcome`."""
    pairs = [service.partition(":") for service in services or ("vneid_2:assisted",)]
    form = {
        "id": new_id(),
        "household": await id_of(head),
        "met": "met",
        "met_at": this_morning(),
        "consent": "consent",
        "supports": [{"service": code, "outcome": outcome} for code, _, outcome in pairs],
        **more,
    }
    if form["met"] != "met":
        form |= {"supports": [], "consent": None}
    return check(VisitForm, form)


async def log(by: Who, head: str = UONG, *services: str, **more: Any) -> Logged:
    """Log a visit to a household."""
    return await log_visit(by, await told(head, *services, **more), "page")


async def as_record(head: str = UONG, *services: str, **more: Any) -> dict[str, Any]:
    """A visit as a phone sends it."""
    form = await told(head, *services, **more)
    keep = {"id", "household", "met", "met_at", "consent", "supports", "note", "place"}
    return form.model_dump(mode="json", include=keep | set(more), exclude_none=True)


async def how_many_visits() -> int:
    """The visits in the database."""
    return int(await value("SELECT count(*) AS n FROM visit"))


async def totals() -> dict[tuple[str, str], int]:
    """The roll-up over all days: visits under ("", ""), supports under (service, outcome)."""
    found = await run(
        "SELECT service, outcome, CAST(sum(visits) AS integer) AS visits,"
        " CAST(sum(supports) AS integer) AS supports FROM visit_total GROUP BY service, outcome"
    )
    counted = {(r["service"], r["outcome"]): r["visits"] + r["supports"] for r in found}
    return {key: n for key, n in counted.items() if n}


async def a_good_visit() -> UUID:
    """Hoàng helps Ưởng with two things; Xuân took part."""
    logged = await log(
        await who_is(HOANG),
        UONG,
        "vneid_2:assisted",
        "fraud_safety:independent",
        participants=[await id_of("Phạm Thị Xuân")],
        note="Hẹn cài lại ứng dụng",
    )
    return logged.id
