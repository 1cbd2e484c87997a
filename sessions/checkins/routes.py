"""Check-in for trainers: the wall, who is in, scanning personal codes, printing them."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.errors import NotFound, Refused
from kit.forms import read_form, read_typed
from kit.pages import link, onward, page, public_address
from kit.qr import qr_svg
from people.audit.commands import record_view
from people.permissions import Who
from people.sign_ins.door import Asker, may
from sessions.attendance.queries import find_held
from sessions.checkins.commands import ScanForm, scan_code
from sessions.checkins.crowd import find_crowd
from sessions.checkins.doors import Door, find_door
from sessions.checkins.passes import seconds_left, wall_code, wall_digits
from sessions.checkins.queries import CheckedIn, find_by_code, find_checked_in, list_cards
from sessions.courses.queries import find_course

MARK = [may("attendance.mark")]


async def _door(who: Who, meeting: UUID) -> Door:
    return await find_door((await find_held(who, meeting)).id)


@get("/sessions/{meeting:uuid}/wall", guards=MARK)
async def wall_page(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[str]:
    """The page for the projector: the code of this half minute, and who is in."""
    door = await _door(who, meeting)
    shown = _shown(door, public_address(request))
    return page(request, "checkins/wall.html", door=door, crowd=await find_crowd(door), **shown)


def _shown(door: Door, address: str) -> dict[str, Any]:
    """What the wall shows of a session in this half minute."""
    now = clock.now()
    return {
        "shut": door.why_shut_here(now),
        "early": now < door.opens_at and not door.cancelled,
        "svg": qr_svg(f"{address}/c/{wall_code(door.secret, door.id, now)}"),
        "digits": wall_digits(door.secret, now),
        "short": f"{urlsplit(address).netloc}/c",
        "left": seconds_left(now),
    }


@get("/sessions/{meeting:uuid}/checkins", guards=MARK)
async def checkins_page(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[str]:
    """Who came in by a code, and the devices that brought in more than one person."""
    door = await _door(who, meeting)
    await record_view(who, "checkin.list", str(door.id), door.path)
    shut = door.why_shut_here(clock.now())
    return page(request, "checkins/list.html", door=door, crowd=await find_crowd(door), shut=shut)


@get("/sessions/{meeting:uuid}/scan", guards=MARK)
async def scan_page(
    request: Asking, who: Asker, meeting: FromPath[UUID], last: FromQuery[str] = ""
) -> Response[str]:
    """The field into which a hand scanner types personal codes; and whom the last one was of."""
    return await _scanning(request, await _door(who, meeting), last)


@post("/sessions/{meeting:uuid}/scan", guards=MARK)
async def scan_here(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[Any]:
    """Check the owner of a personal code in."""
    try:
        done = await scan_code(who, meeting, await read_form(request, ScanForm))
    except Refused as refused:
        refused.typed = await read_typed(request)
        return await _scanning(request, await _door(who, meeting), "", refused)
    again = "1" if done.again else ""
    to = link(f"/sessions/{meeting}/scan", last=done.trainee.code, again=again)
    return Redirect(to, status_code=303)


async def _scanning(
    request: Asking, door: Door, last: str, refused: Refused | None = None
) -> Response[str]:
    return page(
        request,
        "checkins/scan.html",
        refused,
        door=door,
        shut=door.why_shut_here(clock.now()),
        last=await _owner(door, last) if last else None,
        again=bool(request.query_params.get("again")),
    )


async def _owner(door: Door, code: str) -> CheckedIn | None:
    """Where the owner of a code stands; None when nobody of the session has it."""
    try:
        return await find_checked_in(door, await find_by_code(door, code))
    except NotFound:
        return None


@get("/sessions/{meeting:uuid}/scan/{trainee:str}", guards=MARK)
async def scanned_page(
    request: Asking, who: Asker, meeting: FromPath[UUID], trainee: FromPath[str]
) -> Response[str]:
    """A personal code scanned with the camera: whose it is, and the one button that marks."""
    door = await _door(who, meeting)
    found = await _owner(door, trainee)
    shut = door.why_shut_here(clock.now())
    return page(request, "checkins/scanned.html", door=door, found=found, shut=shut)


@get("/courses/{course:uuid}/codes", guards=MARK)
async def codes_page(
    request: Asking, who: Asker, course: FromPath[UUID], after: FromQuery[str] = ""
) -> Response[str]:
    """Everybody's personal code as a sheet of cards to print and cut."""
    found = await find_course(who, course, "attendance.mark")
    trainees, following = await list_cards(course, after)
    await record_view(who, "checkin.codes", str(course), found.path)
    start = f"{public_address(request)}/c/me/"
    # A drawing takes some milliseconds, so a class of them must not hold up the others.
    drawn = await asyncio.to_thread(lambda: [qr_svg(start + one.code) for one in trainees])
    cards = list(zip(trainees, drawn, strict=True))
    more = onward(request, following)
    return page(request, "checkins/codes.html", course=found, cards=cards, next=more)


ROUTES: list[ControllerRouterHandler] = [
    wall_page,
    checkins_page,
    scan_page,
    scan_here,
    scanned_page,
    codes_page,
]
