"""What is stored of visits, in the reader's words."""

from __future__ import annotations

from kit.i18n import N_
from kit.i18n import gettext as _
from teams.catalogues.tables import OUTCOMES

MET_WORDS = {"met": N_("Met"), "absent": N_("Nobody at home"), "refused": N_("Refused the visit")}
OUTCOME_WORDS = {
    "independent": N_("Did it alone"),
    "assisted": N_("Did it with guidance"),
    "on_behalf": N_("Done for them"),
    "already_had": N_("Had it already"),
    "pending": N_("Not finished"),
    "refused": N_("Refused the help"),
    "not_needed": N_("Not needed"),
}
VIA_WORDS = {
    "page": N_("entered on the page"),
    "sync": N_("sent by a phone"),
    "paper": N_("typed in from paper"),
    "api": N_("sent by a program"),
}
METHOD_WORDS = {
    "tapped": N_("tapped on the device"),
    "signed": N_("signed"),
    "spoken": N_("spoken before a witness"),
}
FLAGS = {
    "future": N_("The visit lies in the future: the clock of the phone may be wrong."),
    "late_clock": N_("The visit lies more than a year back: the clock of the phone may be wrong."),
    "before_household": N_("The visit lies before the household was entered."),
    "rush": N_("More than 40 visits by one person within an hour."),
    "same_note": N_("The same note stands at other visits of this person."),
    "too_many": N_("More people were helped than the household has."),
    "twin": N_("Another visit to this household was recorded within ten minutes."),
    "moved": N_("Another team serves this household now."),
    "merged": N_("The household was merged with another, to which the visit now belongs."),
    "ended": N_("The person has left the team since."),
}
"""Why a coordinator should look at a visit; never a reason to refuse it."""


def met_word(met: str) -> str:
    """Whether somebody was met: "Gặp được"."""
    return _(MET_WORDS[met])


def outcome_word(outcome: str) -> str:
    """An outcome: "Làm được khi có hướng dẫn"."""
    return _(OUTCOME_WORDS[outcome])


def via_word(via: str) -> str:
    """The way a visit came in, inside a sentence."""
    return _(VIA_WORDS[via])


def method_word(method: str) -> str:
    """How a consent was given, inside a sentence."""
    return _(METHOD_WORDS[method])


def met_choices() -> list[tuple[str, str]]:
    """Met, absent, refused, to choose from."""
    return [(met, met_word(met)) for met in MET_WORDS]


def outcome_choices() -> list[tuple[str, str]]:
    """The outcomes to choose from."""
    return [(outcome, outcome_word(outcome)) for outcome in OUTCOMES]


def flag_sentence(code: str, detail: str = "") -> str:
    """Why to look at a visit, as a sentence, with what is known more exactly."""
    return f"{_(FLAGS[code]) if code in FLAGS else code} {detail}".rstrip()
