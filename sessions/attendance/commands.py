"""Attendance: mark people, mark the rest present, take marks back, say that all is taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import among, new_id, rows, run, transaction
from kit.errors import Refused
from kit.i18n import gettext as _
from people.audit.commands import record
from people.permissions import Who
from people.reach import visible_persons
from sessions.attendance.forms import Marked, MarkForm
from sessions.attendance.ledger import (
    Writing,
    last_mark_of,
    open_writing,
    settle,
    takes_part,
    write_mark,
    write_marks,
    wrong,
)
from sessions.attendance.queries import HeldFound, find_held
from sessions.attendance.rules import Rules, refuse_cancelled, rules_of
from sessions.attendance.words import STATES

__all__ = [
    "STATES",
    "MarkForm",
    "Marked",
    "finish_attendance",
    "mark_attendance",
    "mark_in",
    "mark_rest",
    "write_mark",
    "write_marks",
]

MOST_NAMES = 20


async def mark_attendance(
    by: Who, meeting_id: UUID, marks: Sequence[MarkForm], via: str
) -> list[Marked]:
    """Mark people in a session, in one transaction; what became of each mark, in their order. One
    that is rejected leaves nothing and does not hold up the others; the same nonce is once.

    Raises NotFound or Forbidden for the session, Refused (409) when it is cancelled.
    """
    return await mark_in(by, await find_held(by, meeting_id), marks, via)


async def mark_in(by: Who, held: HeldFound, marks: Sequence[MarkForm], via: str) -> list[Marked]:
    """The same in a session already found for marking."""
    refuse_cancelled(held)
    async with transaction():
        rules = await rules_of(by, held)
        strangers = await _strangers(by, marks)
        writing = await open_writing(held, marks, by.person, via)
        results = [_take(writing, rules, mark, strangers) for mark in marks]
        results = await settle(writing, marks, results)
        await tell_marks(by, "attendance.mark", held, writing)
    return results


def _take(writing: Writing, rules: Rules, mark: MarkForm, strangers: set[UUID]) -> Marked:
    if mark.substitute in strangers:
        said = _("Choose somebody of the register, or write the name.")
        return Marked(str(mark.nonce), "rejected", wrong("substitute", said))
    return writing.take(mark, rules.judge)


async def _strangers(by: Who, marks: Sequence[MarkForm]) -> set[UUID]:
    """The substitutes that are not within reach."""
    told = {mark.substitute for mark in marks if mark.substitute}
    if not told:
        return set()
    sql = "SELECT p.id FROM person p WHERE p.id IN {} AND {}"
    found = await run(sql, among(list(told)), visible_persons(by, clock.today()))
    return told - {one["id"] for one in found}


async def tell_marks(by: Who, action: str, held: HeldFound, writing: Writing) -> None:
    """One line of the log for all marks of an act; the ledger itself has the rest."""
    if not writing.lines:
        return
    counts = Counter(line["state"] for line in writing.lines)
    people = [writing.people[line["person"]].name for line in writing.lines]
    after: dict[str, Any] = {"day": held.day, "marks": dict(counts)}
    after["people"] = people if len(people) <= MOST_NAMES else len(people)
    reasons = list(dict.fromkeys(line["reason"] for line in writing.lines if line["reason"]))
    if reasons:
        after["why"] = "; ".join(reasons[:5])
    await record(by, action, held.id, held.title, path=held.path, after=after)


@dataclass(frozen=True)
class _Untaken:
    person: UUID


async def mark_rest(by: Who, meeting_id: UUID, via: str = "hand") -> tuple[int, datetime]:
    """Mark everybody present who is not taken yet; how many, and the instant that takes it back
    (see sessions/attendance/undoing.py). Twice is the same as once.

    Raises Refused (409) when the session is cancelled, locked or still to come.
    """
    async with transaction():
        held = await find_held(by, meeting_id)
        refuse_cancelled(held)
        rules = await rules_of(by, held)
        found = await rows(
            _Untaken,
            "SELECT e.person FROM enrolment e LEFT JOIN mark m"
            f" ON m.id = {last_mark_of('{}', 'e.person')} WHERE e.course = {{}} AND {{}}"
            " AND coalesce(m.state, 'cleared') = 'cleared'",
            *(held.id, held.course, takes_part("e", held.day)),
        )
        marks = [_present(one.person) for one in found]
        writing = await open_writing(held, marks, by.person, via)
        results = [writing.take(mark, rules.judge) for mark in marks]
        for refusal in [one for one in results if one.errors][:1]:
            raise Refused(refusal.errors[0]["message"], status=409)
        await settle(writing, marks, results)
        await tell_marks(by, "attendance.rest", held, writing)
    return len(writing.lines), writing.at


def _present(person: UUID) -> MarkForm:
    return MarkForm(nonce=new_id(), person=person, state="present")


async def finish_attendance(by: Who, meeting_id: UUID) -> None:
    """Say that the attendance of a session is complete. Twice is the same as once.

    Raises Refused (409) when the session is cancelled or still to come.
    """
    async with transaction():
        held = await find_held(by, meeting_id)
        refuse_cancelled(held)
        if held.ahead:
            raise Refused(_("The session is still to come."), status=409)
        done = await run(
            "UPDATE training_session SET taken_at = {}, taken_by = {}"
            " WHERE id = {} AND taken_at IS NULL RETURNING id",
            *(clock.now(), by.person, meeting_id),
        )
        if done:
            await record(by, "attendance.finish", held.id, held.title, path=held.path)
