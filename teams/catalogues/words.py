"""Outcomes and catalogues in the reader's words."""

from kit.i18n import N_
from kit.i18n import gettext as _

OUTCOME_WORDS = {
    "independent": N_("Did it alone"),
    "assisted": N_("Did it with guidance"),
    "on_behalf": N_("Done for them"),
    "already_had": N_("Had it already"),
    "pending": N_("Not finished"),
    "refused": N_("Refused the help"),
    "not_needed": N_("Not needed"),
}
LIST_WORDS = {
    "service": N_("Services"),
    "obstacle": N_("Obstacles"),
    "referral": N_("Referrals"),
    "place": N_("Places of visits"),
}


def outcome_word(outcome: str) -> str:
    """An outcome as it stands on a page: "Tự làm được"."""
    return _(OUTCOME_WORDS[outcome])


def outcome_choices() -> list[tuple[str, str]]:
    """The outcomes to choose from."""
    return [(outcome, outcome_word(outcome)) for outcome in OUTCOME_WORDS]


def list_word(name: str) -> str:
    """The name of a catalogue."""
    return _(LIST_WORDS[name])
