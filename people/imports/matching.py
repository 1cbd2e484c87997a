"""Who a row of a list of people is: found by phone and name, held against the rows before it.

What else speaks for somebody (a birthday, a team, an office) is the room's to say.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from kit.i18n import N_
from kit.text import fold
from people.imports.kinds import Words, words

TWICE = N_("The same person stands in row %(row)s already.")
SHARED_PHONE = N_("Row %(row)s has the same phone under another name.")
PHONE_OF = N_("%(name)s has this phone in the register.")
SEVERAL = N_("Several persons in the register are called so. Add a phone or a birthday.")
NAMESAKE = N_("%(name)s is in the register. Add a phone or a birthday, or say if it is the same.")


class KnownPerson(Protocol):
    """What a stored person must tell to be found."""

    @property
    def id(self) -> UUID:
        """The key."""
        ...

    @property
    def name(self) -> str:
        """The name as it is shown."""
        ...

    @property
    def fold(self) -> str:
        """The search key of the name."""
        ...

    @property
    def phone(self) -> str | None:
        """The phone, if known."""
        ...

    @property
    def born_on(self) -> date | None:
        """The birthday, if known."""
        ...

    @property
    def born_year(self) -> int | None:
        """The year of birth, if known."""
        ...


class PersonRow(Protocol):
    """A row of a list: the number that Excel shows, the values, among them `phone` and `birth`."""

    number: int
    values: dict[str, Any]

    @property
    def name(self) -> str:
        """The name as read."""
        ...


Known = TypeVar("Known", bound=KnownPerson)
Row = TypeVar("Row", bound=PersonRow)
Place = TypeVar("Place")


class People(Generic[Known]):
    """The stored persons who may stand in a list, found by phone and by name."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.by_phone: dict[str, list[Known]] = defaultdict(list)
        self.by_fold: dict[str, list[Known]] = defaultdict(list)
        for person in known:
            self.by_fold[person.fold].append(person)
            if person.phone:
                self.by_phone[person.phone].append(person)

    def with_phone(self, phone: str | None) -> list[Known]:
        """Who has a phone."""
        return self.by_phone.get(phone, []) if phone else []


@dataclass(frozen=True)
class Match(Generic[Known]):
    """What was found for a row: somebody known, nobody (new), or a doubt or fault with a reason."""

    known: Known | None = None
    doubt: Words | None = None
    wrong: Words | None = None


@dataclass
class Matcher(ABC, Generic[Known, Row, Place]):
    """Matches the rows of one list, each against the register and against the rows before it."""

    people: People[Known]
    _claimed: dict[UUID, int] = field(default_factory=dict)
    _phones: dict[str, tuple[int, str]] = field(default_factory=dict)
    _by_phone: dict[UUID, int] = field(default_factory=dict)

    def expect(self, rows: Sequence[Row]) -> None:
        """Learn who is named by phone somewhere in the list: nobody else can be that person."""
        self._by_phone = {
            person.id: row.number for row in rows if (person := self._phone_twin(row)) is not None
        }

    def match(self, row: Row, place: Place) -> Match[Known]:
        """Who the row is; `place` is the team or office it stands in."""
        within = self._phone_before(row) or Match()
        own = self.before(row, place)
        within = within if within.wrong or within.doubt else own
        if within.wrong or (within.doubt and not self._phone_twin(row)):
            return within
        found = self._in_register(row, place)
        return found if found.doubt else self.claim(found, row)

    def claim(self, found: Match[Known], row: Row) -> Match[Known]:
        """The match without its doubt; nobody can be two rows."""
        if found.known:
            before = self._claimed.setdefault(found.known.id, row.number)
            if before != row.number:
                return Match(wrong=words(TWICE, row=before))
        return Match(found.known)

    @abstractmethod
    def before(self, row: Row, place: Place) -> Match[Known]:
        """What speaks against a row among the rows before it, besides a phone; the row is noted."""

    @abstractmethod
    def by_name(self, row: Row, named: list[Known], place: Place) -> Match[Known]:
        """Who of those called so the row is."""

    def _phone_before(self, row: Row) -> Match[Known] | None:
        """A clash of phones with a row before."""
        name, phone = fold(row.name), row.values["phone"]
        before = self._phones.setdefault(phone, (row.number, name)) if phone else None
        if before is None or before[0] == row.number:
            return None
        if before[1] == name:
            return Match(wrong=words(TWICE, row=before[0]))
        return Match(doubt=words(SHARED_PHONE, row=before[0]))

    def _phone_twin(self, row: Row) -> Known | None:
        """Who has the row's phone and name."""
        twins = self.people.with_phone(row.values["phone"])
        return next((p for p in twins if p.fold == fold(row.name)), None)

    def _in_register(self, row: Row, place: Place) -> Match[Known]:
        if twin := self._phone_twin(row):
            return Match(twin)
        others = self.people.with_phone(row.values["phone"])
        if others and not self._named_elsewhere(others[0], row):
            return Match(others[0], doubt=words(PHONE_OF, name=others[0].name))
        called = self.people.by_fold.get(fold(row.name), [])
        named = [person for person in called if not self._named_elsewhere(person, row)]
        return self.by_name(row, named, place)

    def _named_elsewhere(self, person: Known, row: Row) -> bool:
        return self._by_phone.get(person.id, row.number) != row.number


def several() -> Match[Any]:
    """Nobody can tell which of several."""
    return Match(doubt=words(SEVERAL))


def fits(person: KnownPerson, day: object, year: int) -> bool:
    """Whether births do not speak against it: the same day where both are known, else the year."""
    if day and person.born_on:
        return person.born_on == day
    return person.born_year in (None, year)
