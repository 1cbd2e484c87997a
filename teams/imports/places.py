"""Communes, hamlets and teams of a list: those that are there, and those to be founded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from kit.database import new_id
from kit.errors import Refused
from kit.i18n import N_
from kit.i18n import gettext as _
from kit.text import fold
from people.imports.kinds import Options, Words, words
from people.permissions import Who
from teams.imports.register import LeaderSpell, StoredArea, StoredTeam, list_tops
from teams.imports.sections import ABOVE, COMMUNES, HAMLETS, Head, MemberRow, place_kind

NO_COMMUNE = N_("The commune is not given, and there are several.")
BEYOND = N_("%(place)s lies outside your area. Ask the coordinator of that area.")


@dataclass
class Place:
    """An area of the list. A new one has no path before it is written."""

    id: UUID
    kind: str
    name: str
    parent: Place | None
    path: str = ""
    new: bool = False
    used: bool = False

    @property
    def stored_path(self) -> str:
        """The path of the nearest area that is there already; "/" when there is none."""
        if not self.new:
            return self.path
        return self.parent.stored_path if self.parent else "/"


@dataclass
class TeamPlace:
    """A team of the list, and the first day it may have members."""

    id: UUID
    name: str
    area: Place
    founded_on: date
    decision_on: date | None
    new: bool = False
    used: bool = False
    leaders: list[LeaderSpell] = field(default_factory=list)

    @property
    def leader(self) -> LeaderSpell | None:
        """Who leads it now."""
        return next((spell for spell in self.leaders if spell.left_on is None), None)


def key_of(name: str) -> str:
    """What makes two names of teams the same."""
    return fold(name).replace("cong nghe so cong dong", "cnscd")


def bare(name: str) -> str:
    """The search key of a place without the word it begins with."""
    return fold(name[len(place_kind(name)) :])


async def find_root(by: Who, head: Head, options: Options) -> tuple[Place, str]:
    """The area the list belongs to, and the commune its title names, if that is new.

    Raises Refused (field `root`) when it cannot be told. The very first list founds it.
    """
    tops = await list_tops()
    wanted = options.root_name or head.body
    if options.root:
        found = [area for area in tops if area.id == options.root]
    else:
        found = [area for area in tops if area.fold == fold(wanted)]
    roots = [area for area in tops if area.parent is None]
    if not found and len(roots) == 1 and (not wanted or place_kind(wanted) in COMMUNES):
        return _stored(roots[0]), wanted
    if len(found) == 1:
        return _stored(found[0]), ""
    if tops or not wanted:
        raise _which_root(wanted)
    if not by.everywhere("import.make"):
        raise Refused(_("There is no area yet. An administrator makes the first one."), status=409)
    return Place(new_id(), _root_kind(wanted), wanted, None, new=True), ""


def _which_root(wanted: str) -> Refused:
    if wanted:
        sentence = _("“%(name)s” is not in the register. Choose the area the list belongs to.")
        return Refused(fields={"root": sentence % {"name": wanted}})
    return Refused(fields={"root": _("Say which area the list belongs to.")})


def _stored(area: StoredArea) -> Place:
    return Place(area.id, area.kind, area.name, None, area.path)


def _root_kind(name: str) -> str:
    word = place_kind(name)
    if word in COMMUNES:
        return "commune"
    return "province" if word == ABOVE[0] else "district"


class Places:
    """Finds, or lays out, the commune, hamlet and team of each row."""

    def __init__(
        self,
        by: Who,
        root: Place,
        areas: list[StoredArea],
        teams: list[StoredTeam],
        leaders: list[LeaderSpell],
    ) -> None:
        self.root = root
        self.teams: dict[tuple[UUID, str], TeamPlace] = {}
        self._by = by
        self._communes: dict[str, Place] = {}
        self._found: dict[tuple[str, str], Place | None] = {}
        self._areas: dict[UUID, Place] = {root.id: root}
        self._below: dict[UUID, list[Place]] = defaultdict(list)
        for area in sorted(areas, key=lambda a: a.path.count("/")):
            if area.id != root.id and area.parent in self._areas:
                self._add(Place(area.id, area.kind, area.name, self._areas[area.parent], area.path))
        self._place_teams(teams, leaders)

    def _place_teams(self, teams: list[StoredTeam], leaders: list[LeaderSpell]) -> None:
        known: dict[UUID, TeamPlace] = {}
        for team in teams:
            if team.area in self._areas:
                place = known.setdefault(
                    team.id,
                    TeamPlace(
                        team.id,
                        team.name,
                        self._areas[team.area],
                        team.founded_on,
                        team.decision_on,
                    ),
                )
                self.teams[team.area, key_of(team.name)] = place
        for spell in leaders:
            if spell.team in known:
                known[spell.team].leaders.append(spell)

    def _add(self, place: Place) -> Place:
        self._areas[place.id] = place
        if place.parent:
            self._below[place.parent.id].append(place)
        return place

    def find(self, row: MemberRow, founded_on: date, decided: date | None) -> TeamPlace | Words:
        """The team of a row, or why it cannot be."""
        at = row.commune, row.hamlet
        if at not in self._found:
            self._found[at] = self._area(*at)
        area = self._found[at]
        if area is None:
            return words(NO_COMMUNE)
        if not self._by.reaches("import.make", area.stored_path):
            return words(BEYOND, place=row.commune or area.name)
        name = row.team or f"Tổ CNSCĐ {area.name[:1].lower()}{area.name[1:]}"
        key = area.id, key_of(name)
        if key not in self.teams:
            self.teams[key] = TeamPlace(new_id(), name, area, founded_on, decided, new=True)
        team = self.teams[key]
        if team.new:
            team.founded_on = min(team.founded_on, founded_on)
        return team

    def _area(self, commune_name: str, hamlet_name: str) -> Place | None:
        commune = self._commune(commune_name)
        if commune is None or not hamlet_name:
            return commune
        return self._under(commune, "hamlet", hamlet_name)

    def founded(self) -> list[Place]:
        """The new areas somebody needs, each after the one it lies in."""
        return [place for place in self._areas.values() if place.new and place.used]

    def _commune(self, name: str) -> Place | None:
        if not name:
            below = [place for place in self._below[self.root.id] if place.kind == "commune"]
            if self.root.kind == "commune":
                return self.root
            return below[0] if len(below) == 1 else None
        if self.root.kind == "commune" and _same(self.root.name, name):
            return self.root
        if name not in self._communes:
            areas = self._areas.values()
            deeper = [p for p in areas if p.kind == "commune" and p is not self.root]
            found = _match(deeper, name)
            self._communes[name] = found or self._under(self.root, "commune", name)
        return self._communes[name]

    def _under(self, parent: Place, kind: str, name: str) -> Place:
        found = _match(self._below[parent.id], name)
        if found:
            return found
        if place_kind(name) not in (COMMUNES if kind == "commune" else HAMLETS):
            name = f"{'Xã' if kind == 'commune' else 'Ấp'} {name}"
        return self._add(Place(new_id(), kind, name, parent, new=True))


def _same(one: str, other: str) -> bool:
    if place_kind(one) and place_kind(other):
        return fold(one) == fold(other)
    return bare(one) == bare(other)


def _match(places: list[Place], name: str) -> Place | None:
    """The one place of that name; without the kind's word it must be the only one."""
    exact = [place for place in places if fold(place.name) == fold(name)]
    if exact:
        return exact[0]
    loose = [place for place in places if _same(place.name, name)]
    return loose[0] if len(loose) == 1 else None


def use(team: TeamPlace) -> None:
    """Mark that somebody joins the team, so that it and its areas will be there."""
    team.used = True
    area: Place | None = team.area
    while area:
        area.used = True
        area = area.parent
