"""The door: who comes in, by cookie or bearer token, and what each route asks of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeAlias

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Guard, Message, Receive, Scope, Send

from kit import clock, i18n
from kit.errors import Forbidden
from kit.http import LANGUAGE_COOKIE, for_programs, header, is_http
from kit.settings import settings
from people.permissions import Who
from people.sign_ins.commands import touch_sign_in, touch_token
from people.sign_ins.queries import find_who_by_bearer, find_who_by_cookie

LANGUAGE_DAYS = 365
TOUCH_EVERY = timedelta(hours=1)
SENDER = "toso-person"
"""The header in which a phone says whose records it sends, so that none goes under another name."""
Asker: TypeAlias = NamedDependency[Who]
"""The parameter `who: Asker` of a handler behind a guard."""


def cookie_name() -> str:
    """The name of the sign-in cookie; over HTTPS the browser itself guards its prefix."""
    return "__Host-toso" if settings().secure else "toso"


class Door:
    """Middleware that finds who asks and hangs what every page shows on the request's state."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, with or without a name."""
        found = await _find_who(ASGIConnection(scope)) if asks_for_pages(scope) else None
        who, rolling = found or (None, None)
        if who and not for_programs(scope):
            i18n.language.set(who.language)
        if asks_for_pages(scope):
            scope["state"]["who"] = who
            scope["state"]["frame"] = {"who": who}
        await self.app(scope, receive, _with_cookie(send, rolling) if rolling else send)


def sign_in_cookie(token: str, max_age: int | None) -> Cookie:
    """The cookie of a sign-in; `max_age` in seconds, None until the browser closes, 0 to end it.

    A browser takes a `__Host-` cookie, and its end, only with Secure and the path of the root.
    """
    return Cookie(
        key=cookie_name(),
        value=token,
        max_age=max_age,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings().secure,
    )


def language_cookie(language: str) -> Cookie:
    """The cookie that lets this device's pages before sign-in speak a language."""
    return Cookie(
        key=LANGUAGE_COOKIE,
        value=language,
        max_age=LANGUAGE_DAYS * 24 * 3600,
        httponly=True,
        samesite="lax",
        secure=settings().secure,
    )


def _with_cookie(send: Send, cookie: Cookie) -> Send:
    """`send`, giving the browser the cookie anew unless the answer sets one itself."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = cookie.key.encode() + b"="
            own = [v for k, v in message["headers"] if k == b"set-cookie" and v.startswith(ours)]
            if not own:
                message["headers"] = [*message["headers"], cookie.to_encoded_header()]
        await send(message)

    return sending


def asks_for_pages(scope: Scope) -> bool:
    """Whether the answer may depend on who asks."""
    return is_http(scope) and not scope["path"].startswith(("/static/", "/healthz"))


async def _find_who(
    connection: ASGIConnection[Any, Any, Any, Any],
) -> tuple[Who, Cookie | None] | None:
    """Who asks, and the cookie to renew. Tokens of programs open the API alone, no pages."""
    scheme, _, token = header(connection.scope, "authorization").partition(" ")
    if scheme.lower() == "bearer":
        program = await _find_program(connection.scope["path"], token.strip())
        return (program, None) if program else None
    cookie = connection.cookies.get(cookie_name())
    found = await find_who_by_cookie(cookie) if cookie else None
    if found is None or not cookie:
        return None
    who, seen_at = found
    if header(connection.scope, SENDER) not in ("", str(who.person)):
        return None  # a phone sends for one person, and another one's cookie is in the browser
    kept = None
    if who.sign_in and clock.now() - seen_at > TOUCH_EVERY:
        kept = await touch_sign_in(who.sign_in)
    return who, sign_in_cookie(cookie, kept) if kept else None


async def _find_program(path: str, token: str) -> Who | None:
    found = await find_who_by_bearer(token) if path.startswith("/api/") else None
    if found is None:
        return None
    who, token_id, used_at = found
    if used_at is None or clock.now() - used_at > TOUCH_EVERY:
        await touch_token(token_id)
    return who


def may(verb: str) -> Guard:
    """The guard of a route: signed in, and holding the verb somewhere."""

    async def guard(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        who = connection.scope["state"].get("who")
        if who is None:
            raise NotAuthorizedException
        if not who.may(verb):
            raise Forbidden

    guard.__name__ = verb
    return guard


async def signed_in(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """The guard of routes that concern only oneself."""
    if connection.scope["state"].get("who") is None:
        raise NotAuthorizedException


def provide_who(scope: Scope) -> Who:
    """The asker, for handlers behind a guard."""
    who = scope["state"]["who"]
    if not isinstance(who, Who):
        raise NotAuthorizedException
    return who
