"""The ledger itself: lines are added, never changed; the last by its own time holds.

Nothing here asks for permission. A mark that is not refused is always kept, even one that an
earlier sent mark with a later time overrules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from kit import clock
from kit.database import ON_SQLITE, SQL, among, inserting, new_id, rows, run
from kit.errors import Refused
from kit.i18n import gettext as _
from sessions.attendance.forms import Marked, MarkForm, Status

AROUND = timedelta(hours=12)
"""How far the clock of a phone may be wrong and its taps still count by it. A tap told farther
ahead, or longer ago than a phone may keep it, says nothing of when it was made: it counts as made
so long ago, and overrules nobody who marked since."""
KEPT = timedelta(days=60)
"""How long a phone may keep a tap before it is sent."""
_MOMENT = timedelta(microseconds=1)
TOLD = ("nonce", "person", "state", "minutes", "substitute", "substitute_name", "reason")


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


def last_mark_of(meeting: str, person: str) -> str:
    """The id of the mark that holds of a person in a session, as a subquery of two columns or
    placeholders; the index `mark_of` answers it whatever the database guesses of sizes."""
    return (
        f"(SELECT k.id FROM mark k WHERE k.training_session = {meeting} AND k.person = {person}"
        " ORDER BY k.marked_at DESC, k.received_at DESC, k.id DESC LIMIT 1)"
    )


async def standings(held: Held, people: Sequence[UUID]) -> dict[UUID, Standing]:
    """Where each of the people who take part in a session stands; others are not in it."""
    found = await rows(
        Standing,
        "SELECT e.person, p.name, m.id AS mark, m.nonce, m.state, m.minutes, m.substitute,"
        " m.substitute_name, m.marked_at, m.received_at, m.by"
        " FROM enrolment e JOIN person p ON p.id = e.person"
        f" LEFT JOIN mark m ON m.id = {last_mark_of('{}', 'e.person')}"
        " WHERE e.course = {} AND e.person IN {} AND {}",
        *(held.id, held.course, among(people), takes_part("e", held.day)),
    )
    return {one.person: one for one in found}


@dataclass(frozen=True)
class _Known:
    """What a nonce stands for."""

    nonce: UUID
    training_session: UUID
    person: UUID
    state: str
    minutes: int | None
    substitute: UUID | None
    substitute_name: str

    def is_told_by(self, held: Held, mark: MarkForm) -> bool:
        """Whether a mark in a session says the same."""
        names = ("nonce", "person", "state", "minutes", "substitute", "substitute_name")
        same = all(getattr(self, name) == getattr(mark, name) for name in names)
        return same and self.training_session == held.id


async def _known(nonces: Sequence[UUID]) -> dict[UUID, _Known]:
    sql = (
        "SELECT nonce, training_session, person, state, minutes, substitute, substitute_name"
        " FROM mark WHERE nonce IN {}"
    )
    return {one.nonce: one for one in await rows(_Known, sql, among(nonces))}


@dataclass
class Writing:
    """Marks being written at an instant: where people stand, and the lines that are new."""

    held: Held
    by: UUID | None
    via: str
    device: str
    people: dict[UUID, Standing]
    at: datetime
    lines: list[dict[str, Any]] = field(default_factory=list)
    nonces: dict[UUID, MarkForm] = field(default_factory=dict)

    def take(self, mark: MarkForm, judge: Judge) -> Marked:
        """Take a mark: a new line, or why there is none. Whether its nonce is known is asked when
        the lines are written."""
        if mark.nonce in self.nonces:
            same = _content(self.nonces[mark.nonce]) == _content(mark)
            return Marked(str(mark.nonce), "duplicate" if same else "conflict")
        now = self.people.get(mark.person)
        if now is None:
            said = _("This person does not take part in the session on its day.")
            return Marked(str(mark.nonce), "rejected", wrong("person", said))
        line = self.line(mark, now)
        errors = judge(mark, now, line)
        if errors:
            return Marked(str(mark.nonce), "rejected", errors)
        self.lines.append(line)
        self.nonces[mark.nonce] = mark
        if now.is_before(line):
            self.people[mark.person] = standing_after(now, line)
        return Marked(str(mark.nonce), "created")

    def again(self, mark: MarkForm, told: _Known) -> Marked:
        """What a second sending under a known nonce is."""
        status: Status = "duplicate" if told.is_told_by(self.held, mark) else "conflict"
        return Marked(str(mark.nonce), status)

    def line(self, mark: MarkForm, now: Standing) -> dict[str, Any]:
        """The line that a mark would become."""
        return {
            "id": new_id(),
            "training_session": self.held.id,
            **{name: getattr(mark, name) for name in TOLD},
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


def _content(mark: MarkForm) -> MarkForm:
    """A mark without what a second sending may tell otherwise."""
    return mark.model_copy(update={"marked_at": None, "reason": ""})


def standing_after(now: Standing, line: dict[str, Any]) -> Standing:
    """Where a person stands once a line is the last."""
    names = ("nonce", "state", "minutes", "substitute", "substitute_name", "by")
    told = {name: line[name] for name in (*names, "marked_at", "received_at")}
    return replace(now, mark=line["id"], **told)


def believed(now: datetime, told: datetime | None, last: datetime | None) -> datetime:
    """The instant that counts for a tap. One made here and now comes after what its maker saw; so
    does one told a little ahead, for no tap is made after it arrives.

    Thus a phone whose clock is wrong by days overrules no later correction unseen. Days ahead, its
    taps count as made AROUND ago, and once the day of the session is over they ask for a reason
    (rules.py), as do those that were kept until their wrong day came. Days behind, they count by
    their own time, which is before whatever was marked since. All are kept; what holds is told.
    """
    if told is None or now <= told <= now + AROUND:
        return max(now, last + _MOMENT) if last else now
    plain = now - KEPT < told < now
    return (told if plain else now - AROUND).astimezone(now.tzinfo)


async def open_writing(
    held: Held, marks: Sequence[MarkForm], by: UUID | None, via: str, device: str = ""
) -> Writing:
    """Read what must be known before marks are written. Raises Refused (409) when the session was
    moved to another day meanwhile."""
    await _keep_the_day(held)
    people = await standings(held, [mark.person for mark in marks])
    return Writing(held, by, via, device, people, clock.now())


async def _keep_the_day(held: Held) -> None:
    """Keep a session on the day on which it was found until the transaction ends."""
    sql = "SELECT id FROM training_session WHERE id = {} AND day = {}"
    if not await run(sql + ("" if ON_SQLITE else " FOR SHARE"), held.id, held.day):
        said = _("Somebody else changed this session meanwhile. Look again, then decide.")
        raise Refused(said, status=409)


async def write_lines(lines: Sequence[dict[str, Any]]) -> set[UUID]:
    """Write lines; the nonces that are new. In the order of nonces, so that two senders never wait
    for each other."""
    new: set[UUID] = set()
    for statement in inserting("mark", sorted(lines, key=lambda line: line["nonce"])):
        sql = "{} ON CONFLICT (nonce) DO NOTHING RETURNING nonce"
        new |= {one["nonce"] for one in await run(sql, statement)}
    return new


async def settle(
    writing: Writing, marks: Sequence[MarkForm], results: Sequence[Marked]
) -> list[Marked]:
    """Write the lines; the results, in which what was told before is told as such, even if it
    would be refused now. Of `writing` the lines that are new stay."""
    new = await write_lines(writing.lines)
    told = list(results)
    doubtful = {mark.nonce for mark in marks} - new
    if doubtful:
        writing.lines = [line for line in writing.lines if line["nonce"] in new]
        known = await _known(list(doubtful))
        for number, mark in enumerate(marks):
            if mark.nonce in known:
                told[number] = writing.again(mark, known[mark.nonce])
        writing.people |= await standings(writing.held, [mark.person for mark in marks])
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
