"""What the planner leaves for the writer: rows to insert and columns to set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from people.imports.work import Update
from teams.imports.places import Place, TeamPlace
from teams.imports.register import Known


@dataclass(frozen=True)
class Ending:
    """A live membership that ends: in place of it the person moves or gets a new position."""

    membership: UUID
    on: date
    reason: str


@dataclass
class Work:
    """Everything an import of members writes, in the order in which it is written."""

    root: Place
    decision: str
    decided_on: date | None
    areas_since: date
    areas: list[Place] = field(default_factory=list)
    teams: list[TeamPlace] = field(default_factory=list)
    persons: list[dict[str, Any]] = field(default_factory=list)
    person_updates: list[Update] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    membership_updates: list[Update] = field(default_factory=list)
    memberships: list[dict[str, Any]] = field(default_factory=list)


def person_changes(known: Known, row: dict[str, Any], *, decided: bool) -> dict[str, Any]:
    """The columns of a person that a row fills or corrects. A blank cell erases nothing.

    A phone is replaced only when somebody decided that the row is this person.
    """
    day, year = row["birth"] or (None, None)
    new: dict[str, Any] = {}
    if row["phone"] and row["phone"] != known.phone and (decided or not known.phone):
        new["phone"] = row["phone"]
    if day and day != known.born_on:
        new |= {"born_on": day, "born_year": year}
    elif year and year != known.born_year:
        new |= {"born_on": None, "born_year": year}
    if row["sex"] and row["sex"] != known.sex:
        new["sex"] = row["sex"]
    if row["organisation"] and not known.organisation:
        new["organisation"] = row["organisation"]
    return new
