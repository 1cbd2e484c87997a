"""What programs send: JSON that a form checks as strictly as the API describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request
from litestar.exceptions import HTTPException
from pydantic import ValidationError
from pydantic_core import from_json, to_json

from kit.errors import Refused
from kit.forms import FormType, refused
from kit.i18n import gettext as _

NAMED = ("version", "since", "basis")
"""What a change must say anew: which version it saw, and from which day and by what it holds."""


async def read_json(request: Request[Any, Any, Any], form: type[FormType]) -> FormType:
    """The form out of a JSON body. Raises Refused (400 unreadable, 422 wrong), HTTP 413 or 415."""
    return check_json(form, await _read_object(request))


async def read_patch(
    request: Request[Any, Any, Any], form: type[FormType], now: object
) -> FormType:
    """The form out of a JSON body; what the body does not name stays as it is in `now`."""
    body = await _read_object(request)
    kept = {k: getattr(now, k) for k in form.model_fields if k not in NAMED and hasattr(now, k)}
    return check_json(form, kept | body)


async def _read_object(request: Request[Any, Any, Any]) -> dict[str, Any]:
    kind = request.content_type[0].lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise HTTPException(status_code=415)
    try:
        body = from_json(await request.body(), allow_inf_nan=False)
    except ValueError:
        raise Refused(_("The body is not valid JSON."), status=400) from None
    if not isinstance(body, dict):
        raise Refused(_("The body must be a JSON object."), status=400)
    return body


def check_json(form: type[FormType], data: Mapping[str, Any]) -> FormType:
    """The form filled with JSON values. Raises Refused for wrong, missing and unknown fields."""
    unknown = {name: _("There is no such field.") for name in data if name not in form.model_fields}
    try:
        filled = form.model_validate_json(to_json(dict(data)), strict=True)
    except ValidationError as error:
        raise Refused(fields={**unknown, **refused(error).fields}) from None
    if unknown:
        raise Refused(fields=unknown)
    return filled
