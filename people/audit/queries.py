"""Lines of the log within reach, newest first, with names instead of ids."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from kit import clock
from kit.database import SQL, all_of, among, any_of, rows
from kit.forms import Form, Line, Maybe, MaybeDay
from kit.i18n import gettext as _
from kit.pages import day as shown_day
from kit.phones import phone_shown
from kit.search import holds
from kit.spells import within
from people.audit.undoing import find_undos, undo_address
from people.audit.words import ACTIONS, DOORS, FIELDS, VALUES, sentence_of
from people.permissions import Who

PAGE = 50
_HIDDEN = {"fold", "sort", "version", "really_new"}


class AuditFilter(Form):
    """What the log is narrowed to: by whom, which act, on whom, which days (both included)."""

    who: Line = ""
    action: str = ""
    subject: Line = ""
    since: MaybeDay = None
    until: MaybeDay = None
    after: Annotated[UUID | None, Maybe] = None


@dataclass(frozen=True)
class AuditFound:
    """A line as it is stored."""

    id: UUID
    at: datetime
    doer: str
    action: str
    subject: UUID | None
    subject_name: str
    path: str
    before: str | None
    after: str | None
    via: str
    address: str | None


@dataclass(frozen=True)
class AuditShown:
    """A line in words: `changes` are (field, before, after); `undo` is where it is taken back."""

    at: datetime
    doer: str
    sentence: str
    origin: str
    changes: list[tuple[str, str, str]]
    undo: str = ""


_AUDIT = """
SELECT l.id, l.at, l.doer, l.action, l.subject, l.subject_name, l.path, l.before, l.after, l.via,
       l.address
FROM audit_line l WHERE {} ORDER BY l.at DESC, l.id DESC LIMIT {}
"""


async def list_audit(
    who: Who, asked: AuditFilter, limit: int = PAGE
) -> tuple[list[AuditShown], UUID | None]:
    """Lines within reach in the reader's words, and the cursor of the next page if any."""
    conditions = [within("l.path", who.paths("audit.read")), *_narrowed(asked)]
    found = await rows(AuditFound, _AUDIT, all_of(conditions), limit + 1)
    shown = found[:limit]
    names = await _names(shown)
    undos = await find_undos(who, [(line.action, line.subject, line.path) for line in shown])
    words = [in_words(line, names, undo=_undo(line, undos)) for line in shown]
    return words, shown[-1].id if len(found) > limit else None


def _undo(line: AuditFound, undos: set[tuple[str, UUID]]) -> str:
    """Where a line is taken back; "" where it cannot be. Of several on one subject the newest is
    taken back, so it offers it first and alone."""
    if line.subject is None or (line.action, line.subject) not in undos:
        return ""
    undos.remove((line.action, line.subject))
    return undo_address(line.action, line.subject)


def _narrowed(asked: AuditFilter) -> Iterator[SQL]:
    if asked.who:
        persons = SQL("SELECT wp.id FROM person wp WHERE {}", holds("wp.fold", asked.who))
        yield SQL("(l.doer = {} OR l.person IN ({}))", asked.who, persons)
    if asked.subject:
        yield any_of(_about(asked.subject))
    if asked.action in ACTIONS:
        yield SQL("l.action = {}", asked.action)
    if asked.since:
        yield SQL("l.at >= {}", clock.midnight(asked.since))
    if asked.until:
        yield SQL("l.at < {}", clock.midnight(asked.until + timedelta(days=1)))
    if asked.after:
        last = "SELECT x.at, x.id FROM audit_line x WHERE x.id = {}"
        yield SQL(f"(l.at, l.id) < ({last})", asked.after)


def _about(text: str) -> Iterator[SQL]:
    """Lines about who or what has such a name, without marks; or whose name is just that."""
    for table, key in (("person", "id"), ("team", "id"), ("area_spell", "area")):
        named = SQL(f"SELECT s.{key} FROM {table} s WHERE {{}}", holds("s.fold", text))
        yield SQL("l.subject IN ({})", named)
    yield SQL("l.subject_name = {}", text)


@dataclass(frozen=True)
class _Named:
    id: UUID
    name: str


async def _names(lines: Iterable[AuditFound]) -> dict[str, str]:
    """The names of all areas, persons, teams and offices that the lines mention by id."""
    found = {i for line in lines for packed in (line.before, line.after) for i in _ids(packed)}
    if not found:
        return {}
    ids = among(sorted(found))
    named = await rows(
        _Named,
        "SELECT area AS id, name FROM area_spell WHERE area IN {} UNION ALL"
        " SELECT id, name FROM person WHERE id IN {} UNION ALL"
        " SELECT id, name FROM team WHERE id IN {} UNION ALL"
        " SELECT office AS id, name FROM office_spell WHERE office IN {}",
        *(ids, ids, ids, ids),
    )
    return {str(one.id): one.name for one in named}


def _ids(packed: str | None) -> Iterator[UUID]:
    for value in _unpacked(packed).values():
        for item in value if isinstance(value, list) else [value]:
            try:
                yield UUID(item)
            except (ValueError, TypeError, AttributeError):
                continue


def _unpacked(packed: str | None) -> dict[str, Any]:
    values = json.loads(packed) if packed else {}
    return values if isinstance(values, dict) else {}


def in_words(line: AuditFound, names: dict[str, str], *, undo: str = "") -> AuditShown:
    """A line as a reader understands it."""
    before, after = _unpacked(line.before), _unpacked(line.after)
    fields = [f for f in dict.fromkeys([*before, *after]) if f not in _HIDDEN]
    changes = [
        (
            _(FIELDS[field]) if field in FIELDS else field,
            _shown(field, before.get(field), names),
            _shown(field, after.get(field), names),
        )
        for field in fields
    ]
    door = _(DOORS[line.via])
    return AuditShown(
        at=line.at,
        doer=line.doer,
        sentence=sentence_of(line.action, line.subject_name),
        origin=f"{door}, {line.address}" if line.address else door,
        changes=[change for change in changes if change[1] or change[2]],
        undo=undo,
    )


def _shown(field: str, value: object, names: dict[str, str]) -> str:
    """A stored value for the eye; an empty string for nothing."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_shown(field, item, names) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{_word(k)} {_shown(field, v, names)}" for k, v in value.items())
    text = "" if value is None else str(value)
    shown = phone_shown(text) if field == "phone" and text else names.get(text) or _day(text)
    return shown or _word(text)


def _word(text: str) -> str:
    return _(VALUES[text]) if text in VALUES else text


def _day(text: str) -> str:
    try:
        return shown_day(date.fromisoformat(text)) if len(text) == 10 else ""
    except ValueError:
        return ""
