"""Catalogues, kept in the process for a few seconds: every visit is checked against them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kit import clock
from kit.database import rows
from kit.errors import NotFound
from kit.i18n import current_language
from places.settings.queries import FRESH_SECONDS


@dataclass(frozen=True)
class Gap:
    """Days on which an entry was not offered, `until` the first day after them."""

    since: date
    until: date


def offered_on(day: date, since: date, until: date | None, gaps: Iterable[Gap]) -> bool:
    """Whether what is offered from `since` until before `until`, but for some gaps, is so on a
    day."""
    there = since <= day and (until is None or day < until)
    return there and not any(gap.since <= day < gap.until for gap in gaps)


@dataclass(frozen=True)
class Entry:
    """An entry of a catalogue; offered from `since` until the day before `until`, but not in the
    gaps in which it was retired for a time."""

    code: str
    list: str
    name_vi: str
    name_en: str
    rank: int
    since: date
    until: date | None
    version: int
    gaps: tuple[Gap, ...] = ()

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if current_language() == "en" else self.name_vi

    def offered(self, day: date) -> bool:
        """Whether it could be chosen on a day."""
        return offered_on(day, self.since, self.until, self.gaps)


@dataclass(frozen=True)
class Wording:
    """A text of consent, in use from a day on until the next one."""

    version: int
    since: date
    purposes: str
    text_vi: str
    text_en: str

    @property
    def text(self) -> str:
        """The text in the reader's language."""
        return self.text_en if current_language() == "en" else self.text_vi


@dataclass(frozen=True)
class Catalogues:
    """All entries by code, and the texts of consent, the newest first."""

    entries: dict[str, Entry]
    wordings: list[Wording]

    def offered(self, which: str, day: date) -> list[Entry]:
        """The entries of a list that can be chosen on a day, by rank."""
        return [e for e in self.entries.values() if e.list == which and e.offered(day)]

    def has(self, which: str, code: str, day: date) -> bool:
        """Whether a code stands in a list on a day."""
        found = self.entries.get(code)
        return found is not None and found.list == which and found.offered(day)

    def name(self, code: str | None) -> str:
        """The name of a code in the reader's language, the code itself where it is unknown."""
        found = self.entries.get(code or "")
        return found.name if found else code or ""

    def of(self, which: str) -> list[Entry]:
        """The entries of a list, retired ones too, by rank."""
        return [e for e in self.entries.values() if e.list == which]

    def find(self, code: str) -> Entry:
        """An entry by its code, retired ones too. Raises NotFound."""
        if code not in self.entries:
            raise NotFound
        return self.entries[code]

    def has_wording(self, version: int) -> bool:
        """Whether there is a text of consent of a version."""
        return any(wording.version == version for wording in self.wordings)

    def wording(self, day: date) -> Wording:
        """The text of consent in use on a day."""
        return next((w for w in self.wordings if w.since <= day), self.wordings[-1])


class _Kept:
    """Catalogues change a few times a year and are asked for at every visit."""

    found: Catalogues | None = None
    until: float = 0.0


def forget_catalogues() -> None:
    """Read the catalogues afresh next time."""
    _Kept.found = None


async def find_catalogues() -> Catalogues:
    """The catalogues; another process's change shows within seconds."""
    instant = clock.now().timestamp()
    if _Kept.found is None or not _Kept.until - FRESH_SECONDS <= instant < _Kept.until:
        _Kept.found = await read_catalogues()
        _Kept.until = instant + FRESH_SECONDS
    return _Kept.found


@dataclass(frozen=True)
class _Gap:
    code: str
    since: date
    until: date


async def read_catalogues() -> Catalogues:
    """The catalogues as they stand in the database now, for whoever changes them."""
    gaps: dict[str, tuple[Gap, ...]] = {}
    for one in await rows(_Gap, "SELECT code, since, until FROM catalogue_gap ORDER BY since"):
        gaps[one.code] = (*gaps.get(one.code, ()), Gap(one.since, one.until))
    entries = await rows(
        lambda **columns: Entry(**columns, gaps=gaps.get(columns["code"], ())),
        "SELECT code, list, name_vi, name_en, rank, since, until, version"
        " FROM catalogue_entry ORDER BY list, rank, code",
    )
    wordings = await rows(
        Wording,
        "SELECT version, since, purposes, text_vi, text_en FROM consent_text ORDER BY version DESC",
    )
    return Catalogues({entry.code: entry for entry in entries}, wordings)


async def current_consent(day: date | None = None) -> Wording:
    """The text of consent in use on a day, today if none is given."""
    return (await find_catalogues()).wording(day or clock.today())


async def was_offered(which: str, code: str, day: date) -> bool:
    """Whether an entry of a list could be chosen for a visit of a day."""
    return (await find_catalogues()).has(which, code, day)
