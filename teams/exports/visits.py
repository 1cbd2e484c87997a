"""Visits as a list shows them, part by part, so that a million rows need no more memory than one
part."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from kit import clock
from kit.database import ON_SQLITE, SQL, all_of, run, value
from kit.i18n import gettext as _
from kit.sheets import Cell
from people.permissions import Who
from teams.catalogues.queries import Catalogues
from teams.visits.filters import VisitFilter, shown_visits, visible_visits
from teams.visits.words import MET_WORDS, OUTCOME_WORDS, VIA_WORDS, met_word, outcome_word, via_word

PART = 2000
VERB = "visit.export"
BOM = "\ufeff"

_JOINED = (
    "(SELECT group_concat(y.one, ' ') FROM (SELECT x.service || ':' || x.outcome AS one"
    " FROM support x WHERE x.visit = v.id ORDER BY x.line) y)"
    if ON_SQLITE
    else "(SELECT string_agg(x.service || ':' || x.outcome, ' ' ORDER BY x.line)"
    " FROM support x WHERE x.visit = v.id)"
)

_DAY, _HOUR, _MOMENT = (
    (
        "strftime('%d/%m/%Y', {})",
        "strftime('%H:%M', {}, '+7 hours')",
        "strftime('%d/%m/%Y %H:%M', {}, '+7 hours')",
    )
    if ON_SQLITE
    else (
        "to_char({}, 'DD/MM/YYYY')",
        "to_char({} AT TIME ZONE 'Asia/Ho_Chi_Minh', 'HH24:MI')",
        "to_char({} AT TIME ZONE 'Asia/Ho_Chi_Minh', 'DD/MM/YYYY HH24:MI')",
    )
)
_AS_THEY_ARE = "v.day, v.met_at, v.received_at, v.withdrawn_at"
_AS_WRITTEN = (
    f"v.day, {_DAY.format('v.day')} AS shown_day, {_HOUR.format('v.met_at')} AS met_at,"
    f" {_MOMENT.format('v.received_at')} AS received_at,"
    f" {_MOMENT.format('v.withdrawn_at')} AS withdrawn_at"
)
"""Days and instants as text straight from the database, which writes them far faster."""

_PART = """
WITH page AS (SELECT v.* FROM visit v WHERE {{}} ORDER BY v.day DESC, v.id DESC LIMIT {{}})
SELECT v.id, {times}, t.name AS team, s.name AS area, h.code, h.head, v.met, v.basis,
       {joined} AS services, p.name AS performer, v.via
FROM page v JOIN team t ON t.id = v.team JOIN person p ON p.id = v.performed_by
LEFT JOIN household h ON h.id = v.household AND (v.basis = 'consent' OR v.met <> 'met')
    AND v.anonymised_at IS NULL
LEFT JOIN area_spell s ON s.area = v.area AND s.since <= v.day
    AND (s.until IS NULL OR v.day < s.until)
ORDER BY v.day DESC, v.id DESC
"""


def heads() -> list[str]:
    """The heads of the columns."""
    found = [_("Day"), _("Time"), _("Team"), _("Area"), _("Code of the household")]
    found += [_("Head of the household"), _("Met"), _("By name"), _("Services and outcomes")]
    return [*found, _("Performed by"), _("Came in"), _("Received"), _("Withdrawn")]


WIDTHS = (12, 8, 36, 24, 18, 26, 14, 10, 60, 26, 22, 17, 12)


@dataclass(frozen=True)
class Words:
    """What codes are called, looked up once for all rows, in the language of the asker."""

    known: Catalogues
    mets: Mapping[str, str]
    vias: Mapping[str, str]
    outcomes: Mapping[str, str]
    yes: str
    no: str

    def services(self, joined: str | None) -> str:
        """ "vneid_2:assisted fraud_safety:pending" in words."""
        pairs = (one.partition(":") for one in (joined or "").split())
        return "; ".join(
            f"{self.known.name(service)}: {self.outcomes[outcome]}"
            for service, _colon, outcome in pairs
        )


def words_of(known: Catalogues) -> Words:
    """The words in the language of now."""
    return Words(
        known,
        {met: met_word(met) for met in MET_WORDS},
        {via: via_word(via) for via in VIA_WORDS},
        {outcome: outcome_word(outcome) for outcome in OUTCOME_WORDS},
        _("Yes"),
        _("No"),
    )


def exported(who: Who, asked: VisitFilter) -> list[SQL]:
    """The conditions on `visit v` of what a list shows and may be taken away."""
    return [*shown_visits(who, asked), visible_visits(who, VERB)]


async def count_exported(who: Who, asked: VisitFilter, most: int) -> int:
    """How many visits there are to take; counting stops above `most`."""
    return int(
        await value(
            "SELECT count(*) AS n FROM (SELECT 1 AS one FROM visit v WHERE {} LIMIT {}) x",
            all_of(exported(who, asked)),
            most + 1,
        )
    )


async def parts(
    who: Who, asked: VisitFilter, *, written: bool = False
) -> AsyncIterator[list[Mapping[str, Any]]]:
    """All visits of a filter in the order of the list, PART at a time, each part a query of its
    own that begins where the last one ended; `written`: with days and instants as text."""
    sql = _PART.format(times=_AS_WRITTEN if written else _AS_THEY_ARE, joined=_JOINED)
    conditions = exported(who, asked)
    after = SQL("1 = 1")
    while True:
        part = await run(sql, all_of([*conditions, after]), PART)
        if part:
            yield part
        if len(part) < PART:
            return
        after = SQL("(v.day, v.id) < ({}, {})", part[-1]["day"], part[-1]["id"])


def cells(line: Mapping[str, Any], words: Words, services: Mapping[str | None, str]) -> list[Cell]:
    """A visit as the cells of a row: true days and moments."""
    met_at, received = _local(line["met_at"]), _local(line["received_at"])
    gone = line["withdrawn_at"]
    return [
        line["day"],
        met_at.time(),
        line["team"],
        line["area"],
        line["code"] or None,
        line["head"],
        words.mets[line["met"]],
        (words.yes if line["basis"] == "consent" else words.no) if line["met"] == "met" else None,
        services[line["services"]],
        line["performer"],
        words.vias[line["via"]],
        received,
        _local(gone).date() if gone else None,
    ]


def _local(instant: datetime) -> datetime:
    return instant.astimezone(clock.LOCAL).replace(tzinfo=None, second=0, microsecond=0)


class Told(dict[str | None, str]):
    """The services of a visit in words, each kind of visit worded once."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.words = words

    def __missing__(self, joined: str | None) -> str:
        """Word a kind of visit not met before."""
        if len(self) > 20_000:
            self.clear()
        self[joined] = self.words.services(joined)
        return self[joined]


async def csv_of(who: Who, asked: VisitFilter, words: Words) -> AsyncIterator[str]:
    """The visits as CSV: `;`, a BOM so that Excel sees UTF-8, a line of heads."""
    told = Told(words)
    yield BOM + _csv([heads()])
    async for part in parts(who, asked, written=True):
        yield _csv(_line(line, words, told) for line in part)


def _csv(lines: Iterable[Iterable[object]]) -> str:
    made = io.StringIO()
    csv.writer(made, delimiter=";", lineterminator="\r\n").writerows(lines)
    return made.getvalue()


def _line(line: Mapping[str, Any], words: Words, told: Told) -> tuple[str | None, ...]:
    named = words.yes if line["basis"] == "consent" else words.no
    return (
        line["shown_day"],
        line["met_at"],
        *map(safe, (line["team"], line["area"], line["code"], line["head"])),
        words.mets[line["met"]],
        named if line["met"] == "met" else "",
        told[line["services"]],
        safe(line["performer"]),
        words.vias[line["via"]],
        line["received_at"],
        line["withdrawn_at"],
    )


@lru_cache(8192)
def safe(text: str | None) -> str:
    """A text that no spreadsheet takes for a formula."""
    text = text or ""
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
