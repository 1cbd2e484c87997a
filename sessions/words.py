"""The words of training: categories of officials, states of courses, times of day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema

from kit.i18n import N_
from kit.i18n import gettext as _

SHOWN = 5
PERIOD = 45
"""Minutes in a period (tiết)."""
MAILED = "/n"
"""Where a notice leads once the mail with the secret address of an office has gone out."""

CATEGORY_NAMES = {
    "cadre": N_("cadre"),
    "civil_servant": N_("civil servant"),
    "public_employee": N_("public employee"),
    "part_time": N_("part-time officer"),
}
COURSE_STATES = {
    "planned": (N_("Planned"), "info"),
    "open": (N_("Open for enrolment"), "ok"),
    "running": (N_("Running"), "brand"),
    "closed": (N_("Closed"), ""),
    "cancelled": (N_("Cancelled"), "bad"),
}
ENROLMENT_STATES = {
    "nominated": (N_("Named by the office"), "info"),
    "waiting": (N_("Waiting"), "wait"),
    "enrolled": (N_("Enrolled"), "ok"),
    "withdrawn": (N_("Left the course"), ""),
}
_CLOCK = re.compile(r"([01]?\d|2[0-4]) ?(?:[:hg.] ?([0-5]\d)?)?")


def category_word(category: str) -> str:
    """A category of officials in the reader's language."""
    return _(CATEGORY_NAMES[category])


def first_lines(sentences: Sequence[str]) -> str:
    """What is wrong with pasted lines, a line each, as far as somebody reads it in one go."""
    more = len(sentences) - SHOWN
    rest = [_("And %(num)s more lines.", num=more)] if more > 0 else []
    return "\n".join([*sentences[:SHOWN], *rest])


def minutes_of(text: str) -> int:
    """Minutes after midnight of a time such as "8:00", "8h30", "13g" or "14". ValueError, with a
    sentence for the user, for anything else."""
    found = _CLOCK.fullmatch(text.strip().lower())
    minutes = int(found[1]) * 60 + int(found[2] or 0) if found else 1441
    if minutes > 1440:
        raise ValueError(_("Enter a time of day, like 08:00."))
    return minutes


def clock_of(minutes: int) -> str:
    """A time of day as "08:00"."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _read_time(value: object, info: ValidationInfo) -> object:
    if isinstance(value, str) and value.strip():
        return minutes_of(value)
    if info.mode == "json":
        raise ValueError(_("Enter a time of day, like 08:00."))
    return value


TimeOfDay = Annotated[
    int,
    BeforeValidator(_read_time),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}),
]
"""Minutes after local midnight, written as a time of day: 08:00."""
