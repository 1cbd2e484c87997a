"""Services by number and outcomes by letter: what fits into a cell of a paper form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kit.i18n import current_language
from kit.i18n import gettext as _
from kit.text import fold
from teams.catalogues.queries import Gap, find_catalogues, offered_on
from teams.visits.words import OUTCOME_WORDS, outcome_word

LETTERS = {
    "independent": "t",
    "assisted": "h",
    "on_behalf": "l",
    "already_had": "c",
    "pending": "x",
    "refused": "k",
    "not_needed": "o",
}
"""The letter of each outcome: tự làm, hướng dẫn, làm hộ, có rồi, chưa xong, khước từ; o, none."""
_OUTCOMES = {letter: outcome for outcome, letter in LETTERS.items()}
_MARK = re.compile(r"([0-9]{1,3}) ?([a-z])?[ ,;+.]*")
MOST_MARKS = 12


@dataclass(frozen=True)
class Service:
    """A service of the catalogue. A number, once given, stays, for paper may lie for weeks."""

    number: int
    code: str
    name_vi: str
    name_en: str
    since: date
    until: date | None
    gaps: tuple[Gap, ...] = ()

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_vi if current_language() == "vi" else self.name_en

    def offered(self, day: date) -> bool:
        """Whether the service is offered on a day."""
        return offered_on(day, self.since, self.until, self.gaps)


async def list_services() -> list[Service]:
    """Every service there ever was, numbered in the order of coming."""
    entries = (await find_catalogues()).entries.values()
    services = [entry for entry in entries if entry.list == "service"]
    services.sort(key=lambda entry: (entry.since, entry.rank, entry.code))
    return [
        Service(number, it.code, it.name_vi, it.name_en, it.since, it.until, it.gaps)
        for number, it in enumerate(services, 1)
    ]


def outcome_letters() -> list[tuple[str, str]]:
    """Each letter with its outcome in words."""
    return [(LETTERS[outcome], outcome_word(outcome)) for outcome in OUTCOME_WORDS]


def read_marks(typed: str, services: Sequence[Service], day: date) -> list[tuple[str, str]]:
    """The services and outcomes that "1t 9h" stands for. ValueError, with a sentence, otherwise."""
    plain, found, at = fold(typed), list[tuple[str, str]](), 0
    while at < len(plain):
        mark = _MARK.match(plain, at)
        if mark is None:
            raise ValueError(_("Write number and letter of each service, like 1t 9h."))
        found.append(_read_mark(mark[1], mark[2] or "", services, day))
        at = mark.end()
    if len({code for code, _outcome in found}) < len(found):
        raise ValueError(_("A service stands here twice. Keep the line that is right."))
    if len(found) > MOST_MARKS:
        raise ValueError(_("Enter at most %(limit)s services.", limit=MOST_MARKS))
    return found


def _read_mark(number: str, letter: str, services: Sequence[Service], day: date) -> tuple[str, str]:
    service = next((s for s in services if s.number == int(number) and s.offered(day)), None)
    if service is None:
        said = _("There is no service %(number)s on this day. See the list below.", number=number)
        raise ValueError(said)
    if letter not in _OUTCOMES:
        letters = ", ".join(LETTERS.values())
        raise ValueError(
            _(
                "After %(number)s write a letter for the outcome: %(letters)s.",
                number=number,
                letters=letters,
            )
        )
    return service.code, _OUTCOMES[letter]
