"""Typing in a signed sheet: a line a person, in the order of the paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from kit.database import new_id
from kit.errors import Refused
from kit.forms import check
from kit.i18n import N_
from kit.i18n import gettext as _
from people.permissions import Who
from sessions.attendance.commands import mark_in
from sessions.attendance.forms import MarkForm
from sessions.attendance.queries import HeldFound, Trainee, TraineeFilter, list_trainees

ON_PAPER = {
    "present": N_("Signed"),
    "late": N_("Late"),
    "excused": N_("Excused"),
    "unexcused": N_("Away"),
}
"""What a sheet can say of somebody; the rest is corrected on the person's own page."""


@dataclass(frozen=True)
class Desk:
    """A page of the sheet: its lines, what each is now or was typed, and what is wrong with some
    (`p-` and the person's id → a sentence); `was` is the state in the ledger by person, if any."""

    trainees: list[Trainee]
    after: str
    following: str
    was: dict[UUID, str]
    reason: str = ""
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What a line can say, in the reader's language."""
        return [(state, _(word)) for state, word in ON_PAPER.items()]


async def desk(held: HeldFound, after: str) -> Desk:
    """A page of the sheet of a session already found, as it stands."""
    trainees, following = await list_trainees(held, TraineeFilter(after=after))
    return Desk(trainees, after, following, {one.id: one.state or "" for one in trainees})


async def type_in(
    by: Who, held: HeldFound, after: str, typed: Mapping[str, str]
) -> tuple[Desk, int]:
    """Write what was typed and differs from what was shown and from what stands; the page with
    what could not be written, and how many marks were. Typed again it is nothing new."""
    now, reason = await desk(held, after), typed.get("reason", "")
    changed = {
        person: state
        for person, was in now.was.items()
        if (state := typed.get(f"state-{person}", "")) in ON_PAPER
        and state not in (was, typed.get(f"was-{person}"))
    }
    wrong: dict[UUID, str] = {}
    marks = [mark for one in changed.items() if (mark := _mark(*one, reason, wrong))]
    results = await mark_in(by, held, marks, "paper") if marks else []
    for mark, result in zip(marks, results, strict=True):
        if result.errors:
            wrong[mark.person] = result.errors[0]["message"]
    lines = [
        replace(one, state=changed[one.id]) if one.id in wrong else one for one in now.trainees
    ]
    told = {f"p-{person}": said for person, said in wrong.items()}
    saved = sum(result.status == "created" for result in results)
    return replace(now, trainees=lines, reason=reason, wrong=told), saved


def _mark(person: UUID, state: str, reason: str, wrong: dict[UUID, str]) -> MarkForm | None:
    told = {"nonce": new_id(), "person": person, "state": state, "reason": reason}
    try:
        return check(MarkForm, told)
    except Refused as refused:
        wrong[person] = " ".join(refused.fields.values())
        return None
