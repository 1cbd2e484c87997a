"""The planner of members: each row against the register, and what would be written."""

from __future__ import annotations

import asyncio
from datetime import date
from uuid import UUID

from kit import clock
from kit.database import new_id
from kit.days import show_day
from kit.i18n import N_
from kit.i18n import gettext as _
from kit.sheets import Sheet
from kit.text import fold, sort_key
from people.imports.kinds import Options, Plan, PlannedRow, State, Words, refuse_no_rows, words
from people.imports.work import Update, common_path
from people.permissions import Who
from teams.imports.matching import Match, Matcher
from teams.imports.places import Places, TeamPlace, find_root, use
from teams.imports.register import (
    Known,
    list_areas,
    list_leaders,
    list_people,
    list_teams,
)
from teams.imports.sections import MemberRow, Register, read_register
from teams.imports.work import Ending, Work, person_changes

SECOND_LEADER = N_("The team has a leader already in row %(row)s.")
LED_BY = N_("The team is led by %(name)s. Replace the leader on the team's page first.")
NOT_YOURS = N_("%(name)s is in the register of another area. Ask the coordinator there.")
ELSEWHERE = N_("Somebody of this name or phone is in the register of another area.")
LEFT = N_("%(name)s left this team on %(day)s. Say if that person is back.")
JOINS = N_("In the register already, joins the team.")
MOVES = N_("Moves here from “%(team)s” on %(day)s.")
PROMOTED = N_("Gets a new position on %(day)s.")
REPRESENTS = N_("Represents another organisation now.")
CORRECTED = {
    "phone": N_("Phone number filled in."),
    "born_year": N_("Birthday filled in or corrected."),
    "born_on": N_("Birthday filled in or corrected."),
    "sex": N_("Sex filled in or corrected."),
    "organisation": N_("Organisation filled in."),
    "name": N_("Name corrected."),
}
FUTURE = N_("The day of joining lies in the future.")


async def plan_members(by: Who, sheet: Sheet, options: Options) -> Plan:
    """What a register of members would do. Raises SheetError or Refused; writes nothing."""
    register = await asyncio.to_thread(read_register, sheet)
    if not register.rows:
        raise refuse_no_rows()
    root, commune = await find_root(by, register.head, options)
    for row in register.rows:
        row.commune = row.commune or commune
    path = root.stored_path
    stored = not root.new
    places = Places(
        by,
        root,
        await list_areas(path) if stored else [],
        await list_teams(path) if stored else [],
        await list_leaders(path) if stored else [],
    )
    good = [row for row in register.rows if not row.wrong]
    people = await list_people(
        by,
        [row.values["phone"] for row in good if row.values["phone"]],
        [fold(row.name) for row in good],
    )
    return await asyncio.to_thread(Planner(by, register, options, places, Matcher(people)).plan)


class Planner:
    """Goes through the rows once to say who they are, once more to say what comes of them."""

    def __init__(
        self, by: Who, register: Register, options: Options, places: Places, matcher: Matcher
    ) -> None:
        head = register.head
        self._by, self._register, self._options = by, register, options
        self._places, self._matcher = places, matcher
        self._leaders: dict[UUID, int] = {}
        self._vacating: set[UUID] = set()
        first = head.decided_on or options.on
        self._work = Work(places.root, head.decision, head.decided_on, date(first.year, 1, 1))
        self._counts = {"people": 0, "known": 0, "moves": 0, "changes": 0}
        self._paths: set[str] = set()

    def plan(self) -> Plan:
        """The plan of the whole list."""
        rows = self._register.rows
        self._matcher.expect([row for row in rows if not row.wrong])
        found = [(row, *self._look(row)) for row in rows]
        for row, team, match in found:
            self._note_vacating(row, team, match)
        planned = [self._settle(row, team, match) for row, team, match in found]
        self._lay_out()
        path = common_path(self._by, self._paths)
        return Plan(planned, path, self._effects(), self._work, self._totals())

    def _look(self, row: MemberRow) -> tuple[TeamPlace | None, Match]:
        """The team and the person of a row; faults of the place are put on the row."""
        if row.values["joined"] and row.values["joined"] > clock.today():
            row.wrong.append(words(FUTURE))
        if row.wrong:
            return None, Match()
        founded = self._register.head.decided_on or row.values["joined"] or self._options.on
        team = self._places.find(row, founded, self._register.head.decided_on)
        if isinstance(team, tuple):
            row.wrong.append(team)
            return None, Match()
        self._paths.add(team.area.stored_path)
        return team, self._decided(row, team, self._matcher.match(row, team.id))

    def _decided(self, row: MemberRow, team: TeamPlace, match: Match) -> Match:
        """The match after the reader's decision on its doubt."""
        decision = self._options.decisions.get(row.number)
        past = self._left(row, team, match.known) if match.known and not match.doubt else None
        if past:
            match = Match(match.known, doubt=past)
        if match.doubt and decision == "other":
            return Match()
        if match.doubt and decision == "same" and match.known:
            return self._matcher.claim(match, row)
        return match

    def _left(self, row: MemberRow, team: TeamPlace, known: Known) -> Words | None:
        """The doubt that the list is older than the person's leaving of the team."""
        if known.team == team.id:
            return None
        day = row.values["joined"] or self._register.head.decided_on or self._options.on
        for spell in self._matcher.people.past.get(known.id, []):
            if spell.team == team.id and spell.joined_on <= day < spell.left_on:
                return words(LEFT, name=known.name, day=show_day(spell.left_on))
        return None

    def _note_vacating(self, row: MemberRow, team: TeamPlace | None, match: Match) -> None:
        known = match.known
        if team is None or known is None or match.doubt or match.wrong:
            return
        if known.position == "leader" and not (
            known.team == team.id and row.values["position"] == "leader"
        ):
            self._vacating.add(known.id)

    def _settle(self, row: MemberRow, team: TeamPlace | None, match: Match) -> PlannedRow:
        wrong = row.wrong + ([match.wrong] if match.wrong else [])
        if team and not wrong:
            wrong = self._refusals(row, team, match)
        if team is None or wrong:
            return self._answer(row, "wrong", wrong)
        if match.doubt:
            mine = match.known is None or _in_reach(match.known)
            answer = self._answer(row, "doubt", [match.doubt if mine else words(ELSEWHERE)])
            answer.candidate = mine and match.known is not None
            return answer
        if row.values["position"] == "leader":
            self._leaders[team.id] = row.number
        if match.known:
            return self._change(row, team, match.known)
        use(team)
        self._counts["people"] += 1
        self._join(row, team, self._new_person(row, team.area.id), None)
        return self._answer(row, "new", [])

    def _refusals(self, row: MemberRow, team: TeamPlace, match: Match) -> list[Words]:
        """Why a row that reads well cannot be applied."""
        known = match.known
        if known and not match.doubt and not _in_reach(known):
            return [words(NOT_YOURS, name=row.name)]
        if match.doubt or row.values["position"] != "leader":
            return []
        if team.id in self._leaders:
            return [words(SECOND_LEADER, row=self._leaders[team.id])]
        leader = team.leader
        if (
            leader
            and leader.person not in self._vacating
            and leader.person != getattr(known, "id", None)
        ):
            return [words(LED_BY, name=leader.name)]
        return []

    def _answer(self, row: MemberRow, state: State, reason: list[Words]) -> PlannedRow:
        cells: list[str] = []
        if state in ("wrong", "doubt"):
            joined = row.cells[-1] or (
                show_day(self._work.decided_on) if self._work.decided_on else ""
            )
            cells = [row.commune, row.hamlet, row.team, *row.cells[3:-1], joined]
        return PlannedRow(row.number, state, row.name, row.place, reason, False, cells)

    def _change(self, row: MemberRow, team: TeamPlace, known: Known) -> PlannedRow:
        """A person of the register: what the row fills in, and the way into the team."""
        decided = row.number in self._options.decisions
        new = person_changes(known, row.values, decided=decided)
        if decided and fold(row.name) != known.fold:
            new |= {"name": row.name, "fold": fold(row.name), "sort": sort_key(row.name)}
        if new:
            before = {key: getattr(known, key, None) for key in new}
            before |= {"sort": sort_key(known.name)} if "sort" in new else {}
            self._work.person_updates.append(Update(known.id, known.version, before, new))
        told = dict.fromkeys(CORRECTED[key] for key in new if key in CORRECTED)
        reason = [words(sentence) for sentence in told]
        reason = self._membership(row, team, known) + reason
        if reason and not self._moved(known, team, row):
            self._counts["changes"] += 1
        return self._answer(row, "changed" if reason else "unchanged", reason)

    def _moved(self, known: Known, team: TeamPlace, row: MemberRow) -> bool:
        return known.team != team.id or known.position != row.values["position"]

    def _membership(self, row: MemberRow, team: TeamPlace, known: Known) -> list[Words]:
        """Join, move, take another position, or only represent somebody else."""
        if known.membership and not self._moved(known, team, row):
            return self._represent(row, known)
        use(team)
        day = self._join(row, team, known.id, known)
        if known.membership is None:
            self._counts["known"] += 1
            return [words(JOINS)]
        moved = known.team != team.id
        reason = _("moved to %(team)s", team=team.name) if moved else _("new position")
        self._work.endings.append(Ending(known.membership, day, reason))
        self._counts["moves" if moved else "changes"] += 1
        if moved:
            return [words(MOVES, team=known.team_name or "", day=show_day(day))]
        return [words(PROMOTED, day=show_day(day))]

    def _represent(self, row: MemberRow, known: Known) -> list[Words]:
        new = row.values["organisation"]
        if not new or new == known.represents or not known.membership:
            return []
        self._work.membership_updates.append(
            Update(
                known.membership,
                known.membership_version or 1,
                {"organisation": known.represents},
                {"organisation": new},
            )
        )
        return [words(REPRESENTS)]

    def _new_person(self, row: MemberRow, area: UUID) -> UUID:
        day, year = row.values["birth"] or (None, None)
        person = new_id()
        self._work.persons.append(
            {
                "id": person,
                "name": row.name,
                "fold": fold(row.name),
                "sort": sort_key(row.name),
                "sex": row.values["sex"],
                "born_on": day,
                "born_year": year,
                "phone": row.values["phone"],
                "email": None,
                "organisation": row.values["organisation"] or "",
                "area": area,
                "office": None,
                "merged_into": None,
                "made_at": clock.now(),
                "version": 1,
            }
        )
        return person

    def _join(self, row: MemberRow, team: TeamPlace, person: UUID, known: Known | None) -> date:
        """Lay out a new membership; the day it begins."""
        day = self._first_day(row, team, known)
        self._work.memberships.append(
            {
                "id": new_id(),
                "team": team.id,
                "person": person,
                "position": row.values["position"],
                "organisation": row.values["organisation"] or "",
                "joined_on": day,
                "left_on": None,
                "left_reason": "",
                "decision": self._work.decision,
                "version": 1,
            }
        )
        return day

    def _first_day(self, row: MemberRow, team: TeamPlace, known: Known | None) -> date:
        """The decision's day for founding members, the day asked for others; no earlier than
        the team, the person's last membership and the last leader allow."""
        on, decided = self._options.on, self._work.decided_on
        days = [row.values["joined"] or on]
        if known and known.joined_on:
            days = [on, known.joined_on]
        elif decided and (team.new or team.decision_on == decided):
            days = [row.values["joined"] or decided]
        days.append(team.founded_on)
        if known:
            days += [spell.left_on for spell in self._matcher.people.past.get(known.id, [])]
        if row.values["position"] == "leader":
            days += [spell.left_on or max(on, spell.joined_on) for spell in team.leaders]
        return max(days)

    def _lay_out(self) -> None:
        teams = [team for team in self._places.teams.values() if team.new and team.used]
        self._work.teams = teams
        self._work.areas = self._places.founded()

    def _effects(self) -> dict[str, int]:
        kinds = [area.kind for area in self._work.areas]
        return {
            **self._counts,
            "teams": len(self._work.teams),
            "communes": kinds.count("commune"),
            "hamlets": kinds.count("hamlet"),
            "roots": len(kinds) - kinds.count("commune") - kinds.count("hamlet"),
        }

    def _totals(self) -> list[tuple[str, int, int]]:
        said, rows = self._register.totals, self._register.rows
        read = {
            "to": len({(row.commune, row.hamlet, row.team) for row in rows}),
            "thanh vien": len(rows),
        }
        nouns = {"to": N_("Teams"), "thanh vien": N_("People")}
        return [(nouns[key], said[key], read[key]) for key in nouns if key in said]


def _in_reach(known: Known) -> bool:
    """Whether the importer may change the person and the team the person is in."""
    return bool(known.mine and (known.team is None or known.team_mine))
