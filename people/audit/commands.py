"""One line an act, in the transaction of the act."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import insert_many, new_id, value
from kit.origin import origin
from kit.spells import EVERYWHERE
from people.permissions import Who


async def record(
    by: Who,
    action: str,
    subject: UUID | None = None,
    name: str = "",
    *,
    path: str = EVERYWHERE,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> UUID:
    """Write that `by` did `action` (`noun.verb`) to a subject; the id of the line.

    `path` is where it happened, so that coordinators read the lines of their own area;
    `before` and `after` hold only what changed, never passwords or tokens.
    """
    line = line_of(by, action, subject, name, path, before, after)
    await insert_many("audit_line", [line])
    line_id: UUID = line["id"]
    return line_id


def line_of(
    by: Who,
    action: str,
    subject: UUID | None,
    name: str,
    path: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """A line to be written with others; see `record`."""
    source = origin.get()
    return {
        "id": new_id(),
        "at": clock.now(),
        "person": by.person,
        "doer": by.name,
        "action": action,
        "subject": subject,
        "subject_name": name,
        "path": path,
        "before": _packed(before),
        "after": _packed(after),
        "via": source.via,
        "address": source.address,
        "request_id": source.request_id,
    }


def _packed(values: Mapping[str, Any] | None) -> str | None:
    return None if values is None else json.dumps(values, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def changes(
    old: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs, before and after."""
    keys = [key for key in new if old.get(key) != new[key]]
    return {key: old.get(key) for key in keys}, {key: new[key] for key in keys}


async def record_view(by: Who, what: str, name: str = "", path: str = EVERYWHERE) -> None:
    """Write that `by` looked at a personal list (`what`: `noun.view`), once a day for each list.

    Pages that show many people call this after reading: the one place where a GET writes, since
    who looked at people must be known. An export is an act of its own: `record` it each time.
    """
    since = clock.midnight(clock.today())
    seen = await value(
        "SELECT id FROM audit_line WHERE person = {} AND at >= {} AND action = {}"
        " AND subject_name = {} AND path = {} LIMIT 1",
        *(by.person, since, what, name, path),
    )
    if seen is None:
        await record(by, what, name=name, path=path)
