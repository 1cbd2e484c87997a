"""Why follow-ups end, in the reader's words."""

from kit.i18n import N_
from kit.i18n import gettext as _

REASON_WORDS = {
    "done": N_("Done"),
    "not_needed": N_("No longer needed"),
    "moved": N_("The household moved away"),
    "other": N_("Another reason"),
}


def reason_word(why: str) -> str:
    """A reason as it stands on a page; one that was written out stays as it is."""
    return _(REASON_WORDS[why]) if why in REASON_WORDS else why


def reason_choices() -> list[tuple[str, str]]:
    """The reasons to choose from."""
    return [(reason, reason_word(reason)) for reason in REASON_WORDS]
