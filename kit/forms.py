"""Forms are Pydantic classes; a bad one is refused whole, each field with its own sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, TypeVar

from litestar import Request
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import CoreSchema, core_schema

from kit import clock
from kit.days import FAR_YEAR, parse_day
from kit.errors import Refused
from kit.i18n import N_
from kit.i18n import gettext as _
from kit.mailboxes import read_mailbox
from kit.phones import phone_e164
from kit.text import squeeze

FormType = TypeVar("FormType", bound="Form")


class Form(BaseModel):
    """A form of a command. Text is trimmed and NFC; an empty field is None."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


class FromPage:
    """Makes a value of what a page's field holds; a program sends the value itself, as JSON."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        self.read = read

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read first, then check as the type says; of JSON only the latter."""
        inner = handler(source)
        return core_schema.json_or_python_schema(
            inner, core_schema.no_info_before_validator_function(self.read, inner)
        )


def _clean(value: object) -> object:
    return squeeze(value) if isinstance(value, str) else value


def _phone(value: object, info: ValidationInfo) -> object:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        if info.mode == "json" and not isinstance(value, str):
            raise ValueError
        return phone_e164(value)  # type: ignore[arg-type]
    except ValueError:
        raise ValueError(_("Enter a phone number of 10 digits, like 0912 345 678.")) from None


def _day(value: object) -> object:
    if not isinstance(value, str) or not value.strip():
        return value or None
    try:
        return parse_day(value)
    except ValueError as error:
        raise ValueError(_(str(error))) from None


def _within(day: date | None) -> date | None:
    try:
        return day and parse_day(day)
    except ValueError as error:
        raise ValueError(_(str(error))) from None


def _told_of(instant: datetime) -> datetime:
    try:
        _within(clock.local_day(instant))
    except OverflowError:
        raise ValueError(_(FAR_YEAR)) from None
    if abs(instant.utcoffset() or timedelta()) > FARTHEST:
        raise ValueError(_("Check the time zone: none lies more than 14 hours from UTC."))
    return instant


def _email(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return read_mailbox(squeeze(value)) if value.strip() else None
    except ValueError as error:
        raise ValueError(_(str(error))) from None


Line = Annotated[str, BeforeValidator(_clean)]
Maybe = FromPage(_blank_is_none)
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Phone = Annotated[str, BeforeValidator(_phone)]
MaybePhone = Annotated[str | None, BeforeValidator(_phone)]
MaybeEmail = Annotated[str | None, BeforeValidator(_email)]
Day = Annotated[date, FromPage(_day), AfterValidator(_within)]
MaybeDay = Annotated[date | None, FromPage(_day), AfterValidator(_within)]
"""A day as a browser sends it (2026-11-23) or a person types it (23/11/2026); from a program too
one of the years 1900 to 2100."""
FARTHEST = timedelta(hours=14)
Instant = Annotated[AwareDatetime, AfterValidator(_told_of)]
"""An instant with its offset, of the same years; a clock gone wrong tells of any other."""


def check(form: type[FormType], data: Mapping[str, Any]) -> FormType:
    """The form filled with data. Raises Refused with a sentence for each wrong field."""
    try:
        return form.model_validate(data)
    except ValidationError as error:
        refusal = refused(error)
        refusal.typed = typed(data)
        raise refusal from None


def refused(error: ValidationError) -> Refused:
    """The refusal that says of each wrong field what is wrong with it."""
    fields: dict[str, str] = {}
    for problem in error.errors():
        field = ".".join(str(part) for part in problem["loc"]) or "form"
        fields.setdefault(field, sentence(dict(problem)))
    return Refused(fields=fields)


def typed(data: Mapping[str, Any]) -> dict[str, str]:
    """What the user typed, to be shown again; never a password."""
    return {
        key: value
        for key, value in data.items()
        if isinstance(value, str) and "password" not in key
    }


async def read_form(request: Request[Any, Any, Any], form: type[FormType]) -> FormType:
    """The form out of a request; lists are fields named more than once. Raises Refused."""
    return check(form, await read_fields(request, form))


async def read_typed(request: Request[Any, Any, Any]) -> dict[str, str]:
    """What the user typed into a form, to be shown again after a command refused it."""
    return typed(dict((await request.form()).multi_items()))


def read_query(request: Request[Any, Any, Any], form: type[FormType]) -> FormType:
    """The words after the ? of an address as a form; what cannot be read counts as not asked.

    Somebody may still be typing the day of a filter: the list goes on without it, and the page
    says what is wrong beside the field.
    """
    asked = dict(request.query_params.multi_items())
    try:
        return check(form, asked)
    except Refused as unread:
        request.scope["state"]["unread"] = unread
        return check(form, {k: v for k, v in asked.items() if k not in unread.fields})


def check_query(request: Request[Any, Any, Any], form: type[FormType]) -> FormType:
    """The words after the ? of the address of a file, where nothing can be said beside a field.

    Raises Refused: who asked for a part must never take away the whole for it.
    """
    return check(form, dict(request.query_params.multi_items()))


def read_filter(
    request: Request[Any, Any, Any], form: type[FormType]
) -> tuple[FormType, Refused | None]:
    """The words after the ? as a filter; wrong ones narrow nothing and are told."""
    try:
        return check(form, dict(request.query_params.multi_items())), None
    except Refused as refused:
        return form(), refused


async def read_fields(request: Request[Any, Any, Any], form: type[Form]) -> dict[str, Any]:
    """The raw fields of a request that the form knows; a file where words belong says nothing."""
    sent = await request.form()
    data: dict[str, Any] = {}
    for name, field in form.model_fields.items():
        many = "list[" in str(field.annotation) or "tuple[" in str(field.annotation)
        if many:
            data[name] = [one for one in sent.getall(name, []) if isinstance(one, str)]
        elif name in sent:
            data[name] = sent[name] if isinstance(sent[name], str) else ""
    return data


def sentence(problem: dict[str, Any]) -> str:
    """A Pydantic problem in the reader's words."""
    kind, context = str(problem["type"]), problem.get("ctx", {})
    if kind == "value_error":
        return str(context.get("error", problem["msg"]))
    if kind in ("missing", "none_required") or problem.get("input") in (None, ""):
        return _("Fill this in.")
    if kind in _LIMITS:
        name, message = _LIMITS[kind]
        return _(message, limit=context[name])
    family = next((message for start, message in _KINDS if kind.startswith(start)), "")
    return _(family or "Choose one of the list.")


_LIMITS = {
    "string_too_short": ("min_length", N_("Enter at least %(limit)s characters.")),
    "string_too_long": ("max_length", N_("Enter at most %(limit)s characters.")),
    "greater_than_equal": ("ge", N_("Enter %(limit)s or more.")),
    "less_than_equal": ("le", N_("Enter %(limit)s or less.")),
    "too_short": ("min_length", N_("Choose at least %(limit)s.")),
    "too_long": ("max_length", N_("Choose at most %(limit)s.")),
}
_KINDS = (
    ("date", N_("Enter a day, like 23/11/2026.")),
    ("int", N_("Enter a whole number.")),
    ("float", N_("Enter a number.")),
    ("string", N_("Enter text.")),
    ("bool", N_("Enter yes or no.")),
    ("literal", N_("Choose one of the list.")),
)
