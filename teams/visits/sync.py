"""What a phone sends: visits, new households and residents, and what it lost; each by itself.

One bad record never blocks the rest: it leaves nothing behind, and the answer, which comes after
the commit, says of each record what became of it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from pydantic import Field

from kit import clock
from kit.bodies import check_json
from kit.database import run
from kit.errors import Forbidden, NotFound, Refused
from kit.forms import Form, Instant, Line
from kit.i18n import gettext as _
from people.permissions import Who
from teams.visits.commands import Outcome, log_visits
from teams.visits.forms import VisitForm
from teams.visits.items import VisitItem, show_visit
from teams.visits.queries import find_visit

log = logging.getLogger("toso.visits")

MOST = 200
TOGETHER = 50
"""Visits of one transaction: few commits, and others get their turn soon."""


@dataclass(frozen=True)
class WrongIn:
    """A field of a record that is wrong, and how to mend it."""

    field: str
    message: str


@dataclass(frozen=True)
class Result:
    """What became of a record: created, duplicate, conflict or rejected. `theirs` is the visit that
    stands under the id of a conflict, so that its author sees both."""

    id: str
    status: str
    errors: list[WrongIn] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    theirs: VisitItem | None = None


class LossForm(Form):
    """Records that a phone deleted unsent."""

    at: Instant
    reason: Line = Field(min_length=1, max_length=120)
    count: int = Field(ge=0, le=100_000)
    device: Line = Field(default="", max_length=120)


Handle = Callable[[Who, Mapping[str, Any]], Awaitable[Result]]


async def one_by_one(by: Who, records: list[Any], handle: Handle) -> list[Result]:
    """Every record's result, in the order of the records."""
    return [await _guarded(by, record, handle) for record in records]


async def _guarded(by: Who, record: Any, handle: Handle) -> Result:
    if not isinstance(record, dict):
        return Result("", "rejected", [WrongIn("", _("This record cannot be read."))])
    try:
        return await handle(by, record)
    except Refused as refused:
        return _rejected(record, refused)
    except NotFound:
        said = _("This household is not there, or it is not yours to see.")
        return _rejected(record, Refused(fields={"household": said}))
    except Forbidden:
        said = _("Your role does not allow this any more. Ask your coordinator.")
        return _rejected(record, Refused(said))


def _rejected(record: Any, refused: Refused) -> Result:
    told = str(record.get("id", ""))[:64] if isinstance(record, dict) else ""
    wrong = [WrongIn(name, said) for name, said in refused.fields.items()]
    if refused.message:
        wrong.append(WrongIn("", refused.message))
    return Result(told, "rejected", wrong)


async def take_visits(by: Who, records: Sequence[Any]) -> list[Result]:
    """Log the visits of records, in few transactions; what became of each, in their order."""
    found: list[Result] = []
    for start in range(0, len(records), TOGETHER):
        part = records[start : start + TOGETHER]
        read = [_read(record) for record in part]
        outcomes = iter(
            await log_visits(by, [form for form in read if isinstance(form, VisitForm)], "sync")
        )
        for record, form in zip(part, read, strict=True):
            outcome = next(outcomes) if isinstance(form, VisitForm) else form
            found.append(await _result(by, record, outcome))
    return found


def _read(record: Any) -> VisitForm | Refused:
    """The form of a record, or why it is none."""
    if not isinstance(record, dict):
        return Refused(_("This record cannot be read."))
    try:
        return check_json(VisitForm, record)
    except Refused as refused:
        return refused


async def _result(by: Who, record: Any, outcome: Outcome) -> Result:
    if isinstance(outcome, Refused):
        return _rejected(record, outcome)
    theirs = await _stored(by, outcome.id) if outcome.status == "conflict" else None
    return Result(str(outcome.id), outcome.status, flags=outcome.flags, theirs=theirs)


async def _stored(by: Who, visit: UUID) -> VisitItem | None:
    """The visit that stands under an id; None for one beyond the reach of whoever asks."""
    try:
        return await show_visit(await find_visit(by, visit))
    except NotFound:
        return None


async def take_losses(by: Who, losses: list[Any]) -> None:
    """Write down what a phone deleted unsent; the same told again is once. A line that cannot be
    read is logged and passed over: what came with it is written already, and a phone that were
    refused now would send it for ever."""
    for told in losses:
        try:
            loss = check_json(LossForm, told)
        except Refused as refused:
            log.warning("loss unreadable", extra={"error": str(sorted(refused.fields))})
        else:
            await _keep(by, loss)


async def _keep(by: Who, loss: LossForm) -> None:
    told = f"{by.person} {loss.at.timestamp()} {loss.reason} {loss.count} {loss.device}"
    await run(
        "INSERT INTO local_loss (id, person, at, reason, lost, device, received_at)"
        " VALUES ({}, {}, {}, {}, {}, {}, {}) ON CONFLICT (id) DO NOTHING",
        *(uuid5(NAMESPACE_OID, told), by.person, loss.at, loss.reason, loss.count, loss.device),
        clock.now(),
    )
