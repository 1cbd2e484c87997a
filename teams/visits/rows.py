"""The rows of a visit, written together: supports, participants, consent, follow-up, flags."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import new_id, run
from people.permissions import Who
from teams.catalogues.queries import find_catalogues
from teams.visits.context import RUSH_VISITS, Context, Told
from teams.visits.forms import VisitContent
from teams.visits.totals import Counted

AHEAD = timedelta(minutes=10)
LONG_AGO = timedelta(days=366)
USUAL_WAIT = timedelta(days=7)
"""When somebody is referred without a day, we ask after a week how it went."""


Parts = dict[str, list[dict[str, Any]]]
"""Table → rows, each table's rows of equal keys."""


async def parts_of(told: Told, household: UUID | None) -> Parts:
    """What hangs on a visit: services, people, the consent, what was promised."""
    people = dict.fromkeys([told.performer, *told.form.participants])
    parts: Parts = {
        "support": list(_supports(told)),
        "participant": [{"visit": told.visit, "person": one} for one in people],
    }
    if household and told.form.met == "met" and told.form.basis == "consent":
        parts["consent"] = [await _consent(told, household)]
    if told.form.follow_up_on or told.form.follow_up_referral:
        parts["follow_up"] = [_promise(told, household)]
    return parts


def _supports(told: Told) -> Iterable[dict[str, Any]]:
    for line, support in enumerate(told.form.supports):
        yield {
            "visit": told.visit,
            "line": line,
            "service": support.service,
            "outcome": support.outcome,
            "obstacle": support.obstacle,
            "referral": support.referral,
            "resident": support.resident,
            "day": told.form.day,
        }


async def _consent(told: Told, household: UUID) -> dict[str, Any]:
    form = told.form
    version = form.consent_text or (await find_catalogues()).wording(form.day).version
    return {
        "id": new_id(),
        "household": household,
        "resident": None,
        "visit": told.visit,
        "text_version": version,
        "method": form.consent_method,
        "witness": form.witness,
        "taken_by": told.performer,
        "at": form.met_at,
    }


def _promise(told: Told, household: UUID | None) -> dict[str, Any]:
    form = told.form
    return {
        "id": new_id(),
        "visit": told.visit,
        "household": household,
        "due_on": form.follow_up_on or form.day + USUAL_WAIT,
        "assignee": None,
        "referral": form.follow_up_referral,
        "made_at": clock.now(),
    }


def flag_rows(visit: UUID, codes: Iterable[str]) -> list[dict[str, Any]]:
    """The warnings of a new visit as rows."""
    now = clock.now()
    return [{"visit": visit, "code": code, "made_at": now} for code in codes]


async def write_flags(visit: UUID, codes: Iterable[str]) -> None:
    """Write the warnings of a visit; one that stands already stays as it was reviewed."""
    for code in codes:
        await run(
            "INSERT INTO visit_flag (visit, code, made_at) VALUES ({}, {}, {})"
            " ON CONFLICT (visit, code) DO NOTHING",
            *(visit, code, clock.now()),
        )


def flags_of(told: Told, known: Context, via: str) -> list[str]:
    """What a coordinator should look at, in the order of teams.visits.words.FLAGS."""
    form, now = told.form, clock.now()
    helped = {support.resident for support in form.supports if support.resident}
    before = known.made_at and form.day < clock.local_day(known.made_at) - timedelta(days=366)
    found = {
        "future": form.met_at > now + AHEAD,
        "late_clock": form.met_at < now - LONG_AGO,
        "before_household": bool(before),
        "rush": known.hour >= RUSH_VISITS and via != "paper",
        "same_note": known.same_notes >= 2,
        "too_many": bool(known.people and len(helped) > known.people),
        "twin": known.twins > 0,
        "moved": known.household is not None and known.team_now != known.team,
        "merged": known.household is not None and known.household != told.household,
        "ended": known.performer_team is not None and known.performer_now is None,
    }
    return [code for code, holds in found.items() if holds]


def counted(form: VisitContent, team: UUID, area: UUID) -> Counted:
    """What of a visit counts."""
    pairs = tuple((support.service, support.outcome) for support in form.supports)
    return Counted(team, area, form.day, form.met, form.basis, pairs)


def visit_row(by: Who, told: Told, known: Context, via: str, app_version: str) -> dict[str, Any]:
    """The columns of a new visit."""
    form, received = told.form, clock.now()
    return {
        "id": told.visit,
        "household": known.household,
        "area": known.area,
        "team": known.team,
        **content_row(told),
        "entered_by": by.person or told.performer,
        "received_at": received,
        "via": via,
        "app_version": app_version,
        "content_hash": "",
        "note": form.note,
    }


def content_row(told: Told) -> dict[str, Any]:
    """The columns that an edit may change."""
    form = told.form
    at: datetime = form.met_at
    return {
        "day": form.day,
        "met_at": at,
        "utc_offset": form.utc_offset,
        "met": form.met,
        "place": form.place,
        "basis": form.basis,
        "performed_by": told.performer,
        "note": form.note,
    }
