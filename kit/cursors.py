"""Where a keyset-paged list goes on: the sort key and id of the last row shown, as one word."""

import base64
import json
from collections.abc import Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from pydantic_core import from_json

from kit.database import SQL


class Sorted(Protocol):
    """A row of a list that is ordered by `sort`, then `id`."""

    @property
    def id(self) -> UUID:
        """The id, which decides between equal keys."""

    @property
    def sort(self) -> str:
        """The key of order."""


Item = TypeVar("Item", bound=Sorted)


def pack(sort: str, row_id: UUID) -> str:
    """The cursor after a row."""
    return base64.urlsafe_b64encode(json.dumps([sort, str(row_id)]).encode()).decode().rstrip("=")


def unpack(cursor: str) -> bytes:
    """The JSON in a cursor. Raises ValueError for what is none."""
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))


def read(cursor: str) -> tuple[str, UUID]:
    """The key and the id in a cursor. Raises ValueError for one that is not ours."""
    try:
        key, row_id = from_json(unpack(cursor))
        if "\0" in key:
            raise ValueError
        return str(key), UUID(row_id)
    except (ValueError, TypeError, AttributeError):
        raise ValueError(cursor) from None


def after(alias: str, cursor: str, key: str = "") -> SQL:
    """The condition that a row comes after a cursor; a cursor that is not ours means the start.

    `key` is the column of the id where it is not `id` beside `sort`.
    """
    try:
        sort, row_id = read(cursor)
    except ValueError:
        return SQL("1 = 1")
    return SQL(f"({alias}.sort, {key or alias + '.id'}) > ({{}}, {{}})", sort, row_id)


def cut(found: Sequence[Item], limit: int) -> tuple[list[Item], str]:
    """The rows of a page out of `limit` + 1 asked for, and the cursor of the next one or ""."""
    shown = list(found[:limit])
    return shown, pack(shown[-1].sort, shown[-1].id) if len(found) > limit else ""
