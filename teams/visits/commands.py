"""Visits: log one, exactly once, judged by its own day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from kit import clock
from kit.database import row, run, transaction
from kit.errors import Forbidden, Refused
from kit.i18n import gettext as _
from people.audit.commands import record
from people.permissions import Who
from teams.visits.context import Context, Told, find_context, refuse_unknown
from teams.visits.forms import VisitForm
from teams.visits.rows import counted, flags_of, visit_row, write_flags, write_parts
from teams.visits.totals import add_to_totals


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
    team: UUID


async def log_visit(by: Who, form: VisitForm, via: str) -> Logged:
    """Log a visit with all that belongs to it. The same id again is the same visit.

    `via` is page, sync, paper or api. Raises Refused with a sentence a field for what cannot be
    understood, or for a household that another team served on that day; Forbidden for an asker
    who may write nothing. What merely looks odd is flagged, never refused.
    """
    if by.read_only:
        raise Forbidden
    performer = form.performed_by or by.person
    if performer is None:
        raise Refused(fields={"performed_by": _("Say who made the visit.")})
    digest = form.digest(performer)
    async with transaction():
        stored = await _stored(form.id)
        if stored is None:
            told = Told(form.id, form, form.household, form.area, performer)
            logged = await _write(by, told, form, via, digest)
            if logged:
                return logged
            stored = await _stored(form.id)
        if stored is None:
            raise Refused(_("This visit could not be written. Send it again."), status=409)
        return _again(by, stored, digest)


async def _stored(visit: UUID) -> _Stored | None:
    return await row(
        _Stored,
        "SELECT id, content_hash, entered_by, performed_by, team FROM visit WHERE id = {}",
        visit,
    )


def _again(by: Who, stored: _Stored, digest: str) -> Logged:
    """What a second sending under a known id is. A stranger learns nothing of the first."""
    if stored.content_hash == digest:
        return Logged(stored.id, "duplicate")
    if by.person not in (stored.entered_by, stored.performed_by) and not by.may("visit.edit"):
        said = _("Another record has this number already. Enter the visit anew.")
        raise Refused(fields={"id": said}, status=409)
    return Logged(stored.id, "conflict")


async def _write(by: Who, told: Told, form: VisitForm, via: str, digest: str) -> Logged | None:
    """Write a visit that is not there; None when another wrote it while we looked."""
    known = await find_context(by, told)
    if known is None:
        said = _("This household is not in the register any more. Choose another one.")
        raise Refused(fields={"household": said})
    refuse_not_theirs(by, told, known)
    await refuse_unknown(told.form, known.household)
    flags = flags_of(told, known)
    new = visit_row(by, told, known, via, form.app_version) | {"content_hash": digest}
    if not await _insert(new):
        return None
    await write_parts(told, known.household)
    await write_flags(told.visit, flags)
    await _count(told, known)
    after = {"on": form.day, "met": form.met, "services": [s.service for s in form.supports]}
    path = known.path or "/"
    await record(by, "visit.log", told.visit, known.shown, path=path, after=after)
    return Logged(told.visit, "created", flags)


async def _insert(new: dict[str, object]) -> bool:
    places = ", ".join(["{}"] * len(new))
    sql = f"INSERT INTO visit ({', '.join(new)}) VALUES ({places}) ON CONFLICT (id) DO NOTHING"
    return bool(await run(sql + " RETURNING id", *new.values()))


async def _count(told: Told, known: Context) -> None:
    form = told.form
    if known.team is None or known.area is None:
        return
    await add_to_totals([counted(form, known.team, known.area)])
    if known.household and form.met == "met":
        await run(
            "UPDATE household SET last_met_on = {} WHERE id = {}"
            " AND (last_met_on IS NULL OR last_met_on < {})",
            *(form.day, known.household, form.day),
        )


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
