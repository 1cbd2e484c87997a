"""The sign-in sheet of a session: printed before, typed in afterwards."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import Forbidden, Refused
from kit.forms import read_query, read_typed
from kit.i18n import ngettext
from kit.pages import done, link, page
from people.audit.commands import record_view
from people.permissions import Who
from people.sign_ins.door import Asker, may
from sessions.attendance.paper import Desk, desk, type_in
from sessions.attendance.queries import HeldFound, TraineeFilter, find_held, list_trainees
from sessions.attendance.view import RollFilter, address, marks_here

MOST = 5_000
"""More than a course has seats for on one sheet."""


@get("/sessions/{meeting:uuid}/attendance/sheet", guards=[may("course.read")])
async def sheet_page(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[str]:
    """The sheet on which trainees sign, A4."""
    held = await find_held(who, meeting, "course.read")
    trainees, _following = await list_trainees(held, TraineeFilter(), MOST)
    shown = page(request, "attendance/sheet.html", held=held, trainees=trainees, at=address(held))
    await record_view(who, "attendance.list", held.title, held.path)
    return shown


@get("/sessions/{meeting:uuid}/attendance/paper", guards=[may("attendance.mark")])
async def paper_page(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[str]:
    """The lines of the sheet, to type in who signed."""
    held = await _held(who, meeting)
    return _paper(request, held, await desk(held, read_query(request, RollFilter).after))


async def _held(who: Who, meeting: UUID) -> HeldFound:
    held = await find_held(who, meeting)
    if not await marks_here(who, held):
        raise Forbidden
    return held


def _paper(
    request: Asking, held: HeldFound, shown: Desk, refused: Refused | None = None
) -> Response[str]:
    values = {"held": held, "at": address(held), "desk": shown}
    return page(request, "attendance/paper.html", refused, **values)


@post("/sessions/{meeting:uuid}/attendance/paper", guards=[may("attendance.mark")])
async def type_in_here(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[Any]:
    """Save what the paper says; lines that cannot be saved come back with the reason."""
    held = await _held(who, meeting)
    after = read_query(request, RollFilter).after
    shown, saved = await type_in(who, held, after, await read_typed(request))
    said = ngettext("%(num)s mark is saved.", "%(num)s marks are saved.", saved)
    if shown.wrong:
        return _paper(request, held, shown, Refused(said, shown.wrong))
    onward = link(f"{address(held)}/paper", after=shown.following) if shown.following else ""
    return done(onward or address(held), said)


ROUTES: list[ControllerRouterHandler] = [sheet_page, paper_page, type_in_here]
