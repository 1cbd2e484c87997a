"""What is told of a visit, on a page, by a phone or by a program."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from kit import clock
from kit.forms import Form, Instant, Line, Maybe, MaybeDay, Version
from kit.guard import Note, SafeLine
from kit.i18n import gettext as _

Met = Literal["met", "absent", "refused"]
Basis = Literal["consent", "anonymous"]
Method = Literal["tapped", "signed", "spoken"]
Outcome = Literal[
    "independent", "assisted", "on_behalf", "already_had", "pending", "refused", "not_needed"
]
Code = Annotated[str, Field(min_length=1, max_length=40)]
MaybeCode = Annotated[Code | None, Maybe]


class SupportForm(Form):
    """One service with its outcome; an obstacle or a referral where it was not finished."""

    service: Code
    outcome: Outcome
    obstacle: MaybeCode = None
    referral: MaybeCode = None
    resident: Annotated[UUID | None, Maybe] = None


class VisitContent(Form):
    """What happened at a door. `met_at` is an instant with its offset; the local day of it is the
    day of the visit. `consent` must be said where somebody was met (Law 91/2025/QH15)."""

    met: Met
    met_at: Instant
    place: Code = "home"
    consent: Annotated[Basis | None, Maybe] = None
    consent_method: Method = "tapped"
    consent_text: Annotated[int | None, Maybe] = Field(default=None, ge=1, le=9999)
    witness: SafeLine = Field(default="", max_length=80)
    supports: list[SupportForm] = Field(default_factory=list, max_length=40)
    note: Note = ""
    follow_up_on: MaybeDay = None
    follow_up_referral: MaybeCode = None
    participants: list[UUID] = Field(default_factory=list, max_length=20)
    performed_by: Annotated[UUID | None, Maybe] = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.met == "met" and self.consent is None:
            raise ValueError(_("Ask whether the name may be recorded, then choose the answer."))
        if self.met != "met" and self.supports:
            raise ValueError(_("Nobody was met, so no service can have been given."))
        if self.follow_up_on and self.follow_up_on < self.day:
            raise ValueError(_("The day of the next visit lies before this visit."))
        return self

    @property
    def day(self) -> date:
        """The local day of the visit."""
        return clock.local_day(self.met_at)

    @property
    def utc_offset(self) -> int:
        """Minutes east of UTC, as the phone's clock stood."""
        offset = self.met_at.utcoffset()
        return int(offset.total_seconds() // 60) if offset else 0

    @property
    def basis(self) -> Basis:
        """On what the record stands; nobody met is nobody named."""
        return self.consent or "anonymous"


class VisitForm(VisitContent):
    """A visit with the id the phone gave it. Without a household, `area` may say where it was."""

    id: UUID
    household: Annotated[UUID | None, Maybe] = None
    area: Annotated[UUID | None, Maybe] = None
    app_version: Line = Field(default="", max_length=40)

    def digest(self, performer: UUID) -> str:
        """The SHA-256 of what was told: equal for a repeated sending, whoever carries it."""
        told = self.model_dump(mode="json", exclude={"app_version", "performed_by"})
        told |= {
            "met_at": self.met_at.timestamp(),
            "performed_by": str(performer),
            "participants": sorted({*map(str, self.participants), str(performer)}),
        }
        packed = json.dumps(told, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(packed.encode()).hexdigest()


class EditVisitForm(VisitContent):
    """A visit as it should have been told; `version` is the one shown, `why` is kept with it."""

    version: Version
    why: SafeLine = Field(min_length=3, max_length=300)


class WithdrawForm(Form):
    """Why a visit does not count."""

    why: SafeLine = Field(min_length=3, max_length=300)
    version: Version
