"""What is typed about households and residents."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, field_validator

from kit import clock
from kit.forms import Day, Form, Line, Maybe, MaybeDay, MaybePhone, Version
from kit.guard import SafeLine
from kit.i18n import gettext as _
from kit.text import fold, proper_name, sort_key

AgeBand = Literal["", "under_18", "18_34", "35_59", "60_up"]
Method = Literal["signed", "tapped", "spoken"]


class HouseholdForm(Form):
    """A household. Of fibre and smartphone it may not be known; `source` says who told it, `as_of`
    of which day."""

    area: UUID
    code: Line = Field(default="", max_length=40)
    head: Line = Field(min_length=2, max_length=80)
    address: SafeLine = Field(default="", max_length=160)
    phone: MaybePhone = None
    people: Annotated[int | None, Maybe] = Field(default=None, ge=1, le=99)
    fibre: Annotated[bool | None, Maybe] = None
    smartphone: Annotated[bool | None, Maybe] = None
    source: SafeLine = Field(default="", max_length=160)
    as_of: MaybeDay = None

    @field_validator("as_of")
    @classmethod
    def _not_ahead(cls, day: date | None) -> date | None:
        if day and day > clock.today():
            raise ValueError(_("Choose today or a day before."))
        return day

    def row(self) -> dict[str, Any]:
        """The columns of a household, with the keys that search and order it."""
        head = proper_name(self.head)
        known = any(fact is not None for fact in (self.people, self.fibre, self.smartphone))
        return {
            **keys_of(head, self.code, self.address),
            **{k: getattr(self, k) for k in ("area", "code", "address", "phone", "people")},
            "fibre": as_number(self.fibre),
            "smartphone": as_number(self.smartphone),
            "source": self.source,
            "as_of": self.as_of or (clock.today() if known else None),
        }


def keys_of(head: str, code: str, address: str) -> dict[str, str]:
    """The head of a household with the keys by which it is found and ordered."""
    return {
        "head": head,
        "fold": fold(head),
        "sort": sort_key(head),
        "search": fold(f"{code} {address}"),
    }


def as_number(fact: bool | None) -> int | None:
    """Yes, no or unknown as it is stored: 1, 0 or None."""
    return None if fact is None else int(fact)


class AddHouseholdForm(HouseholdForm):
    """A new household; `really_new` says that the possible duplicates shown are others."""

    really_new: bool = False


class EditHouseholdForm(HouseholdForm):
    """The new words and numbers of a household; `version` is the one shown."""

    version: Version


class MuteForm(Form):
    """The first day without visits to a household, and why."""

    on: Day
    reason: SafeLine = Field(min_length=3, max_length=300)
    version: Version


class VersionForm(Form):
    """The version that was shown."""

    version: Version


class HouseholdTeamForm(Form):
    """The team that serves a household from a day on; none: as the hamlet does."""

    team: Annotated[UUID | None, Maybe] = None
    on: Day
    version: Version


class MergeForm(Form):
    """The household that is the same as the one kept."""

    gone: UUID


class ResidentForm(Form):
    """Somebody of a household. A name needs consent: how it was given, to which text (the present
    one when not said), before which witness when spoken."""

    name: Line = Field(default="", max_length=80)
    age_band: AgeBand = ""
    sex: Annotated[Literal["female", "male"] | None, Maybe] = None
    consent_method: Annotated[Method | None, Maybe] = None
    consent_text: Annotated[int | None, Maybe] = Field(default=None, ge=1, le=2**31 - 1)
    witness: SafeLine = Field(default="", max_length=80)


class EditResidentForm(ResidentForm):
    """The new words about a resident; `version` is the one shown."""

    version: Version


class EndResidentForm(Form):
    """The first day somebody no longer belongs to the household."""

    on: Day
    version: Version


class HamletCountForm(Form):
    """How many households a hamlet has, who says so and of which day."""

    area: UUID
    households: int = Field(ge=0, le=1_000_000)
    as_of: Day
    source: SafeLine = Field(min_length=2, max_length=160)
