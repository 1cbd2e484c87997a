"""How errors are answered: a page in the reader's language, or problem+json (RFC 9457)."""

from __future__ import annotations

import logging
import sqlite3
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import asyncpg
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Redirect

from kit.errors import Forbidden, NotFound, Refused
from kit.i18n import N_
from kit.i18n import gettext as _
from kit.origin import origin
from kit.pages import render

log = logging.getLogger("toso.fault")
Asking = Request[Any, Any, Any]

SENTENCES = {
    400: N_("The request could not be read. Go back and try again."),
    401: N_("Please sign in first."),
    403: N_("Your role does not allow this. If it should, ask your coordinator."),
    404: N_("There is no such page, or it is not yours to see."),
    405: N_("This address cannot be used in that way."),
    409: N_("Somebody else was faster. Look again, then decide."),
    413: N_("This is too large to be sent."),
    415: N_("Send JSON, and say so: Content-Type: application/json."),
    429: N_("Too many tries. Please wait a little."),
    500: N_("Something broke on our side, and nothing was changed. Please try again."),
    503: N_("The store cannot be written to at the moment. Nothing was changed; try again soon."),
}


def is_api(request: Asking) -> bool:
    """Whether a program asks."""
    return request.url.path.startswith("/api/")


def problem(
    status: int, detail: str, fields: dict[str, str] | None = None, **more: Any
) -> Response[dict[str, Any]]:
    """An RFC 9457 answer; `errors` lists the fields that are wrong."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    if fields:
        content["errors"] = [{"field": k, "message": v} for k, v in fields.items()]
    return Response(content, status_code=status, media_type="application/problem+json")


def answer(request: Asking, status: int, detail: str = "") -> Response[Any]:
    """An error, as a page or as a problem."""
    detail = detail or _(SENTENCES.get(status, SENTENCES[500 if status >= 500 else 400]))
    if is_api(request):
        response: Response[Any] = problem(status, detail)
    else:
        frame = {"who": None, **request.scope.get("state", {}).get("frame", {})}
        text = render("error.html", status=status, detail=detail, here="", **frame)
        response = Response(text, status_code=status, media_type=MediaType.HTML)
    if status == 401:
        response.headers["www-authenticate"] = "Bearer"
    return response


def on_not_found(request: Asking, _error: NotFound) -> Response[Any]:
    """404"""
    return answer(request, 404)


def on_forbidden(request: Asking, _error: Forbidden) -> Response[Any]:
    """403"""
    return answer(request, 403)


def on_refused(request: Asking, refused: Refused) -> Response[Any]:
    """422 or 409; pages that show the form again catch the refusal before."""
    if is_api(request):
        detail = refused.message or _("Some fields are not right.")
        theirs = {"theirs": refused.details} if refused.details is not None else {}
        return problem(refused.status, detail, refused.fields, **theirs)
    said = refused.message or " ".join(refused.fields.values())
    return answer(request, refused.status, said)


def on_http(request: Asking, error: HTTPException) -> Response[Any]:
    """What the framework raises; a page without sign-in leads to the sign-in."""
    status = error.status_code
    if status == 401 and not is_api(request):
        back = request.url.path if request.method == "GET" else "/"
        query = f"?next={quote(back)}" if back != "/" else ""
        return Redirect(f"/sign-in{query}", status_code=303)
    if isinstance(error, ValidationException):
        if not is_api(request):
            return answer(request, 404)
        return problem(400, _(SENTENCES[400]), _parameters(error))
    response = answer(request, status)
    response.headers.update(error.headers or {})
    return response


def _parameters(error: ValidationException) -> dict[str, str]:
    extra = error.extra if isinstance(error.extra, list) else []
    return {str(e.get("key", "request")): str(e["message"]) for e in extra if "message" in e}


def on_store(request: Asking, error: Exception) -> Response[Any]:
    """A full disk or a store that cannot be written: 503, nothing was changed."""
    log.error("store", extra={"error": str(error), "request_id": origin.get().request_id})
    response = answer(request, 503)
    response.headers["retry-after"] = "30"
    return response


def on_fault(request: Asking, error: Exception) -> Response[Any]:
    """500: logged with its trace, shown without."""
    log.error("fault", exc_info=error, extra={"request_id": origin.get().request_id})
    return answer(request, 500)


HANDLERS: dict[Any, Any] = {
    NotFound: on_not_found,
    Forbidden: on_forbidden,
    Refused: on_refused,
    HTTPException: on_http,
    sqlite3.OperationalError: on_store,
    asyncpg.exceptions.InsufficientResourcesError: on_store,
    asyncpg.exceptions.ReadOnlySQLTransactionError: on_store,
    asyncpg.exceptions.CannotConnectNowError: on_store,
    ConnectionRefusedError: on_store,
    Exception: on_fault,
}
