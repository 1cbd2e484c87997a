"""What the rooms above add to a person's page: each offers a template and what it shows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from people.permissions import Who

Find = Callable[[Who, UUID], Awaitable[Any]]


@dataclass(frozen=True)
class PersonPart:
    """A part of a person's page: `find` answers what `template` shows as `part`; something empty
    leaves the part out."""

    template: str
    find: Find


_PARTS: list[PersonPart] = []


def offer_part(template: str, find: Find) -> PersonPart:
    """Put a part on the page of every person."""
    part = PersonPart(template, find)
    _PARTS.append(part)
    return part


async def list_parts(who: Who, person: UUID) -> list[tuple[str, Any]]:
    """The parts of a person already found that have something to show: template and content."""
    found = [(part.template, await part.find(who, person)) for part in _PARTS]
    return [(template, content) for template, content in found if content]
