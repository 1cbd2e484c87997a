"""What hangs on a visit, when it is told otherwise: services and people are written anew, consents
and follow-ups end rather than vanish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import insert_many, run
from teams.households.promises import CHANGED, WITHDRAWN
from teams.visits.context import Told
from teams.visits.rows import parts_of

ASKED = ("text_version", "method", "witness", "taken_by", "at")
PROMISED = ("due_on", "referral")


async def revise_parts(by: UUID | None, told: Told, household: UUID | None) -> None:
    """Put what a visit says now in the place of what it said; its earlier content is kept apart."""
    parts = await parts_of(told, household)
    for table in ("support", "participant"):
        await run(f"DELETE FROM {table} WHERE visit = {{}}", told.visit)
        await insert_many(table, parts[table])
    await _revise_consent(told.visit, parts.get("consent", []))
    await _revise_promise(by, told.visit, parts.get("follow_up", []))


async def _revise_consent(visit: UUID, wanted: list[dict[str, Any]]) -> None:
    """Let the consent of a visit be the one told now. One that was withdrawn stays so: to mend a
    visit is not to ask again."""
    stored = await run(
        f"SELECT id, withdrawn_at, {', '.join(ASKED)} FROM consent"
        " WHERE visit = {} AND replaced_at IS NULL",
        visit,
    )
    if any(one["withdrawn_at"] for one in stored):
        return
    if [_only(ASKED, one) for one in stored] == [_only(ASKED, one) for one in wanted]:
        return
    await end_consent(visit)
    await insert_many("consent", wanted)


async def end_consent(visit: UUID) -> None:
    """End the consent that came with a visit, which is told otherwise or counts no more."""
    await run(
        "UPDATE consent SET replaced_at = {} WHERE visit = {} AND replaced_at IS NULL"
        " AND withdrawn_at IS NULL",
        *(clock.now(), visit),
    )


def _only(names: tuple[str, ...], row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in names}


async def _revise_promise(by: UUID | None, visit: UUID, wanted: list[dict[str, Any]]) -> None:
    """Let the open follow-up of a visit be the one told now, whoever sees to it."""
    stored = await run(
        "SELECT id, due_on, referral FROM follow_up WHERE visit = {} AND closed_at IS NULL", visit
    )
    if not (stored and wanted):
        await end_promise(by, visit, CHANGED)
        await insert_many("follow_up", wanted)
    elif _only(PROMISED, stored[0]) != _only(PROMISED, wanted[0]):
        await run(
            "UPDATE follow_up SET due_on = {}, referral = {}, version = version + 1 WHERE id = {}",
            *(wanted[0]["due_on"], wanted[0]["referral"], stored[0]["id"]),
        )


async def end_promise(by: UUID | None, visit: UUID, why: str = WITHDRAWN) -> None:
    """Close the open follow-up of a visit that does not promise it any more."""
    await run(
        "UPDATE follow_up SET closed_at = {}, closed_by = {}, closed_why = {},"
        " version = version + 1 WHERE visit = {} AND closed_at IS NULL",
        *(clock.now(), by, why, visit),
    )
