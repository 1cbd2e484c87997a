"""What a list of households would do: each row found by its code, else by head and address."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import among, new_id, rows
from kit.i18n import N_
from kit.sheets import Header, Line, Sheet, find_header, only_text, read_lines
from kit.text import fold
from people.imports.kinds import (
    Options,
    Plan,
    PlannedRow,
    State,
    Words,
    refuse_no_rows,
    texts,
    words,
)
from people.imports.work import Update, common_path
from people.permissions import Who
from teams.households.forms import as_number, keys_of
from teams.imports.household_columns import COLUMNS

NO_HAMLET = N_("“%(hamlet)s” in “%(commune)s” is not in the register. Enter the hamlet first.")
SEVERAL = N_("Several communes have a hamlet “%(hamlet)s”. Say which commune.")
BEYOND = N_("%(place)s lies outside your area. Ask the coordinator of that area.")
TWICE = N_("The same household stands in row %(row)s already.")
CODE_OF = N_("The code %(code)s belongs to %(name)s in the register.")
OTHER_CODE = N_("%(name)s at this address has the code %(code)s in the register.")
CORRECTED = N_("Filled in or corrected.")
FACTS = ("phone", "people", "fibre", "smartphone")


@dataclass(frozen=True)
class Hamlet:
    """A live hamlet, with the commune it lies in."""

    id: UUID
    name: str
    fold: str
    path: str
    commune: str | None


@dataclass(frozen=True)
class Stored:
    """A household that is there."""

    id: UUID
    area: UUID
    code: str
    head: str
    fold: str
    address: str
    phone: str | None
    people: int | None
    fibre: int | None
    smartphone: int | None
    as_of: Any
    source: str
    merged_into: UUID | None
    version: int


@dataclass
class HouseholdWork:
    """What the writer writes: new rows, and columns to be set."""

    new: list[dict[str, Any]] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)


async def plan_households(by: Who, sheet: Sheet, options: Options) -> Plan:
    """What a list of households would do. Raises SheetError or Refused; writes nothing."""
    header = find_header(sheet.rows, COLUMNS)
    lines = [line for line in read_lines(sheet.rows, header, COLUMNS) if _is_row(line, header)]
    if not lines:
        raise refuse_no_rows()
    hamlets = await _hamlets()
    wanted = {fold(line.values["hamlet"] or "") for line in lines}
    stored = await _stored([hamlet.id for hamlet in hamlets if hamlet.fold in wanted])
    return await asyncio.to_thread(Planner(by, options, header, hamlets, stored).plan, lines)


def _is_row(line: Line, header: Header) -> bool:
    """Whether a row is of a household, not a title or a running number alone."""
    held = {at for at, cell in enumerate(line.cells) if cell is not None}
    return bool(held & set(header.places.values())) and only_text(line.cells) is None


async def _hamlets() -> list[Hamlet]:
    return await rows(
        Hamlet,
        "SELECT r.id, a.name, a.fold, a.path, u.fold AS commune FROM area r"
        " JOIN area_spell a ON a.area = r.id AND a.until IS NULL"
        " LEFT JOIN area_spell u ON u.area = a.parent AND u.until IS NULL"
        " WHERE r.kind = 'hamlet' ORDER BY a.path",
    )


async def _stored(areas: list[UUID]) -> list[Stored]:
    found: list[Stored] = []
    for start in range(0, len(areas), 4_000):
        found += await rows(
            Stored,
            "SELECT id, area, code, head, fold, address, phone, people, fibre, smartphone, as_of,"
            " source, merged_into, version FROM household WHERE area IN {} ORDER BY id",
            among(areas[start : start + 4_000]),
        )
    return found


class Planner:
    """Says of each row which household it is and what comes of it."""

    def __init__(
        self,
        by: Who,
        options: Options,
        header: Header,
        hamlets: Iterable[Hamlet],
        stored: Iterable[Stored],
    ) -> None:
        self._by, self._options, self._header = by, options, header
        self._hamlets: dict[str, list[Hamlet]] = defaultdict(list)
        for hamlet in hamlets:
            self._hamlets[hamlet.fold].append(hamlet)
        self._by_code: dict[tuple[UUID, str], Stored] = {}
        self._by_head: dict[tuple[UUID, str, str], Stored] = {}
        for one in sorted(stored, key=lambda s: s.merged_into is None):
            self._by_head[one.area, one.fold, fold(one.address)] = one
            if one.code:
                self._by_code[one.area, one.code] = one
        self._rows: dict[object, int] = {}
        self._bare: dict[object, int] = {}
        self._paths: set[str] = set()
        self._work = HouseholdWork()

    def plan(self, lines: list[Line]) -> Plan:
        """The plan of the whole list."""
        planned = [self._planned(line) for line in lines]
        effects = {"households": len(self._work.new), "corrected": len(self._work.updates)}
        return Plan(planned, common_path(self._by, self._paths), effects, self._work)

    def _planned(self, line: Line) -> PlannedRow:
        wrong = [words(sentence) for sentence in line.wrong.values()]
        hamlet = None if wrong else self._hamlet(line)
        if isinstance(hamlet, Hamlet):
            self._paths.add(hamlet.path)
            return self._matched(line, hamlet)
        return self._row(line, "wrong", wrong if hamlet is None else [hamlet])

    def _row(
        self, line: Line, state: State, reason: list[Words], *, candidate: bool = False
    ) -> PlannedRow:
        held = texts((line.number, line.cells), self._header.places, COLUMNS)
        place = ", ".join(part for part in (held["hamlet"], held["commune"]) if part)
        cells = list(held.values()) if state in ("doubt", "wrong") else []
        return PlannedRow(line.number, state, held["head"], place, reason, candidate, cells)

    def _hamlet(self, line: Line) -> Hamlet | Words:
        name, commune = line.values["hamlet"], line.values["commune"] or ""
        found = self._hamlets[fold(name)]
        if commune:
            found = [hamlet for hamlet in found if hamlet.commune == fold(commune)]
        mine = [h for h in found if self._by.reaches("import.make", h.path)]
        if len(mine) == 1:
            return mine[0]
        if mine:
            return words(SEVERAL, hamlet=name)
        return (
            words(BEYOND, place=name) if found else words(NO_HAMLET, hamlet=name, commune=commune)
        )

    def _matched(self, line: Line, hamlet: Hamlet) -> PlannedRow:
        values = line.values
        code, head = values["code"] or "", fold(values["head"])
        at = hamlet.id, head, fold(values["address"] or "")
        if before := self._earlier(line.number, (hamlet.id, code) if code else None, at):
            return self._row(line, "wrong", [words(TWICE, row=before)])
        coded = self._by_code.get((hamlet.id, code)) if code else None
        known = coded or self._by_head.get(at)
        if known is None:
            return self._new(line, hamlet)
        doubt = self._doubt(known, code, head)
        decided = self._options.decisions.get(line.number)
        if doubt and decided == "other" and not coded:
            return self._new(line, hamlet)
        if doubt and decided != "same":
            return self._row(line, "doubt", [doubt], candidate=decided is None)
        return self._known(line, known)

    def _earlier(self, number: int, coded: object, at: object) -> int | None:
        """The row above that is the same household: by its code, or by head and address where one
        of the two has no code."""
        if coded is None:
            before = self._rows.setdefault(at, number)
            self._bare.setdefault(at, number)
        else:
            before = self._rows.setdefault(coded, number)
            before = self._bare.get(at, before) if before == number else before
            self._rows.setdefault(at, number)
        return None if before == number else before

    def _doubt(self, known: Stored, code: str, head: str) -> Words | None:
        if known.fold != head:
            return words(CODE_OF, code=code, name=known.head)
        if code and known.code and known.code != code:
            return words(OTHER_CODE, name=known.head, code=known.code)
        return None

    def _facts(self, line: Line) -> dict[str, Any]:
        """What a row says of a household; a blank under a column of crosses means no."""
        facts: dict[str, Any] = {key: line.values[key] for key in FACTS}
        for key in ("fibre", "smartphone"):
            if key in self._header.places:
                facts[key] = as_number(bool(facts[key]))
        return facts

    def _new(self, line: Line, hamlet: Hamlet) -> PlannedRow:
        code, address = line.values["code"] or "", line.values["address"] or ""
        self._work.new.append(
            {
                "id": new_id(),
                "area": hamlet.id,
                "code": code,
                "address": address,
                **keys_of(line.values["head"], code, address),
                **self._facts(line),
                "as_of": self._options.on,
                "made_at": clock.now(),
                "made_by": self._by.person,
            }
        )
        return self._row(line, "new", [])

    def _known(self, line: Line, known: Stored) -> PlannedRow:
        first = self._rows.setdefault(known.id, line.number)
        if first != line.number:
            return self._row(line, "wrong", [words(TWICE, row=first)])
        said = {key: line.values[key] for key in ("code", "head", "address")} | self._facts(line)
        new = {k: v for k, v in said.items() if v is not None and v != getattr(known, k)}
        if not new or known.merged_into:
            return self._row(line, "unchanged", [])
        words_of = {key: new.get(key, getattr(known, key)) for key in ("head", "code", "address")}
        before = {key: getattr(known, key) for key in (*new, "as_of", "source")}
        old = keys_of(known.head, known.code, known.address)
        self._work.updates.append(
            Update(
                known.id,
                known.version,
                old | before,
                {**keys_of(**words_of), **new, "as_of": self._options.on},
            )
        )
        return self._row(line, "changed", [words(CORRECTED)])
