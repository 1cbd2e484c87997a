"""The roll call: one tap a person, saved at once; the rest present, taking back, all taken."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import NotFound, Refused
from kit.forms import check, read_form, read_query
from kit.i18n import gettext as _
from kit.i18n import ngettext
from kit.pages import done, link, page
from people.audit.commands import record_view
from people.permissions import Who
from people.sign_ins.door import Asker, may
from sessions.attendance.commands import finish_attendance, mark_in, mark_rest
from sessions.attendance.forms import UndoForm
from sessions.attendance.queries import HeldFound, find_held
from sessions.attendance.undoing import undo_marks
from sessions.attendance.view import (
    RollFilter,
    TapForm,
    address,
    refusal_of,
    roll,
    tapped,
)
from sessions.attendance.words import state_word

MARK = [may("attendance.mark")]


@get("/sessions/{meeting:uuid}/attendance", guards=[may("course.read")])
async def roll_page(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[str]:
    """Those who take part in a session, and how each stands."""
    held = await find_held(who, meeting, "course.read")
    shown = await _roll(request, who, held)
    await record_view(who, "attendance.list", held.title, held.path)
    return shown


async def _roll(
    request: Asking, who: Who, held: HeldFound, refused: Refused | None = None, **more: Any
) -> Response[str]:
    shown = await roll(who, held, read_query(request, RollFilter))
    return page(request, "attendance/roll.html", refused, **shown | more)


@post("/sessions/{meeting:uuid}/attendance", guards=MARK)
async def tap_here(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[Any]:
    """Mark a person, where no script does it."""
    held = await find_held(who, meeting)
    tap = await read_form(request, TapForm)
    try:
        refused = refusal_of(await _mark(who, held, tap))
    except Refused as error:
        refused = error
    return await _answer(request, who, held, tap, refused)


async def _mark(who: Who, held: HeldFound, tap: TapForm) -> Any:
    [marked] = await mark_in(who, held, [tap.told()], "hand")
    return marked


async def _answer(
    request: Asking, who: Who, held: HeldFound, tap: TapForm, refused: Refused | None
) -> Response[Any]:
    """Back to the row with a way to undo, or the page again with what is wrong in the row."""
    one = await tapped(held, tap.person, tap if refused else None)
    if one is None:
        raise NotFound
    if refused:
        said = " ".join(refused.fields.values()) or refused.message
        return await _plain(request, who, held, one, said)
    back = f"{link(address(held), **read_query(request, RollFilter).query())}#p-{one.id}"
    undo = link(f"{address(held)}/undoing", nonce=one.nonce) if one.nonce else ""
    return done(back, f"{one.name}: {state_word(one.state)}", undo_url=undo)


async def _plain(request: Asking, who: Who, held: HeldFound, one: Any, said: str) -> Response[str]:
    refused = Refused(fields={f"p-{one.id}": said})
    shown = await roll(who, held, read_query(request, RollFilter))
    rows = [one if row.id == one.id else row for row in shown["trainees"]]
    return page(request, "attendance/roll.html", refused, **shown | {"trainees": rows})


@post("/sessions/{meeting:uuid}/attendance/rest", guards=MARK)
async def rest_here(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[Any]:
    """Mark the rest present."""
    try:
        number, at = await mark_rest(who, meeting)
    except Refused as refused:
        return await _roll(request, who, await find_held(who, meeting), refused)
    said = ngettext("%(num)s person is present.", "%(num)s people are present.", number)
    undo = link(f"/sessions/{meeting}/attendance/undoing", at=at.isoformat()) if number else ""
    return done(f"/sessions/{meeting}/attendance", said, undo_url=undo)


@post("/sessions/{meeting:uuid}/attendance/undoing", guards=MARK)
async def undo_here(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[Any]:
    """Take back what was just marked."""
    held = await find_held(who, meeting)
    try:
        await undo_marks(who, meeting, check(UndoForm, dict(request.query_params)))
    except Refused as refused:
        said = refused.message or " ".join(refused.fields.values())
        return await _roll(request, who, held, Refused(said, status=refused.status))
    return done(address(held), _("Taken back."))


@post("/sessions/{meeting:uuid}/attendance/completion", guards=MARK)
async def finish_here(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[Any]:
    """Say that all is taken."""
    try:
        await finish_attendance(who, meeting)
    except Refused as refused:
        return await _roll(request, who, await find_held(who, meeting), refused)
    return done(f"/sessions/{meeting}", _("The attendance is complete."))


ROUTES: list[ControllerRouterHandler] = [roll_page, tap_here, rest_here, undo_here, finish_here]
