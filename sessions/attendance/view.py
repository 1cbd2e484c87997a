"""What the roll call shows: the rows, how many stand where, and what a tap says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from kit import clock
from kit.database import new_id
from kit.errors import Refused
from kit.forms import Form, Line, Maybe, check
from kit.i18n import gettext as _
from kit.pages import link
from people.permissions import Who
from sessions.attendance.forms import Marked, MarkForm, of_page
from sessions.attendance.queries import (
    HeldFound,
    Trainee,
    TraineeFilter,
    count_states,
    list_trainees,
    locked_from,
    may_take,
)
from sessions.attendance.words import STATES, state_word
from sessions.checkins.crowd import most_on_one_phone

PILLS = (
    (("present",), "ok"),
    (("late", "left_early"), "wait"),
    (("excused", "unexcused"), "bad"),
    (("substitute",), "info"),
)

LONGEST = 4
"""Digits of a number of minutes that is shown again as it was typed."""


class RollFilter(Form):
    """What the roll shows: part of a name without marks, the page after a cursor."""

    q: Line = ""
    after: str = ""

    def query(self) -> dict[str, str]:
        """The words of the address that ask for it."""
        return self.model_dump()


class TapForm(Form):
    """A tap in the roll call, with what it unfolded."""

    person: UUID
    mark: Literal["present", "late", "absent"]
    late_kind: Literal["late", "left_early"] = "late"
    absent_kind: Literal["unexcused", "excused", "substitute"] = "unexcused"
    minutes: Line = ""
    substitute_name: Line = ""
    reason: Line = ""
    nonce: Annotated[UUID | None, Maybe] = None

    @property
    def state(self) -> str:
        """The state that it means."""
        kinds = {"late": self.late_kind, "absent": self.absent_kind}
        return kinds.get(self.mark, self.mark)

    def told(self) -> MarkForm:
        """The mark that it makes. Raises Refused."""
        names = ("person", "minutes", "substitute_name", "reason")
        told = {name: getattr(self, name) for name in names}
        nonce = self.nonce or new_id()
        return check(MarkForm, of_page({**told, "nonce": nonce, "state": self.state}))


@dataclass(frozen=True)
class Tally:
    """How many of those who take part stand where."""

    states: dict[str, int]

    @property
    def untaken(self) -> int:
        """How many are not taken yet."""
        return self.states.get("cleared", 0)

    @property
    def tags(self) -> list[tuple[str, str, tuple[str, ...], int]]:
        """The counts, each in words, with its tone, the states that it adds up, and bare."""
        words = (_("Present"), _("Late"), _("Away"), _("Substitute"))
        found: list[tuple[str, str, tuple[str, ...], int]] = []
        for (states, tone), word in zip(PILLS, words, strict=True):
            number = sum(self.states.get(state, 0) for state in states)
            found.append((f"{word} {number}", tone, states, number))
        left = self.untaken
        return [*found, (_("Not taken %(num)s", num=left), "", ("cleared",), left)]


def address(held: HeldFound) -> str:
    """Where the roll call of a session is."""
    return f"/sessions/{held.id}/attendance"


async def lock_shown(held: HeldFound) -> date | None:
    """Since which day the attendance is locked, if it is."""
    locked = await locked_from(held)
    return locked if clock.today() >= locked else None


async def marks_here(who: Who, held: HeldFound) -> bool:
    """Whether marks may be made in a session now: by whom, not cancelled, not locked for them."""
    if held.cancelled_at or not may_take(who, held):
        return False
    return who.reaches("attendance.correct", held.path) or not await lock_shown(held)


async def roll(who: Who, held: HeldFound, asked: RollFilter) -> dict[str, Any]:
    """What the page of the roll call shows."""
    wanted = TraineeFilter(q=asked.q, after=asked.after)
    trainees, following = await list_trainees(held, wanted)
    return {
        "held": held,
        "asked": asked,
        "trainees": trainees,
        "next": link(address(held), q=asked.q, after=following) if following else "",
        "tally": Tally(await count_states(held)),
        "at": address(held),
        "action": link(address(held), **asked.query()),
        "locked": await lock_shown(held),
        "marks": await marks_here(who, held),
        "words": {state: state_word(state) for state in STATES},
        "lent": await most_on_one_phone(held.id),
    }


async def tapped(held: HeldFound, person: UUID, tap: TapForm | None) -> Trainee | None:
    """The row of a person; where the tap was refused, as it was tapped."""
    found, _following = await list_trainees(held, TraineeFilter(person=person), 1)
    if not found or tap is None:
        return found[0] if found else None
    few = tap.minutes.isdecimal() and len(tap.minutes) <= LONGEST
    minutes = int(tap.minutes) if few else None
    who_came = tap.substitute_name
    return replace(
        found[0],
        state=tap.state,
        minutes=minutes,
        substitute_name=who_came,
        reason=tap.reason,
        via=None,
    )


def refusal_of(marked: Marked) -> Refused | None:
    """What was wrong with a mark, if anything."""
    if not marked.errors:
        return None
    return Refused(fields={error["field"]: error["message"] for error in marked.errors})
