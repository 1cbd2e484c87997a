"""The forms of attendance: a mark, taking marks back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, ValidationInfo, field_validator

from kit.forms import Form, Line, Maybe
from kit.guard import SafeLine
from kit.i18n import gettext as _
from sessions.attendance.words import TIMED

MarkState = Literal[
    "present", "late", "left_early", "excused", "unexcused", "substitute", "cleared"
]


class MarkForm(Form):
    """What is noted of a person in a session. `nonce` makes a repeated sending one mark;
    `minutes` tells how late or how early; `marked_at` is the tap's own time, now if not given;
    `cleared` takes earlier marks back."""

    nonce: UUID
    person: UUID
    state: MarkState
    minutes: Annotated[int | None, Maybe] = Field(default=None, ge=0, le=720)
    substitute: Annotated[UUID | None, Maybe] = None
    substitute_name: SafeLine = Field(default="", max_length=120, validate_default=True)
    marked_at: AwareDatetime | None = None
    reason: Line = Field(default="", max_length=300)

    @field_validator("minutes")
    @classmethod
    def _only_who_was_late(cls, minutes: int | None, info: ValidationInfo) -> int | None:
        if minutes is not None and info.data.get("state") not in TIMED:
            raise ValueError(_("Minutes belong to somebody who was late or left early."))
        return minutes

    @field_validator("substitute")
    @classmethod
    def _another_person(cls, substitute: UUID | None, info: ValidationInfo) -> UUID | None:
        if substitute is not None and substitute == info.data.get("person"):
            raise ValueError(_("Name another person: somebody cannot stand in for themselves."))
        return substitute

    @field_validator("substitute_name")
    @classmethod
    def _told_who_came(cls, name: str, info: ValidationInfo) -> str:
        told = bool(name) or info.data.get("substitute") is not None
        if info.data.get("state") == "substitute" and not told:
            raise ValueError(_("Say who came instead."))
        if info.data.get("state") not in ("substitute", None) and told:
            raise ValueError(_("Only a substitute has the name of who came instead."))
        return name

    @field_validator("reason")
    @classmethod
    def _long_enough(cls, reason: str) -> str:
        if 0 < len(reason) < 3:
            raise ValueError(_("Say why in a few words."))
        return reason


def of_page(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a page's form without those that do not belong to the chosen state: they may
    still be filled from the state before."""
    kept = dict(fields)
    if kept.get("state") not in TIMED:
        kept.pop("minutes", None)
    if kept.get("state") != "substitute":
        kept.pop("substitute", None)
        kept.pop("substitute_name", None)
    return kept


class UndoForm(Form):
    """Which marks are taken back: those one made at an instant (one act), or the mark of a nonce;
    `reason` is asked when the ten seconds are over."""

    at: Annotated[AwareDatetime | None, Maybe] = None
    nonce: Annotated[UUID | None, Maybe] = None
    reason: Line = Field(default="", max_length=300)


Status = Literal["created", "duplicate", "conflict", "rejected"]


@dataclass(frozen=True)
class Marked:
    """What became of a mark: `created`, `duplicate` (told before), `conflict` (another content
    under a known nonce; nothing was changed) or `rejected` with errors. `state` is what holds of
    the person now, None for not taken; `at` is when the tap that made it so was made."""

    nonce: str
    status: Status
    errors: list[dict[str, str]] = field(default_factory=list)
    state: str | None = None
    at: datetime | None = None
