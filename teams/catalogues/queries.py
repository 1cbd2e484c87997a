"""What visits are made of: services, obstacles, referrals, places and the text of the consent.

Every form of a visit needs them and they hardly change, so they are read once in a few seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kit import clock, i18n
from kit.database import rows
from kit.errors import NotFound
from teams.catalogues.tables import LISTS

FRESH_SECONDS = 5.0


@dataclass(frozen=True)
class Entry:
    """An entry of a catalogue, offered from `since` until the day before `until`."""

    code: str
    list: str
    name_vi: str
    name_en: str
    rank: int
    since: date
    until: date | None
    version: int

    @property
    def name(self) -> str:
        """Its name in the reader's language."""
        return self.name_en if i18n.current_language() == "en" else self.name_vi

    def offered(self, day: date) -> bool:
        """Whether it can be chosen for a visit of a day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Consent:
    """A wording of the consent; `purposes` are codes with commas between."""

    version: int
    since: date
    purposes: str
    text_vi: str
    text_en: str

    @property
    def text(self) -> str:
        """Its wording in the reader's language."""
        return self.text_en if i18n.current_language() == "en" else self.text_vi


@dataclass(frozen=True)
class Catalogues:
    """All entries by list, rank and code, and all wordings of the consent, the newest first."""

    entries: tuple[Entry, ...]
    consents: tuple[Consent, ...]

    def of(self, name: str, day: date | None = None) -> list[Entry]:
        """The entries of a list that are offered on a day, today if none is given."""
        on = day or clock.today()
        return [entry for entry in self.entries if entry.list == name and entry.offered(on)]

    def services(self, day: date | None = None) -> list[Entry]:
        """What can be helped with on a day."""
        return self.of("service", day)

    def obstacles(self, day: date | None = None) -> list[Entry]:
        """What may stand in the way."""
        return self.of("obstacle", day)

    def referrals(self, day: date | None = None) -> list[Entry]:
        """To whom a resident may be sent on."""
        return self.of("referral", day)

    def places(self, day: date | None = None) -> list[Entry]:
        """Where a visit may take place."""
        return self.of("place", day)

    def find(self, code: str) -> Entry:
        """An entry by its code, retired ones too. Raises NotFound."""
        for entry in self.entries:
            if entry.code == code:
                return entry
        raise NotFound

    def name(self, code: str | None) -> str:
        """The name behind a code in the reader's language; "" for none."""
        return self.find(code).name if code else ""

    def offers(self, name: str, code: str, day: date) -> bool:
        """Whether a code is of this list and offered on a day."""
        return any(entry.code == code for entry in self.of(name, day))

    def consent(self, day: date | None = None) -> Consent:
        """The wording in use on a day, today if none is given. Raises NotFound before the first."""
        on = day or clock.today()
        for text in self.consents:
            if text.since <= on:
                return text
        raise NotFound


class _Kept:
    """The catalogues as they were read last."""

    found: Catalogues | None = None
    until: float = 0.0


def forget_catalogues() -> None:
    """Read the catalogues afresh next time."""
    _Kept.found = None


async def find_catalogues() -> Catalogues:
    """All catalogues; another process's change shows within seconds."""
    instant = clock.now().timestamp()
    if _Kept.found is None or not _Kept.until - FRESH_SECONDS <= instant < _Kept.until:
        _Kept.found = await read_catalogues()
        _Kept.until = instant + FRESH_SECONDS
    return _Kept.found


async def read_catalogues() -> Catalogues:
    """All catalogues as they stand in the database now."""
    entries = await rows(
        Entry,
        "SELECT code, list, name_vi, name_en, rank, since, until, version FROM catalogue_entry"
        " ORDER BY rank, code",
    )
    entries.sort(key=lambda entry: LISTS.index(entry.list))
    consents = await rows(
        Consent,
        "SELECT version, since, purposes, text_vi, text_en FROM consent_text ORDER BY version DESC",
    )
    return Catalogues(tuple(entries), tuple(consents))


async def current_consent(day: date | None = None) -> Consent:
    """The wording of the consent in use on a day, today if none is given."""
    return (await find_catalogues()).consent(day)


async def was_offered(name: str, code: str, day: date) -> bool:
    """Whether an entry of a list could be chosen for a visit of a day."""
    return (await find_catalogues()).offers(name, code, day)
