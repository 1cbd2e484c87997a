"""Visits: the list, one, and what is done to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import Forbidden, Refused
from kit.forms import read_form, read_query, read_typed
from kit.i18n import gettext as _
from kit.pages import done, onward, page
from people.audit.commands import record_view
from people.permissions import Who
from people.sign_ins.door import Asker, may
from teams.catalogues.queries import find_catalogues
from teams.follow_ups.words import reason_word
from teams.reviews.queries import flags_of
from teams.roster.choices import choices_places
from teams.roster.queries import find_team
from teams.visits.card import choices_helped, find_parts, list_mates, past_of, supports_in_words
from teams.visits.changing import edit_visit, may_change, refuse_fixed, withdraw_visit
from teams.visits.editing import (
    Sent,
    lines_of,
    on_the_form,
    read_edit,
    typed_lines,
    values_of,
)
from teams.visits.filters import VisitFilter
from teams.visits.forms import WithdrawForm
from teams.visits.queries import VisitFound, find_visit, list_versions, list_visits
from teams.visits.words import met_choices, met_word, method_word, outcome_choices, via_word

VERB = "visit.read"


@get("/visits", guards=[may(VERB)])
async def visits_page(request: Asking, who: Asker) -> Response[str]:
    """Visits by their own day, the newest first."""
    asked = read_query(request, VisitFilter)
    visits, following = await list_visits(who, asked)
    shown = await _choices(who, asked)
    await record_view(who, "visit.list", path=who.first_path(VERB))
    shown |= {"visits": visits, "following": onward(request, following)}
    return page(request, "visits/list.html", asked=asked, **shown)


async def _choices(who: Who, asked: VisitFilter) -> dict[str, Any]:
    """What the filter offers."""
    entries = (await find_catalogues()).entries.values()
    return {
        "places": await choices_places(who, VERB, asked.team, asked.area, past=True),
        "services": [(e.code, e.name) for e in entries if e.list == "service"],
        "outcomes": outcome_choices(),
        "mets": met_choices(),
    }


LATEST = 20


@get("/teams/{team:uuid}/visits", guards=[may(VERB)])
async def team_visits_page(request: Asking, who: Asker, team: FromPath[UUID]) -> Response[str]:
    """The latest visits of one team."""
    found = await find_team(who, team)
    visits, more = await list_visits(who, VisitFilter(team=team), LATEST)
    await record_view(who, "visit.list", path=who.first_path(VERB))
    return page(request, "teams/visits.html", team=found, visits=visits, more=more)


@get("/visits/{visit:uuid}", guards=[may(VERB)])
async def visit_page(request: Asking, who: Asker, visit: FromPath[UUID]) -> Response[str]:
    """One visit, as it was told, with its past."""
    found = await find_visit(who, visit)
    shown = await _shown(who, found)
    await record_view(who, "visit.list", path=who.first_path(VERB))
    return page(request, "visits/show.html", visit=found, **shown)


async def _shown(who: Who, visit: VisitFound) -> dict[str, Any]:
    known, parts = await find_catalogues(), await find_parts(visit.id)
    versions = await list_versions(visit.id) if visit.version > 1 else []
    return {
        "parts": parts,
        "supports": supports_in_words(visit, parts.supports, known),
        "where": known.name(visit.place),
        "referral": known.name(parts.due_referral),
        "flags": await flags_of(visit.id),
        "past": past_of(visit, versions, parts),
        "changeable": not visit.withdrawn_at and await may_change(who, visit),
        "may_review": who.reaches("visit.review", visit.path),
        "words": {
            "met": met_word,
            "method": method_word,
            "via": via_word,
            "closed": reason_word,
        },
    }


@get("/visits/{visit:uuid}/edit", guards=[may(VERB)])
async def edit_page(request: Asking, who: Asker, visit: FromPath[UUID]) -> Response[str]:
    """The form that changes a visit."""
    refuse_fixed(await find_visit(who, visit))
    return await _editing(request, who, visit)


@post("/visits/{visit:uuid}/edit", guards=[may(VERB)])
async def edit_here(request: Asking, who: Asker, visit: FromPath[UUID]) -> Response[Any]:
    """Change a visit; what it said before is kept."""
    sent = await _sent(request)
    try:
        found, parts = await find_visit(who, visit), await find_parts(visit)
        await edit_visit(who, visit, read_edit(sent, found, parts))
    except Refused as refused:
        return await _editing(request, who, visit, on_the_form(refused, sent), sent)
    return done(f"/visits/{visit}", _("The visit was saved."))


async def _sent(request: Asking) -> Sent:
    form, found = await request.form(), dict[str, list[str]]()
    for name, value in form.multi_items():
        found.setdefault(name, []).append(str(value))
    return found


async def _editing(
    request: Asking,
    who: Who,
    visit_id: UUID,
    refused: Refused | None = None,
    sent: Sent | None = None,
) -> Response[str]:
    visit = await _changeable(who, visit_id, refused)
    parts, known = await find_parts(visit_id), await find_catalogues()
    if refused:
        refused.typed = await read_typed(request)
    shown: dict[str, Any] = {
        "theirs": refused is not None and refused.details is not None,
        "supports": supports_in_words(visit, parts.supports, known),
        "lines": typed_lines(sent) if sent else lines_of(parts),
        "values": values_of(visit, parts),
        "chosen": sent.get("participants", []) if sent else None,
        "mates": await list_mates(visit.team, visit.day),
        "offered": {
            which: [(e.code, e.name) for e in known.offered(which, visit.day)]
            for which in ("service", "obstacle", "referral", "place")
        },
        "residents": await choices_helped(visit),
        "words": {"met": met_choices(), "outcome": outcome_choices(), "one_met": met_word},
    }
    return page(request, "visits/edit.html", refused, visit=visit, parts=parts, **shown)


async def _changeable(who: Who, visit_id: UUID, refused: Refused | None) -> VisitFound:
    """A visit whose form may be shown. Raises NotFound, Forbidden, or Refused in a sentence."""
    visit = await find_visit(who, visit_id)
    if visit.withdrawn_at and refused is None:
        refuse_fixed(visit)
    if not await may_change(who, visit):
        if who.person in (visit.entered_by, visit.performed_by):
            said = _("The time to change this visit yourself is over. Ask your coordinator.")
            raise Refused(said, status=403)
        raise Forbidden
    return visit


@get("/visits/{visit:uuid}/withdrawal", guards=[may(VERB)])
async def withdrawal_page(request: Asking, who: Asker, visit: FromPath[UUID]) -> Response[str]:
    """The form that withdraws a visit."""
    found = await _changeable(who, visit, None)
    return page(request, "visits/withdrawal.html", visit=found)


@post("/visits/{visit:uuid}/withdrawal", guards=[may(VERB)])
async def withdraw_here(request: Asking, who: Asker, visit: FromPath[UUID]) -> Response[Any]:
    """Let a visit count no more."""
    try:
        await withdraw_visit(who, visit, await read_form(request, WithdrawForm))
    except Refused as refused:
        refused.typed = await read_typed(request)
        found = await _changeable(who, visit, refused)
        return page(request, "visits/withdrawal.html", refused, visit=found)
    return done(f"/visits/{visit}", _("The visit was withdrawn. It counts no more."))


ROUTES: list[ControllerRouterHandler] = [
    visits_page,
    team_visits_page,
    visit_page,
    edit_page,
    edit_here,
    withdrawal_page,
    withdraw_here,
]
