"""Positions in the reader's words."""

from kit.i18n import N_
from kit.i18n import gettext as _

POSITION_WORDS = {"leader": N_("Leader"), "deputy": N_("Deputy"), "member": N_("Member")}


def position_word(position: str) -> str:
    """A position as it stands in a list: "Tổ trưởng"."""
    return _(POSITION_WORDS[position])


def position_inside(position: str) -> str:
    """A position inside a sentence: "tổ trưởng"."""
    return position_word(position).lower()


def position_choices() -> list[tuple[str, str]]:
    """The positions to choose from."""
    return [(position, position_word(position)) for position in POSITION_WORDS]
