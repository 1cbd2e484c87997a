"""Lists for programs: a page of items and the cursor of the next one, keyset-paged."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, Generic, TypeVar, cast
from uuid import UUID

from litestar.params import QueryParameter
from pydantic_core import from_json

from kit import cursors
from kit.changes import telling
from kit.errors import Refused
from kit.forms import FormType, check
from kit.i18n import gettext as _

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Item = TypeVar("Item")
USUAL = 50
MOST = 200

Limit = Annotated[int, QueryParameter(ge=1, le=MOST, description="How many items at most.")]
After = Annotated[
    str | None, QueryParameter(max_length=4000, description="The `next` of the page before.")
]
Search = Annotated[
    str | None,
    QueryParameter(max_length=120, description="Part of the name; marks and case do not matter."),
]


@dataclass(frozen=True)
class Listed(Generic[Item]):
    """A page of a list. `next` is the `after` of the following page, null on the last."""

    items: list[Item]
    next: str | None


def pages(kind: type[Item], found: Sequence[object], following: str) -> Listed[Item]:
    """A page of rows as programs see them, and the cursor of the next one."""
    return Listed([item(kind, row) for row in found], following or None)


def item(kind: type[Item], found: object, **more: object) -> Item:
    """What programs see of a row: the fields of `kind`, by name, and nothing else."""
    names = [field.name for field in fields(cast("type[DataclassInstance]", kind))]
    return kind(**{name: more[name] if name in more else getattr(found, name) for name in names})


def sifted(form: type[FormType], **asked: object) -> FormType:
    """The filter of a list out of the parameters of an address. Raises Refused (400) for a value
    that it cannot be, such as a day of another millennium."""
    try:
        return check(form, asked)
    except Refused as refused:
        refused.status = 400
        raise


def clashing(kind: type[Item], **more: object) -> AbstractContextManager[None]:
    """Let `theirs` of a 409 be what the address of the thing itself answers: items of `kind`."""
    return telling(lambda found: item(kind, found, **more))


def cursor(after: str | None) -> str:
    """A cursor as it came. Raises Refused (400) for one that is not ours."""
    if after is None:
        return ""
    try:
        sort, row_id = from_json(cursors.unpack(after))
        if not isinstance(sort, str) or "\0" in sort:
            raise ValueError
        UUID(row_id)
    except (ValueError, TypeError, AttributeError):
        said = _("Take `next` of an earlier answer as it is, or leave this out.")
        raise Refused(_("This cursor is not ours."), {"after": said}, status=400) from None
    return after
