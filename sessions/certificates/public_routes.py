"""The public pages that confirm a certificate: no account, no script, nothing kept by anybody."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.pages import page
from sessions.certificates.codes import plain_code
from sessions.certificates.public import check_code

OPEN = {"open": True}
HIDDEN = {"x-robots-tag": "noindex, nofollow"}


@get("/v", opt=OPEN)
async def ask_code_page(request: Asking, code: FromQuery[str] = "") -> Response[Any]:
    """The field for a code; one that was typed leads on to its page."""
    if plain := plain_code(code):
        return Redirect(f"/v/{plain}", status_code=303)
    return _hidden(page(request, "certificates/check.html", code=code, unknown=bool(code.strip())))


@get("/v/{code:str}", opt=OPEN)
async def check_page(request: Asking, code: FromPath[str]) -> Response[str]:
    """What a code confirms, to anybody who scans it."""
    found = await check_code(request, code)
    if found:
        return _hidden(page(request, "certificates/checked.html", it=found))
    answer = page(request, "certificates/check.html", code=code, unknown=True)
    answer.status_code = 404
    return _hidden(answer)


def _hidden(answer: Response[str]) -> Response[str]:
    answer.headers.update(HIDDEN)
    return answer


ROUTES: list[ControllerRouterHandler] = [ask_code_page, check_page]
