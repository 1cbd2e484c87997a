"""Taking marks back: the state before is noted anew, nothing is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from kit.database import SQL, among, new_id, rows, run, transaction
from kit.errors import NotFound, Refused
from kit.i18n import gettext as _
from people.permissions import Who
from sessions.attendance.commands import tell_marks
from sessions.attendance.forms import MarkForm, UndoForm
from sessions.attendance.ledger import Standing, open_writing, settle
from sessions.attendance.queries import HeldFound, find_held
from sessions.attendance.rules import is_fresh, refuse_cancelled, rules_of


@dataclass(frozen=True)
class _Line:
    nonce: UUID
    person: UUID
    state: str
    minutes: int | None
    substitute: UUID | None
    substitute_name: str
    received_at: datetime
    by: UUID | None

    def told(self, reason: str) -> MarkForm:
        """The same, told anew."""
        names = ("person", "state", "minutes", "substitute", "substitute_name")
        told = {name: getattr(self, name) for name in names}
        return MarkForm(nonce=new_id(), reason=reason, **told)


async def undo_marks(by: Who, meeting_id: UUID, form: UndoForm) -> int:
    """Take marks back that still hold: those of one's own act at an instant, or the mark of a
    nonce; how many. Twice is the same as once.

    Raises NotFound for a mark that is not there, Refused when a reason is asked, or the session
    is locked or cancelled.
    """
    async with transaction():
        held = await find_held(by, meeting_id)
        refuse_cancelled(held)
        lines = await _lines(held, _meant(by, form))
        meant = {line.nonce for line in lines if _is_meant(by, form, line)}
        if not meant:
            raise NotFound
        marks = [line.told(form.reason) for line in _before(lines, meant)]
        writing = await open_writing(held, marks, by.person, "hand")
        now = [writing.people[m.person] for m in marks if m.person in writing.people]
        _refuse_late(by, form, now)
        rules = replace(await rules_of(by, held), undoing=True)
        results = [writing.take(mark, rules.judge) for mark in marks]
        for refusal in [one for one in results if one.errors][:1]:
            error = refusal.errors[0]
            raise Refused(fields={error["field"] or "reason": error["message"]})
        await settle(writing, marks, results)
        await tell_marks(by, "attendance.undo", held, writing)
    return len(writing.lines)


def _meant(by: Who, form: UndoForm) -> SQL:
    if form.nonce:
        return SQL("k.nonce = {}", form.nonce)
    return SQL("k.received_at = {} AND k.by = {}", form.at, by.person)


def _is_meant(by: Who, form: UndoForm, line: _Line) -> bool:
    if form.nonce:
        return line.nonce == form.nonce
    return line.received_at == form.at and line.by == by.person


async def _lines(held: HeldFound, meant: SQL) -> list[_Line]:
    """All marks of the persons of the marks that are meant, the one that holds first."""
    return await rows(
        _Line,
        "SELECT m.nonce, m.person, m.state, m.minutes, m.substitute, m.substitute_name,"
        " m.received_at, m.by FROM mark m WHERE m.training_session = {} AND m.person IN"
        " (SELECT k.person FROM mark k WHERE k.training_session = {} AND {})"
        " ORDER BY m.person, m.marked_at DESC, m.received_at DESC, m.id DESC",
        *(held.id, held.id, meant),
    )


def _before(lines: Sequence[_Line], meant: set[UUID]) -> Iterable[_Line]:
    """For each person whose last mark is meant: what held before it, "cleared" for nothing."""
    people: dict[UUID, list[_Line]] = {}
    for line in lines:
        people.setdefault(line.person, []).append(line)
    for found in people.values():
        if found[0].nonce in meant:
            earlier = [line for line in found if line.nonce not in meant]
            yield earlier[0] if earlier else _nothing(found[0])


def _nothing(line: _Line) -> _Line:
    return _Line(line.nonce, line.person, "cleared", None, None, "", line.received_at, line.by)


async def take_back(by: Who, marks: Sequence[UUID], depends: str) -> None:
    """Take back the marks of an import, in the transaction of its undoing. Raises Refused: when the
    session is locked for who undoes it, and (409, `depends`) when another mark overruled one of
    them since."""
    sql = "SELECT k.nonce, k.training_session FROM mark k WHERE k.id IN {}"
    found: dict[UUID, set[UUID]] = {}
    for one in await run(sql, among(marks)):
        found.setdefault(one["training_session"], set()).add(one["nonce"])
    for meeting, nonces in found.items():
        held = await find_held(by, meeting)
        lines = await _lines(held, SQL("k.nonce IN {}", among(list(nonces))))
        told = [line.told("") for line in _before(lines, nonces)]
        writing = await open_writing(held, told, by.person, "import")
        rules = replace(await rules_of(by, held), undoing=True)
        results = [writing.take(mark, rules.judge) for mark in told]
        if len(told) < len({line.person for line in lines}):
            raise Refused(depends, status=409)
        if wrong := [result.errors[0]["message"] for result in results if result.errors]:
            raise Refused(wrong[0], status=409)
        await settle(writing, told, results)


def _refuse_late(by: Who, form: UndoForm, now: Sequence[Standing]) -> None:
    """Raise Refused unless there is a reason, or nothing to be taken back is older than that."""
    if len(form.reason) < 3 and not all(is_fresh(by, one) for one in now):
        raise Refused(fields={"reason": _("The ten seconds are over: say why it is taken back.")})
