"""Spells of members opened and closed; the database has the last word on overlaps."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from kit.database import SQL, new_id, refusing, run
from kit.errors import Refused
from kit.i18n import gettext as _
from people.batches.commands import Recorder
from teams.tables import Membership


def _clashes() -> dict[str, str]:
    leader = _("The team has a leader already. Replace the leader instead.")
    elsewhere = _("This person is in a team already on that day.")
    return {
        "leader_overlap": leader,
        "membership_one_live_leader": leader,
        "membership.team": leader,
        "membership_overlap": elsewhere,
        "membership_one_live_team": elsewhere,
        "membership.person": elsewhere,
        "CHECK": _("The day lies before the membership began."),
        "check": _("The day lies before the membership began."),
    }


async def open_spell(
    batch: Recorder | None,
    team: UUID,
    person: UUID,
    position: str,
    day: date,
    organisation: str = "",
    decision: str = "",
) -> UUID:
    """Open a membership; the database refuses overlaps and second leaders."""
    membership = new_id()
    with refusing(_clashes()):
        await Membership.insert(
            Membership(
                id=membership,
                team=team,
                person=person,
                position=position,
                organisation=organisation,
                joined_on=day,
                left_on=None,
                left_reason="",
                decision=decision,
                version=1,
            )
        )
    if batch:
        batch.made(Membership, membership)
    return membership


async def close_spell(
    batch: Recorder | None,
    membership: UUID,
    day: date,
    reason: str,
    version: int | None = None,
) -> None:
    """End a live membership; `day` is the first day outside. Raises Refused (409) when stale."""
    with refusing(_clashes()):
        done = await run(
            "UPDATE membership SET left_on = {}, left_reason = {}, version = version + 1"
            " WHERE id = {} AND left_on IS NULL AND {} RETURNING version",
            *(day, reason, membership),
            SQL("version = {}", version) if version else SQL("1 = 1"),
        )
    if not done:
        raise Refused(
            _("Somebody else changed this membership meanwhile. Look again, then decide."),
            status=409,
        )
    if batch:
        before = {"left_on": None, "left_reason": ""}
        batch.changed(Membership, membership, before, int(done[0]["version"]))
