"""The assignment board: show, move, take back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.errors import Refused
from kit.forms import check, read_form, read_typed
from kit.i18n import gettext as _
from kit.i18n import ngettext
from kit.pages import done, link, page
from people.batches.commands import undo_batch
from people.batches.queries import find_batch
from people.permissions import Who
from people.sign_ins.door import Asker, may
from teams.board.queries import BoardFilter, count_moved, list_leaderless, list_moves
from teams.board.view import Clash, find_board, list_clashes
from teams.memberships.commands import AssignForm, assign_members

Asking = Request[Any, Any, Any]
MAY = [may("member.assign")]


def asked_of(request: Asking) -> BoardFilter:
    """The filter in the address, of the page as of the acts that come back to it."""
    return check(BoardFilter, dict(request.query_params))


@get("/board", guards=MAY)
async def board_page(request: Asking, who: Asker) -> Response[Any]:
    """People of the reach, teams beside them."""
    return await show_board(request, who)


@post("/board/moves", guards=MAY)
async def move_people(request: Asking, who: Asker) -> Response[Any]:
    """Move the chosen people to a team."""
    try:
        form = await read_form(request, AssignForm)
        batch = await assign_members(who, form)
    except Refused as refused:
        return await show_board(request, who, refused)
    back = link("/board", **asked_of(request).query())
    undo_url = link(f"/board/moves/{batch}/undoing", **asked_of(request).query())
    return done(back, await said_of(who, batch), undo_url=undo_url)


@post("/board/moves/{move:uuid}/undoing", guards=MAY)
async def undo_move(request: Asking, who: Asker, move: FromPath[UUID]) -> Response[Any]:
    """Take a move back, and return to where it was asked for."""
    try:
        await undo_batch(who, move)
    except Refused as refused:
        return await show_log(request, who, refused)
    to_log = request.query_params.get("from") == "log"
    back = "/board/log" if to_log else link("/board", **asked_of(request).query())
    return done(back, _("The move is undone."))


@get("/board/log", guards=MAY)
async def log_page(request: Asking, who: Asker) -> Response[Any]:
    """The last moves, to be undone while nothing depends on them."""
    return await show_log(request, who)


ROUTES: list[ControllerRouterHandler] = [board_page, move_people, undo_move, log_page]


async def said_of(who: Who, batch: UUID) -> str:
    """What a move did, and which teams it left without a leader."""
    team, count = (await find_batch(who, batch)).title, await count_moved(batch)
    said = ngettext(
        "Moved %(num)s person to %(team)s.", "Moved %(num)s people to %(team)s.", count, team=team
    )
    lacking = [_("%(team)s now has no leader.", team=name) for name in await list_leaderless(batch)]
    return " ".join([said, *lacking])


async def show_board(request: Asking, who: Who, refused: Refused | None = None) -> Response[Any]:
    """The page; after a refusal with the ticks kept, but for those whom somebody else moved."""
    board = await find_board(who, asked_of(request))
    sent = await request.form() if refused else None
    people = sent.getall("people", []) if sent else []
    ticked = [token for token in people if isinstance(token, str)]
    said = await read_typed(request) if refused else {}
    return page(
        request,
        "board/show.html",
        refused,
        board=board,
        clashes=await clashes_of(refused, ticked),
        ticked={token.partition(":")[0] for token in ticked} - moved_by_others(refused),
        to_team=said.get("team", ""),
        on=said.get("on") or clock.today(),
    )


async def clashes_of(refused: Refused | None, tokens: list[str]) -> list[Clash]:
    """Both values of those whom somebody else moved."""
    if refused is None or not isinstance(refused.details, list):
        return []
    shown = {UUID(token.partition(":")[0]): token.partition(":")[2] for token in tokens}
    return await list_clashes(refused.details, shown)


def moved_by_others(refused: Refused | None) -> set[str]:
    """The ids of those whom somebody else moved."""
    stale = refused.details if refused and isinstance(refused.details, list) else []
    return {str(candidate.person) for candidate in stale}


async def show_log(request: Asking, who: Who, refused: Refused | None = None) -> Response[Any]:
    """The page of the last moves."""
    return page(request, "board/log.html", refused, moves=await list_moves(who))
