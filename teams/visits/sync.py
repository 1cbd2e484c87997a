"""What a phone sends: visits, new households and residents, and what it lost; each by itself.

One bad record never blocks the rest: every record is a transaction of its own, so what was
acknowledged is there, and the answer says of each record what became of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from kit import clock
from kit.bodies import check_json
from kit.database import new_id
from kit.errors import Forbidden, NotFound, Refused
from kit.forms import Form, Line
from kit.i18n import gettext as _
from people.permissions import Who
from teams.offline.tables import LocalLoss
from teams.visits.commands import log_visit
from teams.visits.forms import VisitForm

MOST = 200


@dataclass(frozen=True)
class WrongIn:
    """A field of a record that is wrong, and how to mend it."""

    field: str
    message: str


@dataclass(frozen=True)
class Result:
    """What became of a record: created, duplicate, conflict or rejected."""

    id: str
    status: str
    errors: list[WrongIn] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)


class LossForm(Form):
    """Records that a phone deleted unsent."""

    at: AwareDatetime
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
    told = str(record.get("id", ""))[:64]
    try:
        return await handle(by, record)
    except Refused as refused:
        wrong = [WrongIn(name, said) for name, said in refused.fields.items()]
        if refused.message:
            wrong.append(WrongIn("", refused.message))
        return Result(told, "rejected", wrong)
    except NotFound:
        said = _("This household is not there, or it is not yours to see.")
        return Result(told, "rejected", [WrongIn("household", said)])
    except Forbidden:
        said = _("Your role does not allow this any more. Ask your coordinator.")
        return Result(told, "rejected", [WrongIn("", said)])


async def take_visit(by: Who, record: Mapping[str, Any]) -> Result:
    """Log the visit of a record."""
    logged = await log_visit(by, check_json(VisitForm, record), "sync")
    return Result(str(logged.id), logged.status, flags=logged.flags)


async def take_losses(by: Who, losses: list[Any]) -> None:
    """Write down what a phone deleted unsent."""
    for told in losses:
        loss = check_json(LossForm, told)
        await LocalLoss.insert(_loss(by, loss, clock.now()))


def _loss(by: Who, loss: LossForm, now: datetime) -> LocalLoss:
    person: UUID | None = by.person
    return LocalLoss(
        id=new_id(),
        person=person,
        at=loss.at,
        reason=loss.reason,
        lost=loss.count,
        device=loss.device,
        received_at=now,
    )
