"""Visits: change one and withdraw one; every earlier content is kept."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import new_id, once_more, run, transaction
from kit.errors import Forbidden, Refused
from kit.i18n import gettext as _
from people.audit.commands import record
from people.permissions import Who
from places.settings.queries import find_body
from teams.households.meetings import refresh_last_met
from teams.households.promises import settle_promises
from teams.visits.commands import (
    author_may,
    hours_since,
    refuse_elsewhere,
    refuse_not_theirs,
)
from teams.visits.context import Told, find_context, refuse_unknown
from teams.visits.forms import EditVisitForm, WithdrawForm
from teams.visits.queries import VisitFound, find_visit, list_participants, list_supports
from teams.visits.revising import end_consent, end_promise, revise_parts
from teams.visits.rows import (
    content_row,
    counted,
    flags_of,
    write_flags,
)
from teams.visits.tables import VisitVersion
from teams.visits.totals import Counted, replace_in_totals


async def may_change(by: Who, visit: VisitFound) -> bool:
    """Whether the asker may edit or withdraw a visit: who told or made it within the setting's
    hours, a coordinator of the area at any time."""
    if by.reaches("visit.edit", visit.path):
        return True
    hours = (await find_body()).edit_hours
    authors = (visit.entered_by, visit.performed_by)
    return author_may(by, authors, hours_since(visit.received_at), hours)


async def _changeable(by: Who, visit: UUID) -> VisitFound:
    """A visit that the asker may change now. Raises NotFound, Forbidden or Refused."""
    found = await find_visit(by, visit)
    if not await may_change(by, found):
        if by.person in (found.entered_by, found.performed_by) and not by.read_only:
            said = _("The time to change this visit yourself is over. Ask your coordinator.")
            raise Refused(said, status=409)
        raise Forbidden
    return found


def refuse_fixed(visit: VisitFound) -> None:
    """Raise Refused (409) for a visit that does not change any more."""
    if visit.withdrawn_at:
        raise Refused(_("This visit was withdrawn and cannot be changed."), status=409)
    if visit.anonymised_at:
        said = _("This visit was made anonymous. It can be withdrawn, but not changed.")
        raise Refused(said, status=409)


async def content_of(visit: VisitFound) -> dict[str, Any]:
    """All that a visit says, to be kept when it is replaced, and to be shown beside another."""
    supports, people = await list_supports(visit.id), await list_participants(visit.id)
    kept = ("service", "outcome", "obstacle", "referral", "resident")
    return {
        "met": visit.met,
        "met_at": visit.met_at,
        "utc_offset": visit.utc_offset,
        "place": visit.place,
        "consent": visit.basis,
        "performed_by": visit.performed_by,
        "note": visit.note,
        "supports": [{key: getattr(support, key) for key in kept} for support in supports],
        "participants": [person.id for person in people],
    }


def _plain(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


async def _keep(by: Who, visit: VisitFound, why: str) -> tuple[dict[str, Any], Counted]:
    """Keep the present content of a visit; it, and what of it counts."""
    content = await content_of(visit)
    kept = VisitVersion(
        id=new_id(),
        visit=visit.id,
        version=visit.version,
        content=json.dumps(content, default=_plain, ensure_ascii=False),
        by=by.person,
        at=clock.now(),
        why=why,
    )
    await VisitVersion.insert(kept)
    pairs = tuple((s["service"], s["outcome"]) for s in content["supports"])
    return content, Counted(visit.team, visit.area, visit.day, visit.met, visit.basis, pairs)


async def _set(visit: VisitFound, version: int, values: dict[str, Any]) -> None:
    """Set columns of a visit as it was shown. Raises Refused (409, details: the visit now)."""
    sets = ", ".join(f"{column} = {{}}" for column in values)
    done = await run(
        f"UPDATE visit SET {sets}, version = version + 1"
        " WHERE id = {} AND version = {} AND withdrawn_at IS NULL RETURNING id",
        *(*values.values(), visit.id, version),
    )
    if not done:
        said = _("Somebody else changed this visit meanwhile. Look at it again, then decide.")
        raise Refused(said, status=409, details=visit)


@once_more
async def edit_visit(by: Who, visit_id: UUID, form: EditVisitForm) -> None:
    """Replace what a visit says; the household stays. The figures follow in the same transaction.

    Raises Refused (409, details: the visit as it is) for another version or a withdrawn visit.
    """
    async with transaction():
        visit = await _changeable(by, visit_id)
        performer = form.performed_by or visit.performed_by
        told = Told(visit.id, form, visit.household, visit.area, performer)
        known = await find_context(by, told)
        refuse_fixed(visit)
        if known is None:
            raise Refused(_("This visit was withdrawn and cannot be changed."), status=409)
        if form.day != visit.day or performer != visit.performed_by:
            refuse_not_theirs(by, told, known)
            await refuse_elsewhere(by, told, known)
        await refuse_unknown(form, known.household)
        team, area = (known.team, known.area) if form.day != visit.day else (visit.team, visit.area)
        await _set(visit, form.version, {**content_row(told), "team": team, "area": area})
        content, before = await _keep(by, visit, form.why)
        await revise_parts(by.person, told, visit.household)
        await write_flags(visit.id, flags_of(told, known, visit.via))
        await settle_promises(visit.household)
        await replace_in_totals(before, counted(form, team or visit.team, area or visit.area))
        await refresh_last_met(visit.household)
        await _record_edit(by, visit, form, content)


async def _record_edit(
    by: Who, visit: VisitFound, form: EditVisitForm, content: dict[str, Any]
) -> None:
    before = {"on": visit.day, "services": [s["service"] for s in content["supports"]]}
    after = {"on": form.day, "services": [s.service for s in form.supports], "why": form.why}
    name = visit.code or visit.team_name
    await record(by, "visit.edit", visit.id, name, path=visit.path, before=before, after=after)


@once_more
async def withdraw_visit(by: Who, visit_id: UUID, form: WithdrawForm) -> None:
    """Let a visit count no more; it stays to be seen. Twice is the same as once."""
    async with transaction():
        visit = await _changeable(by, visit_id)
        if visit.withdrawn_at:
            return
        ended = {
            "withdrawn_at": clock.now(),
            "withdrawn_by": by.person,
            "withdrawn_why": form.why,
        }
        await _set(visit, form.version, ended)
        _content, before = await _keep(by, visit, form.why)
        await end_consent(visit.id)
        await end_promise(by.person, visit.id)
        await settle_promises(visit.household)
        await replace_in_totals(before)
        await refresh_last_met(visit.household)
        name = visit.code or visit.team_name
        after = {"why": form.why}
        await record(by, "visit.withdraw", visit.id, name, path=visit.path, after=after)
