"""What a kind of workbook must say of itself: its columns, a planner and a writer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

from kit.errors import NotFound, Refused
from kit.i18n import N_
from kit.i18n import gettext as _
from kit.sheets import Column, Row, Sheet, as_text
from people.batches.commands import Recorder
from people.batches.queries import ruled_by
from people.permissions import Who, must

State = Literal["new", "changed", "unchanged", "doubt", "wrong"]
STATES: tuple[State, ...] = ("new", "changed", "unchanged", "doubt", "wrong")
STATE_NAMES: dict[State, str] = {
    "new": N_("New"),
    "changed": N_("Changed"),
    "unchanged": N_("Unchanged"),
    "doubt": N_("In doubt"),
    "wrong": N_("Wrong"),
}
Words = tuple[str, dict[str, str | int]]
"""A sentence whose reader is not known yet: its msgid, and what fills it."""
Tick = Callable[[int], Awaitable[None]]
"""Tells how many more rows were written."""

REASON = N_("Reason")


def words(message: str, **values: str | int) -> Words:
    """A sentence for later; mark the msgid with N_ where it stands."""
    return message, values


def said(sentences: Sequence[Words]) -> str:
    """The sentences in the reader's language."""
    return " ".join(_(message, **values) for message, values in sentences)


@dataclass(frozen=True)
class Options:
    """What the uploader chose: the day changes take effect, the area the list belongs to (or its
    name, when there is none yet), what rows in doubt are ("same" or "other"), and whether what a
    kind asks for (`Kind.missing`) is entered when it is not in the register."""

    on: date
    root: UUID | None = None
    root_name: str = ""
    decisions: Mapping[int, str] = field(default_factory=dict)
    add_missing: bool = False


@dataclass
class PlannedRow:
    """A row of the sheet and what will come of it.

    `candidate` says that a row in doubt has somebody to be the same as; `cells` are its texts
    under the headers of the template, kept for rows that go back to the uploader.
    """

    number: int
    state: State
    name: str
    place: str = ""
    reason: list[Words] = field(default_factory=list)
    candidate: bool = False
    cells: list[str] = field(default_factory=list)


@dataclass
class Plan:
    """What an import would do. `path` is where it happens, `work` what the writer will read.

    `effects` counts what is made or changed, `totals` holds what the sheet says of itself
    against what was read: (msgid of the noun, said, read).
    """

    rows: list[PlannedRow]
    path: str
    effects: dict[str, int]
    work: Any
    totals: list[tuple[str, int, int]] = field(default_factory=list)
    notes: list[Words] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are in each state."""
        found: dict[str, int] = dict.fromkeys(STATES, 0)
        for row in self.rows:
            found[row.state] += 1
        return found

    @property
    def changes_nothing(self) -> bool:
        """Whether there is nothing to write."""
        return not any(self.effects.values())


Planner = Callable[[Who, Sheet, Options], Awaitable[Plan]]
Writer = Callable[[Who, Plan, Recorder, Tick], Awaitable[None]]


@dataclass(frozen=True)
class Kind:
    """A kind of workbook. `title` is a msgid; `effects` says the counted effects in a sentence;
    `missing` is the msgid of the tick that lets an import enter what its rows lean on. Kinds are
    offered by `rank`; the first one is meant where none is named. `place` is the msgid of what a
    row's place is, `home` an address and the msgid of the link to it, once all is done. `verb` is
    who may import it, and where; `dated` whether its changes take effect on a chosen day, in a
    chosen area."""

    key: str
    title: str
    columns: tuple[Column, ...]
    plan: Planner
    write: Writer
    effects: Callable[[Mapping[str, int]], str]
    missing: str = ""
    rank: int = 9
    place: str = N_("Area")
    home: tuple[str, str] = ("/", N_("See the home page"))
    verb: str = "import.make"
    dated: bool = True

    @property
    def headers(self) -> list[str]:
        """The headers of the template: the proper name of each column."""
        return [column.headers[0] for column in self.columns]


_KINDS: dict[str, Kind] = {}


def offer(kind: Kind) -> Kind:
    """Let uploads of this kind in."""
    _KINDS[kind.key] = kind
    ruled_by(f"import_{kind.key}", kind.verb)
    return kind


def kinds() -> list[Kind]:
    """Every kind on offer, by rank."""
    return sorted(_KINDS.values(), key=lambda kind: kind.rank)


def kinds_of(who: Who) -> list[Kind]:
    """The kinds that somebody may import somewhere, by rank."""
    return [kind for kind in kinds() if who.may(kind.verb)]


def find_kind(key: str) -> Kind:
    """A kind by its key. Raises NotFound."""
    if key not in _KINDS:
        raise NotFound
    return _KINDS[key]


def choose_kind(who: Who, key: str) -> Kind:
    """A kind that somebody may import, the first one for an empty key. Raises NotFound, or
    Forbidden for what only others import."""
    mine = kinds_of(who)
    found = find_kind(key) if key or not mine else mine[0]
    must(found in mine)
    return found


def texts(cells: Row, places: Mapping[str, int], columns: Sequence[Column]) -> dict[str, str]:
    """The texts of a row by column key, "" for what the sheet does not have."""
    held = cells[1]
    at = {column.key: places.get(column.key, len(held)) for column in columns}
    return {key: as_text(held[place]) if place < len(held) else "" for key, place in at.items()}


def refuse_no_rows() -> Refused:
    """The refusal of a sheet that has headers and nothing below them."""
    return Refused(fields={"file": _("No row was found below the headers.")})
