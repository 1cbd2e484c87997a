"""Who a row of officials is: by phone, else by name and birth year or office; and what stays in
doubt, for somebody may be in a team already under the same name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

from kit.i18n import N_
from kit.phones import phone_shown
from kit.text import fold
from people.imports import matching
from people.imports.kinds import Words, words
from people.imports.matching import NAMESAKE, TWICE, fits, several
from sessions.officials.offices import Place
from sessions.officials.stored import Known

OTHER_PHONE = N_("%(name)s is in the register with the phone %(phone)s.")


@dataclass
class OfficialRow:
    """A row of the list: its values by column, and what is wrong with it."""

    number: int
    values: dict[str, Any]
    cells: list[str]
    wrong: list[Words] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name as read, "" where it could not be."""
        return self.values["name"] or ""


Match: TypeAlias = matching.Match[Known]


@dataclass
class Matcher(matching.Matcher[Known, OfficialRow, Place]):
    """Matches the rows of one list of officials; the office of a row speaks for a namesake."""

    _posts: dict[tuple[str, UUID], tuple[int, str | None]] = field(default_factory=dict)

    def before(self, row: OfficialRow, place: Place) -> Match:
        """The same name in the same office, unless two phones or a birth tell them apart."""
        phone, key = row.values["phone"], (fold(row.name), place.id)
        post = self._posts.get(key)
        self._posts.setdefault(key, (row.number, phone))
        if post and not (phone and post[1]) and not row.values["birth"]:
            return Match(wrong=words(TWICE, row=post[0]))
        return Match()

    def by_name(self, row: OfficialRow, named: list[Known], place: Place) -> Match:
        """A namesake is the same person by birth or by office; one with another phone stays in
        doubt, and one of whom nothing else is known is asked for unless the phones differ."""
        day, year = row.values["birth"] or (None, None)
        phone = row.values["phone"]
        if year:
            named = [p for p in named if fits(p, day, year)]
        sure = [p for p in named if _works(p, place) or (year and p.born_year)]
        if sure:
            return _same(sure, phone)
        unknown = [p for p in named if not (phone and p.phone)]
        if not unknown:
            return Match()
        best = unknown[0]
        return several() if unknown[1:] else Match(best, words(NAMESAKE, name=best.name))


def _same(sure: list[Known], phone: str | None) -> Match:
    """Somebody whose birth or office agrees; another phone leaves it in doubt."""
    best = sure[0]
    if len(sure) > 1:
        return several()
    if phone and best.phone and best.phone != phone:
        shown = phone_shown(best.phone)
        return Match(best, doubt=words(OTHER_PHONE, name=best.name, phone=shown))
    return Match(best)


def _works(person: Known, office: Place) -> bool:
    """Whether a person is known to work in an office: as an official, or by the words of a team's
    register."""
    if office.id in (person.works, person.office):
        return True
    return bool(person.organisation) and fold(office.name) in fold(person.organisation)
