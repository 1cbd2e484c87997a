"""A visit as programs and phones see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from kit.listing import item
from teams.visits.queries import (
    VisitFound,
    list_flags,
    list_participants,
    list_supports,
    list_versions,
)


@dataclass(frozen=True)
class SupportItem:
    """A service with its outcome; `resident` is empty where nobody was named."""

    service: str
    outcome: str
    obstacle: str | None
    referral: str | None
    resident: UUID | None


@dataclass(frozen=True)
class VersionItem:
    """An earlier content (JSON), when it was replaced and why."""

    version: int
    content: str
    at: datetime
    why: str


@dataclass(frozen=True)
class VisitItem:
    """A visit. `utc_offset` are the phone's minutes east of UTC; `flags` are warnings."""

    id: UUID
    household: UUID | None
    area: UUID
    team: UUID
    day: date
    met_at: datetime
    utc_offset: int
    met: str
    place: str
    basis: str
    performed_by: UUID
    entered_by: UUID
    received_at: datetime
    via: str
    note: str
    app_version: str
    withdrawn_at: datetime | None
    withdrawn_why: str
    version: int
    supports: list[SupportItem] = field(default_factory=list)
    participants: list[UUID] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    versions: list[VersionItem] = field(default_factory=list)


async def show_visit(found: VisitFound) -> VisitItem:
    """A visit already found, with what hangs on it. Where nobody wished to be named, neither the
    household nor the residents nor the earlier contents are shown."""
    supports = [item(SupportItem, one) for one in await list_supports(found.id)]
    versions = [item(VersionItem, one) for one in await list_versions(found.id)]
    if found.nameless:
        supports = [item(SupportItem, one, resident=None) for one in supports]
        versions = []
    return item(
        VisitItem,
        found,
        household=None if found.nameless else found.household,
        supports=supports,
        participants=[person.id for person in await list_participants(found.id)],
        flags=[flag.code for flag in await list_flags(found.id)],
        versions=versions,
    )
