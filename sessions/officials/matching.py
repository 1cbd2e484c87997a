"""Who a row of officials is: by phone, else by name and birth year or office; and what stays in
doubt, for somebody may be in a team already under the same name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kit.i18n import N_
from kit.phones import phone_shown
from kit.text import fold
from people.imports.kinds import Words, words
from sessions.officials.offices import Place
from sessions.officials.stored import Known, People

TWICE = N_("The same person stands in row %(row)s already.")
SHARED_PHONE = N_("Row %(row)s has the same phone under another name.")
PHONE_OF = N_("%(name)s has this phone in the register.")
OTHER_PHONE = N_("%(name)s is in the register with the phone %(phone)s.")
SEVERAL = N_("Several persons in the register are called so. Add a phone or a birthday.")
NAMESAKE = N_("%(name)s is in the register. Add a phone or a birthday, or say if it is the same.")


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
    _posts: dict[tuple[str, UUID], tuple[int, str | None]] = field(default_factory=dict)
    _by_phone: dict[UUID, int] = field(default_factory=dict)

    def expect(self, rows: list[OfficialRow]) -> None:
        """Learn who is named by phone somewhere in the list: nobody else can be that person."""
        self._by_phone = {
            person.id: row.number for row in rows if (person := self._phone_twin(row)) is not None
        }

    def match(self, row: OfficialRow, office: Place) -> Match:
        """Who the row is; `office` is the one it stands in, which speaks for a namesake there."""
        within = self._within(row, office)
        if within.wrong or (within.doubt and not self._phone_twin(row)):
            return within
        found = self._in_register(row, office)
        return found if found.doubt else self.claim(found, row)

    def claim(self, found: Match, row: OfficialRow) -> Match:
        """The match without its doubt; nobody can be two rows."""
        if found.known:
            before = self._claimed.setdefault(found.known.id, row.number)
            if before != row.number:
                return Match(wrong=words(TWICE, row=before))
        return Match(found.known)

    def _within(self, row: OfficialRow, office: Place) -> Match:
        """Clashes with rows before."""
        name, phone = fold(row.name), row.values["phone"]
        before = self._phones.get(phone) if phone else None
        post = self._posts.get((name, office.id))
        if phone:
            self._phones.setdefault(phone, (row.number, name))
        self._posts.setdefault((name, office.id), (row.number, phone))
        if before:
            if before[1] == name:
                return Match(wrong=words(TWICE, row=before[0]))
            return Match(doubt=words(SHARED_PHONE, row=before[0]))
        if post and not (phone and post[1]) and not row.values["birth"]:
            return Match(wrong=words(TWICE, row=post[0]))
        return Match()

    def _phone_twin(self, row: OfficialRow) -> Known | None:
        """Who has the row's phone and name."""
        phone = row.values["phone"]
        twins = self.people.by_phone.get(phone, []) if phone else []
        return next((p for p in twins if p.fold == fold(row.name)), None)

    def _in_register(self, row: OfficialRow, office: Place) -> Match:
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
        return self._by_name(row, named, office)

    def _named_elsewhere(self, person: Known, row: OfficialRow) -> bool:
        return self._by_phone.get(person.id, row.number) != row.number

    def _by_name(self, row: OfficialRow, named: list[Known], office: Place) -> Match:
        """A namesake is the same person by birth or by office; one with another phone stays in
        doubt, and one of whom nothing else is known is asked for unless the phones differ."""
        day, year = row.values["birth"] or (None, None)
        phone = row.values["phone"]
        if year:
            named = [p for p in named if _fits(p, day, year)]
        sure = [p for p in named if _works(p, office) or (year and p.born_year)]
        if sure:
            return self._same(sure, phone)
        unknown = [p for p in named if not (phone and p.phone)]
        if not unknown:
            return Match()
        best = unknown[0]
        return _several() if unknown[1:] else Match(best, words(NAMESAKE, name=best.name))

    def _same(self, sure: list[Known], phone: str | None) -> Match:
        """Somebody whose birth or office agrees; another phone leaves it in doubt."""
        best = sure[0]
        if len(sure) > 1:
            return _several()
        if phone and best.phone and best.phone != phone:
            shown = phone_shown(best.phone)
            return Match(best, doubt=words(OTHER_PHONE, name=best.name, phone=shown))
        return Match(best)


def _several() -> Match:
    return Match(doubt=words(SEVERAL))


def _works(person: Known, office: Place) -> bool:
    """Whether a person is known to work in an office: as an official, or by the words of a team's
    register."""
    if office.id in (person.works, person.office):
        return True
    return bool(person.organisation) and fold(office.name) in fold(person.organisation)


def _fits(person: Known, day: object, year: int) -> bool:
    """Whether births do not speak against it: the same day where both are known, else the year."""
    if day and person.born_on:
        return person.born_on == day
    return person.born_year in (None, year)
