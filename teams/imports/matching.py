"""Who a row is: by phone, else by name and birth; and where that stays in doubt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from kit.i18n import N_
from kit.phones import phone_shown
from kit.text import fold
from people.imports import matching
from people.imports.kinds import words
from people.imports.matching import NAMESAKE, SEVERAL, TWICE, fits
from teams.imports.register import Known, People
from teams.imports.sections import MemberRow

SAME_BIRTH = N_("Row %(row)s has the same name and birthday with another phone.")
OTHER_PHONE = N_("%(name)s, born the same year, has the phone %(phone)s in the register.")

Match: TypeAlias = matching.Match[Known]


@dataclass
class Matcher(matching.Matcher[Known, MemberRow, UUID]):
    """Matches the rows of one list of members; the team of a row settles a tie."""

    people: People
    _births: dict[tuple[str, object], tuple[int, str | None]] = field(default_factory=dict)

    def before(self, row: MemberRow, place: UUID) -> Match:  # noqa: ARG002  (members move)
        """The same name and birthday, unless two phones leave it in doubt."""
        phone, day = row.values["phone"], (row.values["birth"] or (None, None))[0]
        if not day:
            return Match()
        number, other = self._births.setdefault((fold(row.name), day), (row.number, phone))
        if number == row.number:
            return Match()
        if phone and other:
            return Match(doubt=words(SAME_BIRTH, row=number))
        return Match(wrong=words(TWICE, row=number))

    def by_name(self, row: MemberRow, named: list[Known], place: UUID) -> Match:
        """A namesake of the team, or the only one whose birth agrees."""
        day, year = row.values["birth"] or (None, None)
        phone = row.values["phone"]
        if year:
            named = [p for p in named if fits(p, day, year)]
        elif phone:
            named = []
        here = [p for p in named if p.team == place]
        if len(named) > 1 and len(here) != 1:
            return Match(doubt=words(SEVERAL))
        best = next(iter(here or named), None)
        if best is None:
            return Match()
        if phone and best.phone and best.phone != phone:
            shown = phone_shown(best.phone)
            return Match(best, doubt=words(OTHER_PHONE, name=best.name, phone=shown))
        if not year and best.team != place:
            return Match(best, doubt=words(NAMESAKE, name=best.name))
        return Match(best)
