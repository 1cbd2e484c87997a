"""Signing in and out."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from kit.errors import Refused
from kit.forms import check, read_fields, read_form, typed
from kit.http import address_of
from kit.i18n import gettext as _
from kit.pages import done, is_inside, page
from people.sign_ins.commands import (
    LanguageForm,
    SignedIn,
    SignInForm,
    end_sign_in,
    save_language,
    sign_in,
    use_link,
)
from people.sign_ins.door import Asker, cookie_name, language_cookie, sign_in_cookie, signed_in

Asking = Request[Any, Any, Any]
OPEN = {"open": True}


@get("/sign-in", opt=OPEN)
async def sign_in_page(request: Asking, next: FromQuery[str] = "") -> Response[Any]:  # noqa: A002
    """The page to sign in; who is in already goes on."""
    if request.scope["state"].get("who"):
        return Redirect(safe(next), status_code=303)
    return page(request, "accounts/sign_in.html", next=safe(next))


@post("/sign-in", opt=OPEN)
async def sign_in_here(request: Asking) -> Response[Any]:
    """Sign in with phone and password."""
    sent = await read_fields(request, SignInForm)
    onward = safe(str(sent.get("next", "")))
    try:
        form = check(SignInForm, sent)
        former = request.cookies.get(cookie_name(), "")
        signed = await sign_in(form, device_of(request), address_of(request.scope), former)
    except Refused as refused:
        return _refused(request, sent, onward, refused)
    return let_in(Redirect(onward, status_code=303), signed)


def _refused(request: Asking, sent: dict[str, Any], onward: str, refused: Refused) -> Response[str]:
    """The page again; after too many tries it says when to come back."""
    refused.typed = shown_again(sent)
    response = page(request, "accounts/sign_in.html", refused, next=onward)
    if refused.status == 429:
        response.headers["retry-after"] = str(refused.details)
    return response


@get("/sign-in/{token:str}", opt=OPEN)
async def link_page(request: Asking, token: FromPath[str]) -> Response[Any]:
    """A one-time link, opened: a button, so that link previews of chats do not use it up."""
    return page(request, "accounts/link.html", token=token)


@post("/sign-in/{token:str}", opt=OPEN)
async def use_link_here(request: Asking, token: FromPath[str]) -> Response[Any]:
    """Sign in with a one-time link."""
    try:
        former = request.cookies.get(cookie_name(), "")
        signed = await use_link(token, device_of(request), former)
    except Refused as refused:
        return page(request, "accounts/link.html", refused, token=token)
    return let_in(Redirect("/", status_code=303), signed)


@post("/sign-out", guards=[signed_in])
async def sign_out(who: Asker) -> Response[Any]:
    """Sign this device out."""
    if who.sign_in:
        await end_sign_in(who, who.sign_in)
    response = done("/sign-in", _("You are signed out."))
    response.set_cookie(sign_in_cookie("", 0))
    return response


@post("/language", opt=OPEN)
async def choose_language(request: Asking) -> Response[Any]:
    """Read on in another language: strangers keep it in a cookie, others in their account too."""
    try:
        form = await read_form(request, LanguageForm)
    except Refused:
        return Redirect("/", status_code=303)
    if who := request.scope["state"].get("who"):
        await save_language(who, form)
    response = Redirect(safe(form.back, signing_in=True), status_code=303)
    response.set_cookie(language_cookie(form.language))
    return response


def let_in(response: Response[Any], signed: SignedIn) -> Response[Any]:
    """The response with the cookie of a fresh sign-in."""
    response.set_cookie(sign_in_cookie(signed.token, signed.max_age))
    return response


def safe(path: str, *, signing_in: bool = False) -> str:
    """A path of this app to go on to, never another site's; the sign-in pages only if told."""
    return path if is_inside(path) and (signing_in or not path.startswith("/sign-")) else "/"


def shown_again(sent: dict[str, Any]) -> dict[str, str]:
    """What was typed, to be shown again: all but the password."""
    return {key: value for key, value in typed(sent).items() if value}


def device_of(request: Asking) -> str:
    """What the device calls itself, in two words a person knows."""
    agent = request.headers.get("user-agent", "")
    systems = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
    browsers = (("Zalo", "Zalo"), ("Edg/", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"))
    system = next((name for name in systems if name in agent), "")
    browser = next((name for mark, name in browsers if mark in agent), "")
    browser = browser or ("Safari" if "Safari" in agent else "")
    return " · ".join(part for part in (browser, system) if part) or _("Unknown device")


ROUTES: list[ControllerRouterHandler] = [
    sign_in_page,
    sign_in_here,
    link_page,
    use_link_here,
    sign_out,
    choose_language,
]
