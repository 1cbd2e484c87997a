"""Catalogues in the reader's words; those of outcomes stand in teams/visits/words.py."""

from kit.i18n import N_
from kit.i18n import gettext as _

LIST_WORDS = {
    "service": N_("Services"),
    "obstacle": N_("Obstacles"),
    "referral": N_("Referrals"),
    "place": N_("Places of visits"),
}


def list_word(which: str) -> str:
    """The name of a catalogue."""
    return _(LIST_WORDS[which])
