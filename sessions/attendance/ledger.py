"""The ledger itself: lines are added, never changed; the last by its own time holds.

Nothing here asks for permission. A mark that is not refused is always kept, even one that an
earlier sent mark with a later time overrules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol, TypeAlias
from uuid import UUID

from kit import clock
from kit.database import SQL, among, inserting, new_id, rows, run
from kit.i18n import gettext as _
from sessions.attendance.forms import Marked, MarkForm

AROUND = timedelta(hours=12)
"""How far the clock of a phone is believed; a tap told farther off counts as made that far off."""
_MOMENT = timedelta(microseconds=1)


class Held(Protocol):
    """What the ledger must know of a session: most rows of sessions tell it."""

    @property
    def id(self) -> UUID:
        """The session."""

    @property
    def course(self) -> UUID:
        """Its course."""

    @property
    def day(self) -> date:
        """The day on which it is held."""


@dataclass(frozen=True)
class Standing:
    """Somebody who takes part in a session on its day, with the mark that holds, if any."""

    person: UUID
    name: str
    mark: UUID | None = None
    nonce: UUID | None = None
    state: str | None = None
    minutes: int | None = None
    substitute: UUID | None = None
    substitute_name: str | None = None
    marked_at: datetime | None = None
    received_at: datetime | None = None
    by: UUID | None = None

    @property
    def taken(self) -> str | None:
        """The state that holds; None for not taken."""
        return None if self.state == "cleared" else self.state

    def is_before(self, row: dict[str, Any]) -> bool:
        """Whether a line overrules the mark that holds."""
        if self.mark is None or self.marked_at is None or self.received_at is None:
            return True
        mine = (self.marked_at, self.received_at, self.mark)
        return mine < (row["marked_at"], row["received_at"], row["id"])

    def says(self, row: dict[str, Any]) -> bool:
        """Whether a line says the same as the mark that holds."""
        told = ("state", "minutes", "substitute")
        same = all(getattr(self, name) == row[name] for name in told)
        return same and (self.substitute_name or "") == row["substitute_name"]


Errors: TypeAlias = list[dict[str, str]]
Judge: TypeAlias = Callable[[MarkForm, Standing, dict[str, Any]], Errors]
"""Errors of a mark: what was told, where the person stands, the line it would become."""


def wrong(field: str, message: str) -> Errors:
    """One error of a mark."""
    return [{"field": field, "message": message}]


def takes_part(alias: str, day: date) -> SQL:
    """The condition that an enrolment holds on a day: nobody is absent before joining."""
    return SQL(
        f"({alias}.since <= {{}} AND ({alias}.until IS NULL OR {{}} < {alias}.until))", day, day
    )


async def standings(held: Held, people: Sequence[UUID]) -> dict[UUID, Standing]:
    """Where each of the people who take part in a session stands; others are not in it."""
    found = await rows(
        Standing,
        "SELECT e.person, p.name, m.id AS mark, m.nonce, m.state, m.minutes, m.substitute,"
        " m.substitute_name, m.marked_at, m.received_at, m.by"
        " FROM enrolment e JOIN person p ON p.id = e.person"
        " LEFT JOIN mark m ON m.id = (SELECT k.id FROM mark k WHERE k.training_session = {}"
        " AND k.person = e.person ORDER BY k.marked_at DESC, k.received_at DESC, k.id DESC LIMIT 1)"
        " WHERE e.course = {} AND e.person IN {} AND {}",
        *(held.id, held.course, among(people), takes_part("e", held.day)),
    )
    return {one.person: one for one in found}


@dataclass(frozen=True)
class _Known:
    nonce: UUID
    training_session: UUID
    person: UUID
    state: str


async def _known(nonces: Sequence[UUID]) -> dict[UUID, _Known]:
    sql = "SELECT nonce, training_session, person, state FROM mark WHERE nonce IN {}"
    return {one.nonce: one for one in await rows(_Known, sql, among(nonces))}


@dataclass
class Writing:
    """Marks being written at an instant: what is known, and the lines that are new."""

    held: Held
    by: UUID | None
    via: str
    device: str
    known: dict[UUID, _Known]
    people: dict[UUID, Standing]
    lines: list[dict[str, Any]]
    at: datetime

    def take(self, mark: MarkForm, judge: Judge) -> Marked:
        """Take a mark: a new line, or why there is none."""
        if mark.nonce in self.known:
            return self.again(mark)
        now = self.people.get(mark.person)
        if now is None:
            said = _("This person does not take part in the session on its day.")
            return Marked(str(mark.nonce), "rejected", wrong("person", said))
        line = self._line(mark, now)
        errors = judge(mark, now, line)
        if errors:
            return Marked(str(mark.nonce), "rejected", errors)
        self.lines.append(line)
        self.known[mark.nonce] = _Known(mark.nonce, self.held.id, mark.person, mark.state)
        if now.is_before(line):
            self.people[mark.person] = standing_after(now, line)
        return Marked(str(mark.nonce), "created")

    def again(self, mark: MarkForm) -> Marked:
        """What a second sending under a known nonce is."""
        told = self.known[mark.nonce]
        same = told == _Known(mark.nonce, self.held.id, mark.person, mark.state)
        status: Literal["duplicate", "conflict"] = "duplicate" if same else "conflict"
        return Marked(str(mark.nonce), status)

    def _line(self, mark: MarkForm, now: Standing) -> dict[str, Any]:
        return {
            "id": new_id(),
            "training_session": self.held.id,
            **mark.model_dump(exclude={"marked_at"}),
            "marked_at": believed(self.at, mark.marked_at, now.marked_at),
            "received_at": self.at,
            "by": self.by,
            "via": self.via,
            "device": self.device,
        }

    def now(self, mark: MarkForm, result: Marked) -> Marked:
        """The result with what holds of the person now."""
        one = self.people.get(mark.person)
        return replace(result, state=one.taken, at=one.marked_at) if one else result


def standing_after(now: Standing, line: dict[str, Any]) -> Standing:
    """Where a person stands once a line is the last."""
    names = ("nonce", "state", "minutes", "substitute", "substitute_name", "by")
    told = {name: line[name] for name in (*names, "marked_at", "received_at")}
    return replace(now, mark=line["id"], **told)


def believed(now: datetime, told: datetime | None, last: datetime | None) -> datetime:
    """The instant that counts for a tap: as told, within reason; a tap made here and now comes
    after what its maker saw, even if a phone's clock was ahead."""
    if told is None:
        return max(now, last + _MOMENT) if last else now
    return min(max(told.astimezone(now.tzinfo), now - AROUND), now + AROUND)


async def open_writing(
    held: Held, marks: Sequence[MarkForm], by: UUID | None, via: str, device: str = ""
) -> Writing:
    """Read what must be known before marks are written."""
    known = await _known([mark.nonce for mark in marks])
    people = await standings(held, [mark.person for mark in marks])
    return Writing(held, by, via, device, known, people, [], clock.now())


async def write_lines(writing: Writing) -> set[UUID]:
    """Write the new lines; the nonces that another had written meanwhile. In the order of nonces,
    so that two senders never wait for each other."""
    lines = sorted(writing.lines, key=lambda line: line["nonce"])
    kept: set[UUID] = set()
    for statement in inserting("mark", lines):
        sql = "{} ON CONFLICT (nonce) DO NOTHING RETURNING nonce"
        kept |= {one["nonce"] for one in await run(sql, statement)}
    return {line["nonce"] for line in lines} - kept


async def settle(
    writing: Writing, marks: Sequence[MarkForm], results: Sequence[Marked]
) -> list[Marked]:
    """Write the lines; the results, in which what another wrote first is told as such."""
    lost = await write_lines(writing)
    if lost:
        writing.known |= await _known(list(lost))
        writing.people |= await standings(writing.held, [mark.person for mark in marks])
    told = [
        writing.again(mark) if mark.nonce in lost else result
        for mark, result in zip(marks, results, strict=True)
    ]
    return [writing.now(mark, result) for mark, result in zip(marks, told, strict=True)]


async def write_marks(
    held: Held,
    marks: Sequence[MarkForm],
    *,
    by: UUID | None,
    via: str,
    device: str = "",
) -> list[Marked]:
    """Write marks in the caller's transaction, without asking for permission; what became of
    each, in their order."""
    writing = await open_writing(held, marks, by, via, device)
    results = [writing.take(mark, lambda *_: []) for mark in marks]
    return await settle(writing, marks, results)


async def write_mark(
    held: Held, mark: MarkForm, *, by: UUID | None, via: str, device: str = ""
) -> Marked:
    """Write a mark in the caller's transaction, without asking for permission."""
    [marked] = await write_marks(held, [mark], by=by, via=via, device=device)
    return marked
