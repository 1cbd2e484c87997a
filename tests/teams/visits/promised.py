"""Whether follow-ups stand as the visits say, counted plainly in Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from kit.database import run

Found = Mapping[str, Any]


async def wrong_promises() -> list[UUID]:
    """The follow-ups that are open though a visit kept them, or closed by one that did not."""
    above = {h["id"]: h["merged_into"] for h in await run("SELECT id, merged_into FROM household")}
    visits = {v["id"]: v for v in await run("SELECT * FROM visit")}
    promises = await run("SELECT * FROM follow_up")
    wrong = []
    for one in promises:
        by_hand = one["closed_at"] and not one["closed_visit"]
        twice = any(o["visit"] == one["visit"] and not o["closed_at"] for o in promises)
        if one["referral"] or by_hand or (one["closed_at"] and twice):
            continue
        own = visits[one["visit"]]
        keeping = [v for v in visits.values() if _keeps(v, one, own, promises, above)]
        first = min(keeping, key=lambda v: (v["day"], v["met_at"], str(v["id"])), default=None)
        if one["closed_visit"] != (first and first["id"]):
            wrong.append(one["id"])
    return wrong


def _keeps(
    visit: Found, one: Found, own: Found, promises: list[Found], above: dict[UUID, UUID | None]
) -> bool:
    anew = any(
        p["visit"] == visit["id"]
        and not p["referral"]
        and p["closed_why"] not in ("changed", "withdrawn")
        for p in promises
    )
    return bool(
        visit["household"]
        and _top(visit["household"], above) == _top(one["household"], above)
        and not visit["withdrawn_at"]
        and visit["day"] >= one["due_on"]
        and visit["day"] > own["day"]
        and (visit["met"] == "met" or anew)
    )


def _top(household: UUID, above: dict[UUID, UUID | None]) -> UUID:
    while (over := above[household]) is not None:
        household = over
    return household
