"""What browsers and robots ask for by themselves, and the gallery of components."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import NotFound
from kit.pages import page, render
from kit.settings import settings

OPEN = {"open": True}


@get("/manifest.webmanifest", opt=OPEN)
async def manifest(request: Asking) -> Response[str]:
    """How the app is called and looks when it is put on a phone's screen."""
    text = render("manifest.webmanifest", **request.scope["state"]["frame"])
    headers = {"cache-control": "public, max-age=3600", "vary": "cookie"}
    return Response(text, media_type="application/manifest+json", headers=headers)


@get("/robots.txt", opt=OPEN)
async def robots() -> Response[str]:
    """Nothing here is for search engines."""
    return Response("User-agent: *\nDisallow: /\n", media_type="text/plain")


@get("/dev/ui", opt=OPEN)
async def gallery(request: Asking) -> Response[Any]:
    """Every component of templates/ui; only in debug, and for whoever is signed in."""
    if not settings().debug or not request.scope["state"].get("who"):
        raise NotFound
    return page(request, "dev/ui.html")


ROUTES: list[ControllerRouterHandler] = [manifest, robots, gallery]
