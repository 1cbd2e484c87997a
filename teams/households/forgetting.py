"""Names and words that are kept no longer: once a consent is withdrawn, or when the last contact
lies too far back (Law 91/2025/QH15). What was done still counts.

A household stays in the register by its head as long as it is visited; one that was paused is made
anonymous itself.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit import clock
from kit.database import BATCH, ON_SQLITE, SQL, among, rows, run, transaction, value
from kit.i18n import N_
from kit.i18n import gettext as _
from people.audit.commands import record
from people.permissions import Who
from teams.households.forms import keys_of
from teams.households.promises import AGAIN, CHANGED, VISITED, WITHDRAWN

MOST = 1_000
"""Households of one night, so that others need not wait long."""
NOBODY = N_("Anonymous household")
_BLANK = (
    "json_set(content, '$.note', '')"
    if ON_SQLITE
    else "CAST(CAST(content AS jsonb) || jsonb_build_object('note', '') AS text)"
)
_KNOWN_REASONS = ("", "done", "not_needed", "moved", "other", VISITED, AGAIN, CHANGED, WITHDRAWN)


async def forget_visits(visits: Sequence[UUID]) -> int:
    """Take names and words out of visits and what hangs on them: they are shown without their
    household, and count as before. How many there were."""
    now = clock.now()
    for start in range(0, len(visits), BATCH):
        these = among(visits[start : start + BATCH])
        await run(
            "UPDATE visit SET note = '', anonymised_at = coalesce(anonymised_at, {}),"
            " withdrawn_why = CASE withdrawn_why WHEN '' THEN '' ELSE '–' END WHERE id IN {}",
            *(now, these),
        )
        await run(
            f"UPDATE visit_version SET content = {_BLANK},"
            " why = CASE why WHEN '' THEN '' ELSE '–' END WHERE visit IN {}",
            these,
        )
        await run("UPDATE visit_flag SET word = '' WHERE word <> '' AND visit IN {}", these)
        await run("UPDATE consent SET witness = '' WHERE witness <> '' AND visit IN {}", these)
        await run(
            "UPDATE follow_up SET closed_why = 'other' WHERE visit IN {} AND closed_why NOT IN {}",
            *(these, among(_KNOWN_REASONS)),
        )
    return len(visits)


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, or the last one of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Forgotten:
    """What was forgotten: names of people, visits, households of their own."""

    people: int
    visits: int
    households: int


_FAMILY = (
    "WITH RECURSIVE family(id) AS (SELECT h.id UNION ALL SELECT m.id FROM household m"
    " JOIN family f ON m.merged_into = f.id) SELECT 1 FROM family y WHERE "
)
_CONTACT = (
    "EXISTS (SELECT 1 FROM visit x WHERE x.household = y.id AND x.day >= {} AND x.met <> 'absent'"
    " AND x.withdrawn_at IS NULL)"
    " OR EXISTS (SELECT 1 FROM consent c WHERE c.household = y.id AND c.at >= {})"
    " OR EXISTS (SELECT 1 FROM resident r WHERE r.household = y.id AND r.made_at >= {})"
)
_KEPT = (
    "EXISTS (SELECT 1 FROM resident r WHERE r.household = y.id AND r.name IS NOT NULL)"
    " OR EXISTS (SELECT 1 FROM visit x WHERE x.household = y.id AND x.day < {}"
    " AND x.anonymised_at IS NULL)"
    " OR (h.muted_since < {} AND EXISTS (SELECT 1 FROM household o WHERE o.id = y.id"
    " AND o.anonymised_at IS NULL))"
)
_OLD = (
    "FROM household h WHERE h.merged_into IS NULL"
    " AND (h.last_met_on IS NULL OR h.last_met_on < {})"
    f" AND EXISTS ({_FAMILY}{_KEPT}) AND NOT EXISTS ({_FAMILY}{_CONTACT})"
)


def _old(until: date) -> SQL:
    """The households `h`, with those merged into them, that had their last contact before a day
    and of which names or words are still kept."""
    instant = clock.midnight(until)
    return SQL(_OLD, until, until, until, until, instant, instant)


async def count_old(until: date) -> int:
    """How many households had their last contact before a day and are not forgotten yet."""
    return int(await value("SELECT count(*) AS n {}", _old(until)))


@dataclass(frozen=True)
class _Home:
    id: UUID
    code: str
    paused: int


async def forget_old(by: Who, until: date) -> Forgotten:
    """Forget the names and words of households whose last contact lies before a day, and the words
    of visits of those days that belong to no household. One line of the log, if anything was."""
    async with transaction():
        homes = await _homes(until)
        people = await _forget_people([home.id for home in homes])
        visits = await forget_visits(await _visits([home.id for home in homes], until))
        paused = [home for home in homes if home.paused]
        for home in paused:
            await _forget_home(home)
        done = Forgotten(people, visits, len(paused))
        if any(done.__dict__.values()):
            await record(by, "household.forget", after={**done.__dict__, "until": until})
    return done


async def _homes(until: date) -> list[_Home]:
    """The households to be forgotten, each with those merged into it."""
    return await rows(
        _Home,
        "WITH RECURSIVE family(id, since) AS (SELECT t.id, t.muted_since FROM"
        " (SELECT h.id, h.muted_since {} ORDER BY h.id LIMIT {}) t"
        " UNION ALL SELECT m.id, f.since FROM household m JOIN family f ON m.merged_into = f.id)"
        " SELECT o.id, o.code, CASE WHEN f.since < {} AND o.anonymised_at IS NULL THEN 1 ELSE 0 END"
        " AS paused FROM family f JOIN household o ON o.id = f.id ORDER BY o.id",
        *(_old(until), MOST, until),
    )


async def _forget_people(homes: Sequence[UUID]) -> int:
    gone = await run(
        "UPDATE resident SET name = NULL, fold = '', sort = '', anonymised_at = {},"
        " version = version + 1 WHERE name IS NOT NULL AND household IN {} RETURNING id",
        *(clock.now(), among(homes)),
    )
    await run(
        "UPDATE consent SET witness = '' WHERE witness <> '' AND household IN {}", among(homes)
    )
    return len(gone)


async def _visits(homes: Sequence[UUID], until: date) -> list[UUID]:
    """The visits to households, and those of earlier days to none that bear a note."""
    found = await run(
        "SELECT id FROM visit WHERE anonymised_at IS NULL AND day < {} AND household IN {}"
        " UNION ALL SELECT id FROM visit WHERE anonymised_at IS NULL AND day < {}"
        " AND household IS NULL AND note <> '' ORDER BY id",
        *(until, among(homes), until),
    )
    return [visit["id"] for visit in found]


async def _forget_home(home: _Home) -> None:
    """Take head, address and phone away from a household that nobody visits any more."""
    keys = keys_of(_(NOBODY), home.code, "")
    sets = ", ".join(f"{column} = {{}}" for column in keys)
    await run(
        f"UPDATE household SET {sets}, address = '', phone = NULL, mute_reason = '–', source = '',"
        " anonymised_at = {}, version = version + 1 WHERE id = {}",
        *(*keys.values(), clock.now(), home.id),
    )
