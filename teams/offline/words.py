"""The words of the visit form: short, for tiles under a thumb; the sentences of its refusals."""

from __future__ import annotations

from kit.guard import REFUSAL
from kit.i18n import N_
from kit.i18n import gettext as _

OUTCOME_TILES = {
    "independent": N_("On their own"),
    "assisted": N_("With guidance"),
    "on_behalf": N_("Done for them"),
    "pending": N_("Not finished"),
}
RARE_OUTCOMES = {
    "already_had": N_("Had it already"),
    "not_needed": N_("Not needed"),
    "refused": N_("Did not want it"),
}
SENTENCES = {
    "met": N_("Say whether you met somebody."),
    "place": N_("Say where you met."),
    "consent": N_("Ask whether the name may be written down, then tap the answer."),
    "service": N_("Tap at least one thing you helped with."),
    "outcome": N_("Tap how it went."),
    "obstacle": N_("Tap what stood in the way."),
    "day": N_("Enter a day, like 23/11/2026."),
    "time": N_("Enter a time, like 09:42."),
    "again": N_("Choose a day to come."),
    "resident": N_("Choose the age band or the sex, or enter the name."),
    "witness": N_("A spoken consent needs a witness."),
    "note": REFUSAL,
    "long": N_("Enter at most 500 characters."),
}
"""What the phone says before it saves, and the server again when it reads the same form."""
AGAIN = {"1": N_("Tomorrow"), "3": N_("In 3 days"), "7": N_("In a week"), "14": N_("In 2 weeks")}


def say(name: str) -> str:
    """A sentence of refusal in the reader's language."""
    return _(SENTENCES[name])


def sentences() -> dict[str, str]:
    """All sentences of refusal, for the phone."""
    return {name: _(text) for name, text in SENTENCES.items()}


def outcome_tiles() -> list[tuple[str, str]]:
    """The outcomes that stand open under a service."""
    return [(code, _(word)) for code, word in OUTCOME_TILES.items()]


def rare_outcomes() -> list[tuple[str, str]]:
    """The outcomes that are folded away."""
    return [(code, _(word)) for code, word in RARE_OUTCOMES.items()]


def again_tiles() -> list[tuple[str, str]]:
    """The days to come back that are one tap away; the value is days from the visit."""
    return [(days, _(word)) for days, word in AGAIN.items()]
