"""What a phone carries along for whoever is signed in: their households and what the form needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit import clock
from people.permissions import Who
from places.settings.queries import find_body
from teams.households.lists import choices_hamlets
from teams.households.phones import PhoneHousehold, list_for_phone
from teams.offline.offers import Mate, list_mates, list_usual


@dataclass(frozen=True)
class Place:
    """A hamlet in which households may be added."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Snapshot:
    """All that a phone keeps of a user's work, as of a day. `usual`: the services given most
    often, the most frequent first; `due_days`: days until the next visit is due."""

    user: UUID
    name: str
    day: date
    language: str
    theme: str
    text_size: int
    due_days: int
    households: list[PhoneHousehold]
    mates: list[Mate]
    usual: list[str]
    areas: list[Place]


async def make_snapshot(who: Who) -> Snapshot:
    """The snapshot of who asks."""
    if who.person is None:
        raise ValueError("The machine carries no phone.")
    return Snapshot(
        user=who.person,
        name=who.name,
        day=clock.today(),
        language=who.language,
        theme=who.theme,
        text_size=who.text_size,
        due_days=(await find_body()).due_days,
        households=await list_for_phone(who),
        mates=await list_mates(who),
        usual=await list_usual(who),
        areas=[Place(*choice) for choice in await choices_hamlets(who)],
    )
