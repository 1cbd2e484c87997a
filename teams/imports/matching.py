"""Who a row is: by phone, else by name and birth; and where that stays in doubt."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from kit.i18n import N_
from kit.phones import phone_shown
from kit.text import fold
from people.imports.kinds import Words, words
from teams.imports.register import Known, People
from teams.imports.sections import MemberRow

TWICE = N_("The same person stands in row %(row)s already.")
SHARED_PHONE = N_("Row %(row)s has the same phone under another name.")
SAME_BIRTH = N_("Row %(row)s has the same name and birthday with another phone.")
PHONE_OF = N_("%(name)s has this phone in the register.")
OTHER_PHONE = N_("%(name)s, born the same year, has the phone %(phone)s in the register.")
SEVERAL = N_("Several persons in the register are called so. Add a phone or a birthday.")
NAMESAKE = N_("%(name)s is in the register. Add a phone or a birthday, or say if it is the same.")


@dataclass(frozen=True)
class Match:
    """What was found for a row: somebody known, nobody (new), or a doubt or fault with a reason."""

    known: Known | None = None
    doubt: Words | None = None
    wrong: Words | None = None


@dataclass
class Matcher:
    """Matches the rows of one list, each against the register and against the rows before it."""

    people: People
    _claimed: dict[UUID, int] = field(default_factory=dict)
    _phones: dict[str, tuple[int, str]] = field(default_factory=dict)
    _births: dict[tuple[str, object], tuple[int, str | None]] = field(default_factory=dict)
    _by_phone: dict[UUID, int] = field(default_factory=dict)

    def expect(self, rows: list[MemberRow]) -> None:
        """Learn who is named by phone somewhere in the list: nobody else can be that person."""
        self._by_phone = {
            person.id: row.number for row in rows if (person := self._phone_twin(row)) is not None
        }

    def match(self, row: MemberRow, team: UUID) -> Match:
        """Who the row is; `team` is the one it stands in, which settles a tie."""
        within = self._within(row)
        if within.wrong or (within.doubt and not self._phone_twin(row)):
            return within
        found = self._in_register(row, team)
        return found if found.doubt else self.claim(found, row)

    def claim(self, found: Match, row: MemberRow) -> Match:
        """The match without its doubt; nobody can be two rows."""
        if found.known:
            before = self._claimed.setdefault(found.known.id, row.number)
            if before != row.number:
                return Match(wrong=words(TWICE, row=before))
        return Match(found.known)

    def _within(self, row: MemberRow) -> Match:
        """Clashes with rows before."""
        name, phone, day = fold(row.name), row.values["phone"], _day(row)
        before = self._phones.get(phone) if phone else None
        same_birth = self._births.get((name, day)) if day else None
        if phone:
            self._phones.setdefault(phone, (row.number, name))
        if day:
            self._births.setdefault((name, day), (row.number, phone))
        if before:
            if before[1] == name:
                return Match(wrong=words(TWICE, row=before[0]))
            return Match(doubt=words(SHARED_PHONE, row=before[0]))
        if same_birth:
            if phone and same_birth[1]:
                return Match(doubt=words(SAME_BIRTH, row=same_birth[0]))
            return Match(wrong=words(TWICE, row=same_birth[0]))
        return Match()

    def _phone_twin(self, row: MemberRow) -> Known | None:
        """Who has the row's phone and name."""
        phone = row.values["phone"]
        twins = self.people.by_phone.get(phone, []) if phone else []
        return next((p for p in twins if p.fold == fold(row.name)), None)

    def _in_register(self, row: MemberRow, team: UUID) -> Match:
        twin = self._phone_twin(row)
        if twin:
            return Match(twin)
        phone = row.values["phone"]
        others = self.people.by_phone.get(phone, []) if phone else []
        if others and not self._named_elsewhere(others[0], row):
            return Match(others[0], doubt=words(PHONE_OF, name=others[0].name))
        named = [
            person
            for person in self.people.by_fold.get(fold(row.name), [])
            if not self._named_elsewhere(person, row)
        ]
        return self._by_name(row, named, team)

    def _named_elsewhere(self, person: Known, row: MemberRow) -> bool:
        return self._by_phone.get(person.id, row.number) != row.number

    def _by_name(self, row: MemberRow, named: list[Known], team: UUID) -> Match:
        day, year = row.values["birth"] or (None, None)
        phone = row.values["phone"]
        if year:
            named = [p for p in named if _fits(p, day, year)]
        elif phone:
            named = []
        here = [p for p in named if p.team == team]
        if len(named) > 1 and len(here) != 1:
            return Match(doubt=words(SEVERAL))
        best = next(iter(here or named), None)
        if best is None:
            return Match()
        if phone and best.phone and best.phone != phone:
            shown = phone_shown(best.phone)
            return Match(best, doubt=words(OTHER_PHONE, name=best.name, phone=shown))
        if not year and best.team != team:
            return Match(best, doubt=words(NAMESAKE, name=best.name))
        return Match(best)


def _day(row: MemberRow) -> object:
    return (row.values["birth"] or (None, None))[0]


def _fits(person: Known, day: object, year: int) -> bool:
    """Whether births do not speak against it: the same day where both are known, else the year."""
    if day and person.born_on:
        return person.born_on == day
    return person.born_year in (None, year)
