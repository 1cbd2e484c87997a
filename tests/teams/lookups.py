"""What the tests of teams look up by name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from kit.database import run
from teams.memberships.queries import MembershipFound, find_standing
from tests.world import id_of

BINH_HOA = "Tổ CNSCĐ khu phố Bình Hòa"
BINH_LOI = "Tổ CNSCĐ khu phố Bình Lợi"
AP_1 = "Tổ CNSCĐ ấp 1"
AP_2 = "Tổ CNSCĐ ấp 2"


async def spell_of(name: str) -> MembershipFound:
    """The newest membership of a person."""
    found = await find_standing(await id_of(name))
    assert found is not None, name
    return found


async def last_line(action: str) -> dict[str, Any]:
    """The newest line of the log about an action."""
    found = await run(
        "SELECT doer, subject, subject_name, path, before, after FROM audit_line"
        " WHERE action = {} ORDER BY id DESC LIMIT 1",
        action,
    )
    assert found, action
    return dict(found[0])


async def how_many(action: str) -> int:
    """How many lines the log has about an action."""
    found = await run("SELECT count(*) AS n FROM audit_line WHERE action = {}", action)
    return int(found[0]["n"])


async def team_path(name: str) -> str:
    """The address of a team's page."""
    team: UUID = await id_of(name)
    return f"/teams/{team}"


async def member_path(name: str) -> str:
    """The address of a person's newest membership."""
    spell = await spell_of(name)
    return f"/teams/{spell.team}/members/{spell.id}"
