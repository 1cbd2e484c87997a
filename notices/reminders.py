"""Reminders: what is due is told once, what nobody is helped by any more is dropped with a word."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit import clock
from kit.database import among, run
from notices.commands import Link, notify
from notices.words import Words

log = logging.getLogger("toso.notices")


@dataclass(frozen=True)
class Reminder:
    """Something that is due to be told to persons; from `until` on it helps nobody any more.

    `kind`, `subject` and `slot` are the key by which each person is told but once. `link` leads
    to it: all persons alike, or each by one of their own.
    """

    kind: str
    subject: UUID | str
    slot: str
    persons: Sequence[UUID]
    words: Words
    link: Link
    until: datetime


async def remind(due: Iterable[Reminder]) -> str:
    """Tell what is due to whoever was not told yet; a line on how many were told and dropped.

    It may be asked as often as one likes, by however many processes: the key of the notice sees to
    it that nobody is told twice.
    """
    tally = Counter[str]()
    for one in due:
        if clock.now() < one.until:
            what = (one.kind, one.subject, one.slot, one.words, one.link)
            tally["told"] += await notify(one.persons, *what, until=one.until)
        else:
            tally["dropped"] += await _drop(one)
    return ", ".join(f"{word} {count}" for word, count in sorted(tally.items()) if count)


async def _drop(one: Reminder) -> int:
    """Write into the log that persons were not told in time; how many."""
    told = await run(
        "SELECT person FROM notice WHERE kind = {} AND subject = {} AND slot = {} AND person IN {}",
        *(one.kind, str(one.subject), one.slot, among(one.persons)),
    )
    missed = len(set(one.persons) - {line["person"] for line in told})
    if missed:
        what = {"kind": one.kind, "subject": str(one.subject), "slot": one.slot, "count": missed}
        log.warning("reminder dropped", extra=what)
    return missed
