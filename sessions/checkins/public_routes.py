"""Check-in without an account: the six digits, the trainee's page, the receipt, the own code."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.errors import NotFound, Refused
from kit.forms import read_form, read_typed
from kit.http import address_of
from kit.pages import page, public_address
from kit.qr import qr_svg
from kit.settings import settings
from people.permissions import Who
from sessions.checkins.commands import CheckInForm, DigitsForm, check_in, use_digits
from sessions.checkins.doors import Door, Entry, doors_of_course, find_pass, open_entry
from sessions.checkins.passes import make_ticket, read_receipt
from sessions.checkins.queries import (
    OwnCode,
    find_checked_in,
    find_own_code,
    find_remembered,
    find_trainee,
)

OPEN = {"open": True}
DEVICE_COOKIE = "toso_device"
DEVICE_SECONDS = 400 * 24 * 3600
_DEVICE = re.compile(r"[A-Za-z0-9_-]{22}")


@get("/c", opt=OPEN)
async def digits_page(request: Asking) -> Response[str]:
    """The field for the six digits of the wall, for whoever cannot scan."""
    return page(request, "checkins/digits.html")


@post("/c", opt=OPEN)
async def use_digits_here(request: Asking) -> Response[Any]:
    """From the six digits to the trainee's page."""
    try:
        form = await read_form(request, DigitsForm)
        word = await use_digits(form, address_of(request.scope))
    except Refused as refused:
        refused.typed = await read_typed(request)
        return _refused(request, "checkins/digits.html", refused)
    return Redirect(f"/c/{word}", status_code=303)


@get("/c/{word:str}", opt=OPEN)
async def trainee_page(request: Asking, word: FromPath[str]) -> Response[Any]:
    """The trainee's page, as the wall's code or a ticket opens it."""
    try:
        entry = await open_entry(word)
    except NotFound:
        return _stale(request)
    return await _entering(request, entry, word)


@post("/c/{word:str}", opt=OPEN)
async def check_in_here(request: Asking, word: FromPath[str]) -> Response[Any]:
    """Check a trainee in."""
    try:
        receipt = await check_in(
            word, await read_form(request, CheckInForm), address_of(request.scope)
        )
    except NotFound:
        return _stale(request)
    except Refused as refused:
        return await _entering(request, await open_entry(word), word, refused)
    return Redirect(f"/c/in/{receipt}", status_code=303)


async def _entering(
    request: Asking, entry: Entry, word: str, refused: Refused | None = None
) -> Response[Any]:
    """The form of a page opened in time, on the device that the ticket names."""
    if refused:
        refused.typed = await read_typed(request)
    door, name = entry.door, _device_name(request)
    device = entry.ticket.device if entry.ticket else device_hash(name)
    known = await find_remembered(door, device)
    ticket = word if entry.ticket else make_ticket(door.secret, door.id, clock.now(), device)
    context = {
        "door": door,
        "shut": door.why_shut(entry.ticket.opened_at if entry.ticket else clock.now()),
        "ticket": ticket,
        "here": f"/c/{ticket}",  # where another language leads back to, for the wall has gone on
        "known": await find_checked_in(door, known) if known else None,
        "fitting": refused.details if refused and isinstance(refused.details, list) else [],
    }
    response = _refused(request, "checkins/enter.html", refused, **context)
    response.set_cookie(_device_cookie(name))
    return response


def _refused(
    request: Asking, template: str, refused: Refused | None = None, **context: Any
) -> Response[Any]:
    """A page, perhaps with a refusal; after too many tries it says when to come back."""
    response = page(request, template, refused, **context)
    if refused and refused.status == 429:
        response.headers["retry-after"] = str(refused.details)
    return response


def _stale(request: Asking) -> Response[Any]:
    """The page for a code that no longer holds, or never did."""
    response = page(request, "checkins/stale.html")
    response.status_code = 404
    return response


def _device_name(request: Asking) -> str:
    """What this device was called here before, else a fresh random name."""
    known = request.cookies.get(DEVICE_COOKIE, "")
    return known if _DEVICE.fullmatch(known) else secrets.token_urlsafe(16)


def device_hash(name: str) -> str:
    """What is kept of a device's name: 16 hexadecimal digits."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def _device_cookie(name: str) -> Cookie:
    return Cookie(
        key=DEVICE_COOKIE,
        value=name,
        max_age=DEVICE_SECONDS,
        path="/c",
        httponly=True,
        samesite="lax",
        secure=settings().secure,
    )


@get("/c/in/{word:str}", opt=OPEN)
async def receipt_page(request: Asking, word: FromPath[str]) -> Response[Any]:
    """That a trainee is in, and since when; as the ledger says it now."""
    try:
        door, given = await find_pass(word)
        receipt = read_receipt(door.secret, given)
        if receipt is None or clock.today() > clock.local_day(door.closes_at):
            raise NotFound
        trainee = await find_trainee(door, receipt.enrolment)
    except NotFound:
        return _stale(request)
    found = await find_checked_in(door, trainee)
    return page(request, "checkins/receipt.html", door=door, found=found, again=receipt.again)


@get("/c/me/{trainee:str}", opt=OPEN)
async def own_code_page(request: Asking, trainee: FromPath[str]) -> Response[Any]:
    """A personal code: its owner sees the next session; a trainer goes on to mark the owner."""
    try:
        own = await find_own_code(trainee)
    except NotFound:
        return _stale(request)
    doors = await doors_of_course(own.course, clock.now())
    if today := _for_trainer(request.scope["state"].get("who"), own, doors):
        return Redirect(f"/sessions/{today.id}/scan/{own.code}", status_code=303)
    address = f"{public_address(request)}/c/me/{own.code}"
    upcoming = next(iter(doors), None) if own.state == "enrolled" else None
    return page(request, "checkins/own.html", own=own, door=upcoming, svg=qr_svg(address))


def _for_trainer(who: Who | None, own: OwnCode, doors: list[Door]) -> Door | None:
    """The session for which whoever may take its attendance scans a code now: the open one, else
    the next of today."""
    if who is None or not who.may("attendance.mark"):
        return None
    here = who.reaches("attendance.mark", own.path)
    mine = [door for door in doors if here or door.trainer == who.person]
    opened = [door for door in mine if not door.why_shut(clock.now())]
    today = [door for door in mine if door.day == clock.today()]
    return next(iter([*opened, *today]), None)


ROUTES: list[ControllerRouterHandler] = [
    digits_page,
    use_digits_here,
    trainee_page,
    check_in_here,
    receipt_page,
    own_code_page,
]
