"""The words and numbers of the body: saved from the app, each change in the log."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from kit import clock
from kit.database import run, transaction
from kit.errors import Refused
from kit.forms import Form, Line
from kit.i18n import gettext as _
from kit.periods import CUT_OFFS
from kit.text import squeeze
from people.audit.commands import changes, record
from people.permissions import Who, must
from places.settings.queries import forget_settings, read_settings, settings_stamp


def _time_of_day(value: object) -> object:
    """A time as 21:00. ValueError, with a sentence, for anything else."""
    if isinstance(value, str) and TIME.fullmatch(value.strip()):
        return value.strip()
    raise ValueError(_("Enter a time like 21:00."))


def _few_lines(text: str) -> str:
    """The lines without blank ones. ValueError, with a sentence, for too many or too long ones."""
    lines = [line for line in map(squeeze, text.splitlines()) if line]
    if len(lines) > MOST_LINES or any(len(line) > LONGEST for line in lines):
        raise ValueError(_("Write at most four lines of 60 letters each."))
    return "\n".join(lines)


MOST_LINES, LONGEST = 4, 60
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
TimeOfDay = Annotated[str, BeforeValidator(_time_of_day)]


class SettingsForm(Form):
    """What an admin may change; `stamp` tells which state was shown. The demo mark is not here."""

    body_name: Line = Field(min_length=2, max_length=120)
    body_parent: Line = Field(default="", max_length=120)
    hotline: Line = Field(default="", max_length=40, pattern=r"^[0-9+. ()-]*$")
    signing: Annotated[str, AfterValidator(_few_lines)] = ""
    signer: Line = Field(default="", max_length=60)
    commune_label: Line = Field(min_length=1, max_length=30)
    hamlet_label: Line = Field(min_length=1, max_length=30)
    target_size: int = Field(ge=1, le=99)
    due_days: int = Field(ge=1, le=366)
    edit_hours: int = Field(ge=0, le=8760)
    retention_months: int = Field(ge=1, le=240)
    cutoff_day: int
    checkin_opens: int = Field(default=60, ge=0, le=720)
    checkin_closes: int = Field(default=30, ge=0, le=720)
    late_after: int = Field(default=10, ge=0, le=240)
    lock_days: int = Field(default=7, ge=0, le=366)
    missed_in_row: int = Field(default=2, ge=1, le=20)
    quiet_from: TimeOfDay = "21:00"
    quiet_until: TimeOfDay = "06:30"
    stamp: str = ""

    @field_validator("cutoff_day")
    @classmethod
    def _in_every_month(cls, day: int) -> int:
        if day not in CUT_OFFS:
            raise ValueError(_("Choose one of the list."))
        return day

    def values(self) -> dict[str, str]:
        """Setting → value."""
        return {key: str(getattr(self, field)) for field, key in FIELDS.items()}


FIELDS = {
    "body_name": "body.name",
    "body_parent": "body.parent",
    "hotline": "hotline",
    "signing": "paper.signing",
    "signer": "paper.signer",
    "commune_label": "label.commune",
    "hamlet_label": "label.hamlet",
    "target_size": "team.target_size",
    "due_days": "visit.due_days",
    "edit_hours": "visit.edit_hours",
    "retention_months": "retention.months",
    "cutoff_day": "period.cutoff_day",
    "checkin_opens": "checkin.opens",
    "checkin_closes": "checkin.closes",
    "late_after": "checkin.late_after",
    "lock_days": "attendance.lock_days",
    "missed_in_row": "attendance.missed_in_row",
    "quiet_from": "notices.quiet_from",
    "quiet_until": "notices.quiet_until",
}
"""Field of the form → key of the setting."""


async def save_settings(by: Who, form: SettingsForm) -> None:
    """Save the settings that differ. Raises Refused (409, details: their values) if another was
    faster. Twice is the same as once."""
    must(by.everywhere("settings.edit"))
    async with transaction():
        now = await read_settings()
        before, after = changes(now, form.values())
        if not after:
            return
        if form.stamp != await settings_stamp():
            raise Refused(
                _("Somebody else changed the settings. Look at their values, then save again."),
                status=409,
                details={field: now[key] for field, key in FIELDS.items()},
            )
        for key, value in after.items():
            await run(
                "INSERT INTO setting (key, value, changed_at, changed_by) VALUES ({}, {}, {}, {})"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value,"
                " changed_at = excluded.changed_at, changed_by = excluded.changed_by",
                *(key, value, clock.now(), by.person),
            )
        await record(by, "settings.edit", None, now["body.name"], before=before, after=after)
    forget_settings()
