"""Visits: log one, exactly once, judged by its own day."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from kit import clock
from kit.database import among, inserting, rows, run_together, transaction, value, writing_once
from kit.errors import Forbidden, Refused
from kit.i18n import gettext as _
from kit.spells import as_of
from people.audit.commands import line_of
from people.permissions import Who
from teams.households.promises import settle_promises
from teams.visits.context import (
    Context,
    Told,
    find_context,
    refuse_unknown,
    with_earlier,
)
from teams.visits.forms import VisitForm
from teams.visits.rows import Parts, counted, flag_rows, flags_of, parts_of, visit_row
from teams.visits.totals import adding, meeting


@dataclass(frozen=True)
class Logged:
    """What became of a visit: `created`, `duplicate` (told before, word for word) or `conflict`
    (another content under a known id; nothing was changed)."""

    id: UUID
    status: str
    flags: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Stored:
    id: UUID
    content_hash: str
    entered_by: UUID
    performed_by: UUID


@dataclass(frozen=True)
class _New:
    """A visit that is to be written."""

    told: Told
    known: Context
    row: dict[str, Any]
    flags: list[str]


Outcome: TypeAlias = Logged | Refused
CLASHES = (
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.DeadlockDetectedError,
    sqlite3.IntegrityError,
)


async def log_visit(by: Who, form: VisitForm, via: str) -> Logged:
    """Log a visit with all that belongs to it. The same id again is the same visit.

    `via` is page, sync, paper or api. Raises Refused with a sentence a field for what cannot be
    understood, or for a household that another team served on that day; Forbidden for an asker
    who may write nothing. What merely looks odd is flagged, never refused.
    """
    [outcome] = await log_visits(by, [form], via)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


async def log_visits(by: Who, forms: Sequence[VisitForm], via: str) -> list[Outcome]:
    """Log visits in one transaction; what became of each, in their order. One that is refused
    leaves nothing and does not hold up the others; where the database objects to one of them,
    each gets a transaction of its own."""
    if by.read_only:
        raise Forbidden
    try:
        return await _in_one_go(by, forms, via)
    except CLASHES:
        if len(forms) < 2:  # another wrote it while we looked: now it is there to be seen
            return await _in_one_go(by, forms, via)
    return [outcome for form in forms for outcome in await log_visits(by, [form], via)]


async def _in_one_go(by: Who, forms: Sequence[VisitForm], via: str) -> list[Outcome]:
    outcomes: list[Outcome] = []
    async with writing_once():
        stored, new = await _stored([form.id for form in forms]), list[_New]()
        for form in forms:
            try:
                outcomes.append(await _log_one(by, form, via, stored, new))
            except Refused as refused:
                outcomes.append(refused)
        if new:
            await _write(by, new)
    return outcomes


async def _stored(visits: Sequence[UUID]) -> dict[UUID, _Stored]:
    sql = "SELECT id, content_hash, entered_by, performed_by FROM visit WHERE id IN {}"
    return {one.id: one for one in await rows(_Stored, sql, among(visits))}


async def _log_one(
    by: Who, form: VisitForm, via: str, stored: dict[UUID, _Stored], new: list[_New]
) -> Logged:
    """What a visit is: told before, or to be written, then gathered in `new`."""
    performer = form.performed_by or by.person
    if performer is None:
        raise Refused(fields={"performed_by": _("Say who made the visit.")})
    digest = form.digest(performer)
    if form.id in stored:
        return _again(by, stored[form.id], digest)
    told = Told(form.id, form, form.household, form.area, performer)
    known = with_earlier(await _judged(by, told), told, [(one.told, one.known) for one in new])
    row = visit_row(by, told, known, via, form.app_version) | {"content_hash": digest}
    new.append(_New(told, known, row, flags_of(told, known, via)))
    stored[form.id] = _Stored(form.id, digest, row["entered_by"], performer)
    return Logged(form.id, "created", new[-1].flags)


def _again(by: Who, stored: _Stored, digest: str) -> Logged:
    """What a second sending under a known id is. A stranger learns nothing of the first."""
    if stored.content_hash == digest:
        return Logged(stored.id, "duplicate")
    if by.person not in (stored.entered_by, stored.performed_by) and not by.may("visit.edit"):
        said = _("Another record has this number already. Enter the visit anew.")
        raise Refused(fields={"id": said}, status=409)
    return Logged(stored.id, "conflict")


async def _judged(by: Who, told: Told) -> Context:
    """What is known of a visit that may be taken. Raises Refused."""
    known = await find_context(by, told)
    if known is None:
        said = _("This household is not in the register any more. Choose another one.")
        raise Refused(fields={"household": said})
    refuse_not_theirs(by, told, known)
    await refuse_elsewhere(by, told, known)
    await refuse_unknown(told.form, known.household)
    return known


async def _write(by: Who, new: Sequence[_New]) -> None:
    """Write new visits with what hangs on them, all together; rows that others want come last."""
    parts: Parts = {"visit": [one.row for one in new]}
    for one in new:
        for table, records in (await parts_of(one.told, one.known.household)).items():
            parts.setdefault(table, []).extend(records)
    parts["audit_line"] = [_line(by, one) for one in new]
    parts["visit_flag"] = [flag for one in new for flag in flag_rows(one.told.visit, one.flags)]
    counts = [
        counted(one.told.form, one.known.team, one.known.area)
        for one in new
        if one.known.team and one.known.area
    ]
    statements = [s for table, records in parts.items() for s in inserting(table, records)]
    homes = _promising(new)
    async with transaction() if homes else nullcontext():
        await run_together([*statements, *adding(counts), *meeting(_met(new))])
        for home in homes:
            await settle_promises(home)


def _promising(new: Sequence[_New]) -> list[UUID]:
    """The households of whose follow-ups a visit may keep one, or of one that is kept already."""
    tomorrow = clock.today() + timedelta(days=1)
    homes = {
        one.known.household
        for one in new
        if one.known.promises or (one.told.form.follow_up_on or tomorrow) < tomorrow
    }
    return sorted(home for home in homes if home)


def _line(by: Who, one: _New) -> dict[str, Any]:
    form, known = one.told.form, one.known
    after = {"on": form.day, "met": form.met, "services": [s.service for s in form.supports]}
    path = known.path or "/"
    return line_of(by, "visit.log", one.told.visit, known.shown, path, None, after)


def _met(new: Sequence[_New]) -> list[tuple[UUID, date]]:
    return [
        (one.known.household, one.told.form.day)
        for one in new
        if one.known.household and one.told.form.met == "met"
    ]


def refuse_not_theirs(by: Who, told: Told, known: Context) -> None:
    """Raise Refused unless the visit was the performer's to make on its day, and the enterer's to
    tell: one of the team that served there, or a coordinator of the area."""
    if known.area is None or known.team is None:
        said = _("No team served here on that day. Choose another household or another day.")
        raise Refused(fields={"household" if told.household else "area": said})
    looks_after = by.reaches("visit.log", known.path or "")
    serves = known.performer_team == known.team
    if looks_after or (
        serves and (by.person == told.performer or known.enterer_team == known.team)
    ):
        return
    if known.enterer_team is None and known.performer_team is None:
        said = _("You were in no team on that day. Ask your coordinator to enter this visit.")
        raise Refused(fields={"met_at": said})
    raise Refused(fields={"household": _handed_over(known)})


_SERVES = """
SELECT 1 AS one FROM team_area c JOIN area_spell o ON o.area = c.area AND {}
JOIN area_spell s ON s.area = {} AND {}
WHERE c.team = {} AND {} AND (s.area = o.parent OR s.path LIKE o.path || '%')
"""


async def refuse_elsewhere(by: Who, told: Told, known: Context) -> None:
    """Raise Refused for a visit to no household, in an area that lies neither in what the team
    covered on that day nor right around it, unless it is a coordinator of the area who tells."""
    if told.household or not told.area or by.reaches("visit.log", known.path or ""):
        return
    day = told.form.day
    spells = as_of("o", day), told.area, as_of("s", day), known.team, as_of("c", day)
    if await value(_SERVES, *spells) is None:
        said = _("On that day the team did not serve this area. Choose another area or day.")
        raise Refused(fields={"area": said})


def _handed_over(known: Context) -> str:
    values = {"team": known.team_name or "", "name": known.leader or ""}
    if known.leader:
        said = _("On that day %(team)s served this household. Tell its leader, %(name)s.")
        return said % values
    return _("On that day %(team)s served this household. Tell your coordinator.") % values


def author_may(by: Who, authors: tuple[UUID, UUID], received_hours: float, limit: int) -> bool:
    """Whether a visit may still be changed by whoever told or made it; hours since it came in."""
    return by.person in authors and received_hours <= limit and not by.read_only


def hours_since(instant: datetime) -> float:
    """Hours since an instant."""
    return (clock.now() - instant).total_seconds() / 3600
