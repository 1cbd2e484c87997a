"""What machines ask of a server: is it alive, is it ready, how is it doing."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.types import ControllerRouterHandler

from kit import metrics
from kit.database import value
from kit.http import address_of
from kit.migrations import pending
from kit.settings import settings

OPEN = {"open": True}


@get("/healthz", opt=OPEN, sync_to_thread=False)
def healthz() -> Response[str]:
    """The process answers."""
    return Response("ok\n", media_type="text/plain")


@get("/readyz", opt=OPEN)
async def readyz() -> Response[str]:
    """The database answers and its schema is up to date; 503 otherwise."""
    await value("SELECT 1 AS one")
    if await pending():
        return Response("migrations pending\n", media_type="text/plain", status_code=503)
    return Response("ready\n", media_type="text/plain")


@get("/metrics", opt=OPEN, sync_to_thread=False)
def show_metrics(request: Request[Any, Any, Any]) -> Response[str]:
    """Counters, for loopback or the bearer of TOSO_METRICS_TOKEN; nobody else learns of them."""
    if not (_from_here(request) or _has_token(request)):
        raise NotFoundException
    return Response(metrics.exposition(), media_type="text/plain; version=0.0.4")


def _from_here(request: Request[Any, Any, Any]) -> bool:
    try:
        return ip_address(address_of(request.scope)).is_loopback
    except ValueError:
        return False


def _has_token(request: Request[Any, Any, Any]) -> bool:
    token = settings().metrics_token
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    same = hmac.compare_digest(given.encode("latin-1"), token.encode())
    return bool(token) and scheme.lower() == "bearer" and same


ROUTES: list[ControllerRouterHandler] = [healthz, readyz, show_metrics]
