"""The offices that a list names: those of the register, and those to be entered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from uuid import UUID

from kit.database import new_id
from kit.i18n import N_
from kit.spells import EVERYWHERE
from kit.text import fold
from people.imports.kinds import Options, Words, words
from people.permissions import Who
from sessions.officials.stored import StoredArea, StoredOffice

NO_OFFICE = N_(
    "“%(office)s” is not in the register of offices. Enter it first, or upload the list again"
    " with the tick to enter missing offices."
)
LIKE_OFFICE = N_("“%(office)s” is not in the register of offices. Did you mean “%(known)s”?")
SEVERAL_OFFICES = N_("Several offices are called “%(office)s”. Say in which commune.")
NO_AREA = N_("“%(area)s” is not in the register of areas.")
BEYOND = N_("%(place)s lies outside your area. Ask the coordinator of that area.")
NO_ROOT = N_("“%(office)s” is new. Choose the area the list belongs to, and upload it again.")


@dataclass
class Place:
    """An office of a list; a `new` one is entered when the import is applied."""

    id: UUID
    name: str
    area: UUID
    path: str
    new: bool = False


class Offices:
    """Finds the office of a row, within the importer's reach."""

    def __init__(
        self,
        by: Who,
        options: Options,
        areas: Iterable[StoredArea],
        stored: Iterable[StoredOffice],
    ) -> None:
        self._by, self._options = by, options
        self._areas: dict[str, list[StoredArea]] = defaultdict(list)
        every = list(areas)
        for area in every:
            self._areas[area.fold].append(area)
        self._root = find_root(by, options, every)
        self._by_fold: dict[str, list[Place]] = defaultdict(list)
        for one in stored:
            place = Place(one.id, one.name, one.area, one.path)
            self._by_fold[one.fold].append(place)

    def find(self, name: str, area_name: str) -> Place | Words:
        """The office of that name, in an area if one is named; or why there is none."""
        area = self._area(area_name) if area_name else None
        if isinstance(area, tuple):
            return area
        found = self._by_fold[fold(name)]
        mine = [p for p in found if self._by.reaches("import.make", p.path)]
        if area:
            mine = [place for place in mine if place.area == area.id]
        elif len(mine) > 1 and self._root:
            mine = [place for place in mine if place.path.startswith(self._root.path)]
        if len(mine) > 1:
            return words(SEVERAL_OFFICES, office=name)
        if mine:
            return mine[0]
        if found and not area and not self._options.add_missing:
            return words(BEYOND, place=name)
        return self._enter(name, area or self._named_after(name) or self._root)

    def _named_after(self, name: str) -> StoredArea | None:
        """The area whose name an office bears, such as that of “UBND xã Bình Lãng”."""
        under = self._root.path if self._root else EVERYWHERE
        found = [
            area
            for areas in self._areas.values()
            for area in areas
            if fold(name).endswith(f" {area.fold}")
            and area.path.startswith(under)
            and self._by.reaches("import.make", area.path)
        ]
        return found[0] if len(found) == 1 else None

    def _area(self, name: str) -> StoredArea | Words:
        found = self._areas[fold(name)]
        mine = [area for area in found if self._by.reaches("import.make", area.path)]
        if len(mine) == 1:
            return mine[0]
        return words(BEYOND, place=name) if found else words(NO_AREA, area=name)

    def _enter(self, name: str, area: StoredArea | None) -> Place | Words:
        if not self._options.add_missing:
            return self._unknown(name)
        if area is None:
            return words(NO_ROOT, office=name)
        place = Place(new_id(), name, area.id, area.path, new=True)
        self._by_fold[fold(name)].append(place)
        return place

    def _unknown(self, name: str) -> Words:
        mine = {
            key: place.name
            for key, places in self._by_fold.items()
            for place in places
            if self._by.reaches("import.make", place.path)
        }
        like = get_close_matches(fold(name), mine, 1, 0.85)
        if like:
            return words(LIKE_OFFICE, office=name, known=mine[like[0]])
        return words(NO_OFFICE, office=name)

    @property
    def entered(self) -> list[Place]:
        """The new offices, in the order in which they were met."""
        return [place for places in self._by_fold.values() for place in places if place.new]


def find_root(by: Who, options: Options, areas: list[StoredArea]) -> StoredArea | None:
    """The area new offices belong to: the one chosen, as far as it lies within reach, else the
    only one that the importer's reach begins at. None when that is not clear."""
    by_id = {area.id: area for area in areas}
    chosen = by_id.get(options.root) if options.root else None
    if chosen is None and options.root_name:
        named = [a for a in areas if a.fold == fold(options.root_name)]
        chosen = named[0] if len(named) == 1 else None
    if chosen and by.reaches("import.make", chosen.path):
        return chosen
    above = chosen.path if chosen else EVERYWHERE
    tops = [area for area in areas if _is_top(by, area) and area.path.startswith(above)]
    return tops[0] if len(tops) == 1 else None


def _is_top(by: Who, area: StoredArea) -> bool:
    """Whether the importer's reach begins at an area."""
    if by.everywhere("import.make"):
        return area.parent is None
    return area.path in by.paths("import.make")
