"""Why follow-ups end, in the reader's words."""

from kit.i18n import N_
from kit.i18n import gettext as _
from teams.households.promises import AGAIN, CHANGED, VISITED, WITHDRAWN

REASON_WORDS = {
    "done": N_("Done"),
    "not_needed": N_("No longer needed"),
    "moved": N_("The household moved away"),
    "other": N_("Another reason"),
}
"""What somebody who closes one may say."""
BY_A_VISIT = {
    VISITED: N_("Visited again"),
    AGAIN: N_("Agreed anew at a later visit"),
    CHANGED: N_("The visit was changed"),
    WITHDRAWN: N_("The visit was withdrawn"),
}
"""Why one ends with a visit."""


def reason_word(why: str) -> str:
    """A reason as it stands on a page; one that was written out stays as it is."""
    known = REASON_WORDS | BY_A_VISIT
    return _(known[why]) if why in known else why


def reason_choices() -> list[tuple[str, str]]:
    """The reasons to choose from."""
    return [(reason, reason_word(reason)) for reason in REASON_WORDS]
