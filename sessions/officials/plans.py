"""The planner of officials: each row against the register, and what would be written."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import new_id
from kit.days import show_day
from kit.i18n import N_
from kit.sheets import Header, Line, Sheet, find_header, only_text, read_lines
from kit.text import fold, sort_key
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
from sessions.officials.columns import COLUMNS
from sessions.officials.matching import Match, Matcher, OfficialRow
from sessions.officials.offices import Offices, Place
from sessions.officials.stored import (
    Known,
    list_areas,
    list_live_offices,
    list_people,
)

FUTURE = N_("This day lies in the future.")
NOT_YOURS = N_("%(name)s is in the register of another area. Ask the coordinator there.")
ELSEWHERE = N_("Somebody of this name or phone is in the register of another area.")
ENTERED = N_("“%(office)s” is new and will be entered.")
JOINS = N_("In the register already, works in this office now.")
MOVES = N_("Comes here from “%(office)s” on %(day)s.")
CATEGORY = N_("Category corrected.")
JOB = N_("Job corrected.")
FILLED = N_("Phone, e-mail or birthday filled in.")


@dataclass
class OfficialWork:
    """What the writer writes, in this order."""

    since: date
    offices: list[Place] = field(default_factory=list)
    persons: list[dict[str, Any]] = field(default_factory=list)
    person_updates: list[Update] = field(default_factory=list)
    official_updates: list[Update] = field(default_factory=list)
    officials: list[dict[str, Any]] = field(default_factory=list)


async def plan_officials(by: Who, sheet: Sheet, options: Options) -> Plan:
    """What a list of officials would do. Raises SheetError or Refused; writes nothing."""
    header = find_header(sheet.rows, COLUMNS)
    lines = [line for line in read_lines(sheet.rows, header, COLUMNS) if _is_row(line, header)]
    if not lines:
        raise refuse_no_rows()
    read = [_row(line, header) for line in lines]
    good = [row for row in read if not row.wrong]
    phones = [row.values["phone"] for row in good if row.values["phone"]]
    people = await list_people(by, phones, [fold(row.name) for row in good])
    offices = Offices(by, options, await list_areas(), await list_live_offices())
    return await asyncio.to_thread(Planner(by, options, offices, Matcher(people)).plan, read)


def _is_row(line: Line, header: Header) -> bool:
    """Whether a row is of a person, not a title or a running number alone."""
    held = {at for at, cell in enumerate(line.cells) if cell is not None}
    return bool(held & set(header.places.values())) and only_text(line.cells) is None


def _row(line: Line, header: Header) -> OfficialRow:
    held = texts((line.number, line.cells), header.places, COLUMNS)
    wrong = [words(sentence) for sentence in line.wrong.values()]
    if not wrong and line.values["since"] and line.values["since"] > clock.today():
        wrong = [words(FUTURE)]
    return OfficialRow(line.number, line.values, list(held.values()), wrong)


def _where(row: OfficialRow) -> tuple[str, str]:
    return row.values["office"], row.values["area"] or ""


class Planner:
    """Goes through the rows to say where and who they are, and what comes of them."""

    def __init__(self, by: Who, options: Options, offices: Offices, matcher: Matcher) -> None:
        self._by, self._options = by, options
        self._offices, self._matcher = offices, matcher
        self._work = OfficialWork(options.on)
        self._counts = {"people": 0, "known": 0, "moves": 0, "corrected": 0}
        self._used: dict[UUID, Place] = {}

    def plan(self, rows: list[OfficialRow]) -> Plan:
        """The plan of the whole list."""
        self._matcher.expect([row for row in rows if not row.wrong])
        planned = [self._planned(row) for row in rows]
        entered = [place for place in self._used.values() if place.new]
        self._work.offices = entered
        path = common_path(self._by, [place.path for place in self._used.values()])
        return Plan(planned, path, {**self._counts, "offices": len(entered)}, self._work)

    def _planned(self, row: OfficialRow) -> PlannedRow:
        office = None if row.wrong else self._offices.find(*_where(row))
        if office is None or isinstance(office, tuple):
            return self._answer(row, "wrong", row.wrong if office is None else [office])
        match = self._decided(row, self._matcher.match(row, office))
        if match.known and not match.doubt and not match.known.mine:
            match = Match(wrong=words(NOT_YOURS, name=row.name))
        if match.wrong:
            return self._answer(row, "wrong", [match.wrong])
        if match.doubt:
            return self._doubt(row, match)
        return self._known(row, office, match.known) if match.known else self._new(row, office)

    def _decided(self, row: OfficialRow, match: Match) -> Match:
        """The match after the reader's decision on its doubt."""
        decision = self._options.decisions.get(row.number)
        if match.doubt and decision == "other":
            return Match()
        if match.doubt and decision == "same" and match.known:
            return self._matcher.claim(match, row)
        return match

    def _doubt(self, row: OfficialRow, match: Match) -> PlannedRow:
        mine = match.known is None or bool(match.known.mine)
        reason = match.doubt if mine and match.doubt else words(ELSEWHERE)
        answer = self._answer(row, "doubt", [reason])
        answer.candidate = mine and match.known is not None
        return answer

    def _answer(self, row: OfficialRow, state: State, reason: list[Words]) -> PlannedRow:
        cells = row.cells if state in ("wrong", "doubt") else []
        place = row.values["office"] or ""
        return PlannedRow(row.number, state, row.name, place, reason, False, cells)

    def _use(self, office: Place) -> list[Words]:
        """Count on an office; what the first row of a new one says."""
        first = office.new and office.id not in self._used
        self._used[office.id] = office
        return [words(ENTERED, office=office.name)] if first else []

    def _new(self, row: OfficialRow, office: Place) -> PlannedRow:
        day, year = row.values["birth"] or (None, None)
        facts = {key: row.values[key] for key in ("sex", "phone", "email")}
        person = {
            "id": new_id(),
            "name": row.name,
            "fold": fold(row.name),
            "sort": sort_key(row.name),
            "born_on": day,
            "born_year": year,
            **facts,
            "organisation": "",
            "area": office.area,
            "office": office.id,
            "merged_into": None,
            "made_at": clock.now(),
            "version": 1,
        }
        self._work.persons.append(person)
        self._counts["people"] += 1
        said = self._use(office)
        self._appoint(row, office, person["id"], row.values["since"] or self._options.on)
        return self._answer(row, "new", said)

    def _appoint(self, row: OfficialRow, office: Place, person: UUID, since: date) -> None:
        self._work.officials.append(
            {
                "id": new_id(),
                "person": person,
                "office": office.id,
                "category": row.values["category"],
                "job": row.values["job"] or "",
                "since": since,
                "until": None,
                "version": 1,
            }
        )

    def _known(self, row: OfficialRow, office: Place, known: Known) -> PlannedRow:
        """A person of the register: what the row fills in, and the way into the office."""
        if known.official and known.works == office.id:
            reason = self._correct(row, known)
        else:
            reason = [*self._join(row, office, known), *self._use(office)]
        filled = self._fill(row, office, known)
        reason += filled
        if reason and known.works == office.id:
            self._counts["corrected"] += 1
        self._used.setdefault(office.id, office)
        return self._answer(row, "changed" if reason else "unchanged", reason)

    def _join(self, row: OfficialRow, office: Place, known: Known) -> list[Words]:
        """The spell in a new office; one elsewhere ends on that day."""
        first = row.values["since"] or self._options.on
        since = max(day for day in (first, known.since, known.left_on) if day)
        self._appoint(row, office, known.id, since)
        if known.official is None:
            self._counts["known"] += 1
            return [words(JOINS)]
        self._counts["moves"] += 1
        version = known.official_version or 1
        ending = Update(known.official, version, {"until": None}, {"until": since})
        self._work.official_updates.append(ending)
        return [words(MOVES, office=known.works_name or "", day=show_day(since))]

    def _correct(self, row: OfficialRow, known: Known) -> list[Words]:
        said = {"category": row.values["category"], "job": row.values["job"]}
        new = {k: v for k, v in said.items() if v and v != getattr(known, k)}
        if not new or known.official is None:
            return []
        before = {key: getattr(known, key) for key in new}
        version = known.official_version or 1
        self._work.official_updates.append(Update(known.official, version, before, new))
        told = {"category": CATEGORY, "job": JOB}
        return [words(told[key]) for key in new]

    def _fill(self, row: OfficialRow, office: Place, known: Known) -> list[Words]:
        """What the row fills in of the person. A blank erases nothing; a phone is replaced only
        when somebody decided that the row is this person."""
        decided = row.number in self._options.decisions
        day, year = row.values["birth"] or (None, None)
        said = {
            "phone": row.values["phone"] if decided or not known.phone else None,
            "email": None if known.email else row.values["email"],
            "sex": None if known.sex else row.values["sex"],
            "born_on": None if known.born_on else day,
            "born_year": None if known.born_year else year,
        }
        new = {k: v for k, v in said.items() if v is not None and v != getattr(known, k)}
        told = [words(FILLED)] if new else []
        if known.office != office.id:
            new["office"] = office.id
        if new:
            before = {key: getattr(known, key) for key in new}
            self._work.person_updates.append(Update(known.id, known.version, before, new))
        return told
