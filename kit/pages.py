"""Pages: Jinja templates with the words, days and numbers of the reader."""

from __future__ import annotations

import base64
import json
from collections.abc import Hashable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response
from litestar.response import Redirect
from markupsafe import Markup, escape
from pydantic_core import from_json

from kit import clock, i18n
from kit.errors import Refused
from kit.phones import phone_shown
from kit.settings import ROOT, settings
from kit.static import static_url
from kit.text import initials

TOAST = "toso_toast"
SOLID, SHORT = "\u00a0", 16
"""A space at which no line ends; how many letters may stand in one piece on a narrow phone."""


@cache
def environment() -> Environment:
    """The template environment; templates are re-read only in debug."""
    env = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=settings().debug,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: i18n.translations(i18n.current_language()).gettext(message),
        lambda one, many, n: i18n.translations(i18n.current_language()).ngettext(one, many, n),
        newstyle=True,
    )
    env.globals.update({"_": translated, "gettext": translated})
    env.globals.update(static=static_url, today=clock.today, language=i18n.current_language)
    env.globals.update(debug=settings().debug, link=link, part=part, days=days)
    env.filters.update(day=day, day_typed=day_typed, weekday=weekday, moment=moment, number=number)
    env.filters.update(opening=opening, hour=hour, last_day=last_day, dots=dots)
    env.filters.update(phone=lambda v: phone_shown(v) if v else "", initials=initials)
    return env


def translated(message: str, **values: object) -> Markup:
    """A message for a page, as Jinja's own gettext gives it, but looked up once a language."""
    language = i18n.current_language()
    return _markup(language, message) % values if values else _filled(language, message)


@lru_cache(8192)
def _markup(language: str, message: str) -> Markup:
    return Markup(i18n.translations(language).gettext(message))  # noqa: S704  (our own texts)


@lru_cache(8192)
def _filled(language: str, message: str) -> Markup:
    return _markup(language, message) % {}


def day(value: date | None) -> str:
    """23/11/2026; an empty string for none."""
    return value.strftime("%d/%m/%Y") if value else ""


def day_typed(value: date | str | None) -> str:
    """A day as a person would type it; what cannot be read stays as it was typed."""
    try:
        return day(date.fromisoformat(value)) if isinstance(value, str) else day(value)
    except ValueError:
        return str(value)


def weekday(value: date) -> str:
    """thứ Hai 23/11, or Mon 23/11."""
    said = format_date(value, "EEEE dd/MM", locale=i18n.current_language())
    return said[0].lower() + said[1:] if i18n.current_language() == "vi" else said


def days(first: date | None, last: date | None) -> str:
    """17/12 – 24/12/2026, from a first day to a last one; one day alone; "" for none."""
    if first is None or last is None or first == last:
        return day(first or last)
    begins = first.strftime("%d/%m") if first.year == last.year else day(first)
    return f"{begins}{SOLID}–{SOLID}{day(last)}"


def dots(parts: Iterable[object]) -> Markup:
    """Short facts in one line, "08:00 · Hội trường · 33 trainees": no line begins with a dot, and a
    short fact, such as a number with its unit, is not torn."""
    facts = [escape(part) for part in parts if part]
    whole = [fact.replace(" ", SOLID) if len(fact) <= SHORT else fact for fact in facts]
    return escape(f"{SOLID}· ").join(whole)


def opening(text: str) -> str:
    """The text as a line begins: its first letter is a capital."""
    return text[:1].upper() + text[1:]


def moment(value: datetime | None) -> str:
    """23/11/2026 16:42, local time; an empty string for none."""
    return value.astimezone(clock.LOCAL).strftime("%d/%m/%Y %H:%M") if value else ""


def last_day(value: datetime) -> str:
    """23/11/2026: the local day that ends with an instant, such as the midnight after it."""
    return day(clock.local_day(value - timedelta(microseconds=1)))


def hour(value: datetime) -> str:
    """16:42, local time."""
    return value.astimezone(clock.LOCAL).strftime("%H:%M")


def number(value: int | float | Decimal | None, digits: int | None = None) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English; a dash where nothing is known. `digits` stand
    behind the comma even where they are 0, so that the figures of a column line up."""
    if value is None:
        return "—"
    pattern = None if digits is None else ("#,##0." + "0" * digits).rstrip(".")
    return format_decimal(value, pattern, locale=i18n.current_language())


def link(path: str, **query: object) -> str:
    """A path with those query values that are not empty."""
    kept = {key: value for key, value in query.items() if value not in (None, "", False)}
    return f"{path}?{urlencode(kept)}" if kept else path


def render(template: str, **context: Any) -> str:
    """The text of a template."""
    return environment().get_template(template).render(**context)


def part(template: str, **values: Hashable) -> Markup:
    """A part of a page that depends on the language and these values alone; the last ones stay,
    for a row that is unchanged looks as it did the last time."""
    return _part(i18n.current_language(), template, tuple(values.items()))


@lru_cache(4096)
def _part(_: str, template: str, values: tuple[tuple[str, Hashable], ...]) -> Markup:
    return Markup(render(template, **dict(values)))  # noqa: S704  (escaped by the template)


def onward(request: Request[Any, Any, Any], after: object) -> str:
    """The address of the next page of a list: the same words, another cursor; "" for none."""
    query = {**dict(request.query_params), "after": after}
    return link(request.url.path, **query) if after else ""


def page(
    request: Request[Any, Any, Any],
    template: str,
    refused: Refused | None = None,
    **context: Any,
) -> Response[str]:
    """A whole page; with a refusal, the page again with its sentences and what was typed (422)."""
    frame = request.scope["state"].get("frame", {})
    toast = read_toast(request)
    said: Refused | None = refused or request.scope["state"].get("unread")
    values = {
        "here": request.url.path,
        "errors": said.fields if said else {},
        "refusal": said.message if said else "",
        "typed": said.typed if said else {},
        "labels": {},  # the fields of the page tell what they are called, for the summary
        "toast": toast,
        **frame,
        **context,
    }
    response = Response(
        render(template, **values),
        media_type="text/html",
        status_code=refused.status if refused else 200,
        headers={"cache-control": "private, no-store"},
    )
    if toast:
        response.delete_cookie(TOAST)
    return response


def public_address(request: Request[Any, Any, Any]) -> str:
    """Where users reach us: the address that was set, else the one of this request."""
    return settings().public_url or str(request.base_url).rstrip("/")


def is_inside(path: str) -> bool:
    """Whether a path leads on within this app, never to another site: browsers read a backslash
    as a slash and skip control characters, so none may stand in it."""
    odd = any(ord(letter) < 33 or letter == "\\" for letter in path)
    return path.startswith("/") and not path.startswith("//") and not odd


def done(
    to: str, text: str = "", *, undo_url: str = "", tone: str = "ok", **extra: str
) -> Redirect:
    """A 303 to the page that shows the result, which says `text` once, with undo if given."""
    response = Redirect(to, status_code=303)
    if text:
        say(response, text, undo_url=undo_url, tone=tone, **extra)
    return response


def say(response: Response[Any], text: str, **more: str) -> None:
    """Let the next page say a sentence; it lies in a short-lived cookie, not in the database."""
    packed = json.dumps({"text": text, **more}).encode()
    response.set_cookie(
        TOAST,
        base64.urlsafe_b64encode(packed).decode(),
        max_age=60,
        httponly=True,
        samesite="lax",
        secure=settings().secure,
    )


def read_toast(request: Request[Any, Any, Any]) -> dict[str, str] | None:
    """The sentence the last act left for this page. A cookie that is not ours says nothing."""
    try:
        packed = from_json(base64.urlsafe_b64decode(request.cookies.get(TOAST, "")))
    except ValueError:
        return None
    if not isinstance(packed, dict) or not packed.get("text"):
        return None
    undo = str(packed.get("undo_url", ""))
    return {
        "text": str(packed["text"]),
        "tone": str(packed.get("tone", "ok")),
        "undo_url": undo if is_inside(undo) else "",
    }
