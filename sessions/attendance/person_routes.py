"""One person in a session: every mark with who, when, how and why; and correcting it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.database import new_id
from kit.errors import NotFound, Refused
from kit.forms import check, read_typed
from kit.i18n import N_
from kit.i18n import gettext as _
from kit.pages import done, page
from people.audit.commands import record_view
from people.permissions import Who
from people.sign_ins.door import Asker, may
from sessions.attendance.commands import mark_in
from sessions.attendance.forms import MarkForm, of_page
from sessions.attendance.queries import (
    HeldFound,
    TraineeFilter,
    choices_substitutes,
    find_held,
    list_marks,
    list_trainees,
)
from sessions.attendance.view import address, lock_shown, marks_here, refusal_of
from sessions.attendance.words import STATES, state_word

NOTHING = N_("Nothing yet: take the marks back")


@get("/sessions/{meeting:uuid}/attendance/{person:uuid}", guards=[may("course.read")])
async def person_page(
    request: Asking, who: Asker, meeting: FromPath[UUID], person: FromPath[UUID]
) -> Response[str]:
    """A person's marks in a session, and the form of another one."""
    held = await find_held(who, meeting, "course.read")
    shown = await _person(request, who, held, person)
    await record_view(who, "attendance.list", held.title, held.path)
    return shown


async def _person(
    request: Asking, who: Who, held: HeldFound, person: UUID, refused: Refused | None = None
) -> Response[str]:
    found, _following = await list_trainees(held, TraineeFilter(person=person), 1)
    if not found:
        raise NotFound
    if refused:
        refused.typed = await read_typed(request)
    marks = await marks_here(who, held)
    known = await choices_substitutes(who, held, person) if marks else []
    return page(
        request,
        "attendance/show.html",
        refused,
        held=held,
        one=found[0],
        lines=await list_marks(held, person),
        at=address(held),
        marks=marks,
        states=_states(held, found[0].state),
        locked=await lock_shown(held),
        known=[(one.id, one.name) for one in known],
    )


def _states(held: HeldFound, now: str | None) -> list[tuple[str, str]]:
    """What may be noted of a person, in words: of a session to come only an excuse; where there is
    a mark, also that there is none."""
    found = [(one, state_word(one)) for one in (("excused",) if held.ahead else STATES)]
    return [*found, ("cleared", _(NOTHING))] if now else found


@post("/sessions/{meeting:uuid}/attendance/{person:uuid}", guards=[may("attendance.mark")])
async def correct_here(
    request: Asking, who: Asker, meeting: FromPath[UUID], person: FromPath[UUID]
) -> Response[Any]:
    """Mark a person with all that can be told, or correct the mark."""
    held = await find_held(who, meeting)
    try:
        await _correct(who, held, person, await read_typed(request))
    except Refused as refused:
        return await _person(request, who, held, person, refused)
    return done(f"{address(held)}/{person}", _("The mark is saved."))


async def _correct(who: Who, held: HeldFound, person: UUID, typed: dict[str, str]) -> None:
    told = {**of_page(typed), "nonce": new_id(), "person": person}
    told.pop("marked_at", None)
    if not told.get("state"):
        raise Refused(fields={"state": _("Choose one of the list.")})
    [marked] = await mark_in(who, held, [check(MarkForm, told)], "hand")
    if refused := refusal_of(marked):
        raise refused


ROUTES: list[ControllerRouterHandler] = [person_page, correct_here]
