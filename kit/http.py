"""The shell around the app: request ids, security headers, and no word from strangers' pages.

Cross-site writes are refused by where the browser says they come from (Sec-Fetch-Site, else
Origin), as browsers have told on every POST for years: no token that can go stale in a cached
page. Requests that carry neither are no browser's, and no browser's cookie is in them.
"""

import json
import logging
import re
import time
from collections.abc import Callable
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from kit import i18n, metrics
from kit.database import new_id
from kit.origin import Origin, origin
from kit.settings import settings

log = logging.getLogger("toso.request")

LANGUAGE_COOKIE = "toso_language"
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
BIGGEST_BODY = 12 * 1024 * 1024
BIGGEST_JSON = 1024 * 1024
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self';"
    " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def header(scope: Scope, name: str) -> str:
    """A request header, or an empty string."""
    wanted = name.encode()
    return next((v.decode("latin-1") for k, v in scope["headers"] if k == wanted), "")


def is_http(scope: Scope) -> TypeGuard[HTTPScope]:
    """Whether this is a request, not a start-up message."""
    return scope["type"] == ScopeType.HTTP


def address_of(scope: Scope) -> str:
    """The device's address; a trusted proxy's word is believed from the right."""
    client = scope.get("client")
    peer = client[0] if client else ""
    trusted = {part.strip() for part in settings().proxies.split(",")}
    if peer not in trusted:
        return peer
    hops = [v.decode("latin-1") for k, v in scope["headers"] if k == b"x-forwarded-for"]
    for hop in reversed(",".join(hops).split(",")):
        if hop.strip() and hop.strip() not in trusted:
            return hop.strip()
    return peer


def from_elsewhere(scope: Scope) -> bool:
    """Whether a browser says that another site's page sent this write."""
    site = header(scope, "sec-fetch-site")
    if site:
        return site not in ("same-origin", "none")
    sender = header(scope, "origin")
    if not sender:
        return False
    ours = {header(scope, "host"), urlsplit(settings().public_url).netloc}
    return urlsplit(sender).netloc not in ours - {""}


def for_programs(scope: Scope) -> bool:
    """Whether this asks the JSON API rather than a page."""
    return is_http(scope) and scope["path"].startswith("/api/")


def _language(scope: Scope) -> str:
    """The language a request asks for: a page by cookie, a program by header; "" for none."""
    if for_programs(scope):
        wishes = [wish.strip()[:2].lower() for wish in header(scope, "accept-language").split(",")]
        return next((wish for wish in wishes if wish in i18n.LANGUAGES), i18n.LANGUAGES[0])
    chosen = _cookie(scope, LANGUAGE_COOKIE)
    return chosen if chosen in i18n.LANGUAGES else ""


def _cookie(scope: Scope, name: str) -> str:
    for part in header(scope, "cookie").split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return ""


class Shell:
    """Wraps the app so that even its error pages carry headers, a request id and a language."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if not is_http(scope):
            await self.app(scope, receive, send)
            return
        _without_nul(scope)
        given = header(scope, "x-request-id")
        request_id = given if REQUEST_ID.fullmatch(given) else new_id().hex
        via = "api" if for_programs(scope) else "page"
        origin.set(Origin(via=via, address=address_of(scope), request_id=request_id))
        i18n.language.set(_language(scope))
        answer = _Answer(scope, send, request_id)
        if scope["method"] == "HEAD":
            scope["method"] = "GET"
        if scope["method"] not in SAFE_METHODS and from_elsewhere(scope):
            await _refuse_stranger(scope, answer)
        else:
            await self.app(scope, receive, answer)
        answer.log()


def _without_nul(scope: HTTPScope) -> None:
    """Put the sign for what cannot be read in the place of NUL, which PostgreSQL takes in no text;
    nothing has it in its name, so nothing is found by it."""
    scope["path"] = scope["path"].replace("\0", "\ufffd")
    scope["query_string"] = scope["query_string"].replace(b"%00", b"%EF%BF%BD")


class _Answer:
    """`send`, adding the headers and noting status and time; names and bodies stay unlogged. HEAD
    is answered as GET, without the body (RFC 9110, 9.3.2)."""

    def __init__(self, scope: HTTPScope, send: Send, request_id: str) -> None:
        self.scope, self.send, self.request_id = scope, send, request_id
        self.method = scope["method"]
        self.status, self.started = 0, time.perf_counter()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = {key.lower() for key, _ in message["headers"]}
            more = {**HEADERS, "x-request-id": self.request_id}
            if settings().secure:
                more["strict-transport-security"] = "max-age=31536000; includeSubDomains"
            if for_programs(self.scope):
                more |= {"cache-control": "private, no-store", "vary": "accept-language"}
                more["content-language"] = i18n.current_language()
            message["headers"] = [
                *message["headers"],
                *((k.encode(), v.encode()) for k, v in more.items() if k.encode() not in own),
            ]
        elif message["type"] == "http.response.body" and self.method == "HEAD":
            message["body"] = b""
        await self.send(message)

    def log(self) -> None:
        """One structured line, and the counters."""
        took = time.perf_counter() - self.started
        handler = self.scope.get("path_template") or "-"
        metrics.count_request(self.method, str(handler), self.status, took)
        log.info(
            "request",
            extra={
                "method": self.method,
                "route": handler,
                "status": self.status,
                "ms": round(took * 1000, 1),
                "request_id": self.request_id,
            },
        )


async def _refuse_stranger(scope: Scope, send: Callable[[Any], Any]) -> None:
    text = i18n.gettext(
        "This request came from another site, so nothing was done. Open the app and try again."
    )
    kind = b"text/plain; charset=utf-8"
    if for_programs(scope):
        problem = {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": text}
        kind, text = b"application/problem+json", json.dumps(problem)
    start = {"type": "http.response.start", "status": 403, "headers": [(b"content-type", kind)]}
    await send(start)
    await send({"type": "http.response.body", "body": text.encode(), "more_body": False})
