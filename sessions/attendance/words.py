"""Attendance in the reader's words: states, and how a mark came to be."""

from __future__ import annotations

from kit.i18n import N_
from kit.i18n import gettext as _

STATES = ("present", "late", "left_early", "excused", "unexcused", "substitute")
TIMED = ("late", "left_early")
"""The states that may tell minutes."""
TAPS = {
    "present": "present",
    "late": "late",
    "left_early": "late",
    "excused": "absent",
    "unexcused": "absent",
    "substitute": "absent",
}
"""State → which of the three of a roll call is tapped for it."""

STATE_WORDS = {
    "present": (N_("Present"), "ok"),
    "late": (N_("Late"), "wait"),
    "left_early": (N_("Left early"), "wait"),
    "excused": (N_("Absent, excused"), "bad"),
    "unexcused": (N_("Absent, not excused"), "bad"),
    "substitute": (N_("Somebody else came"), "info"),
    "cleared": (N_("Not taken"), ""),
}
VIA_WORDS = {
    "hand": N_("roll call"),
    "qr": N_("own phone, QR code"),
    "code": N_("personal code"),
    "import": N_("list from Excel"),
    "paper": N_("typed in from paper"),
    "api": N_("sent by a program"),
}


def state_word(state: str | None) -> str:
    """A state in the reader's language; none is "not taken"."""
    word, _tone = STATE_WORDS[state or "cleared"]
    return _(word)


def state_tone(state: str | None) -> str:
    """The tone of a state's tag."""
    return STATE_WORDS[state or "cleared"][1]


def via_word(via: str) -> str:
    """How a mark came to be, in the reader's language."""
    return _(VIA_WORDS[via])
