"""Scores and verdicts in the reader's language."""

from __future__ import annotations

import re
from decimal import Decimal

from kit.i18n import N_
from kit.i18n import gettext as _
from kit.pages import number

_SCORE = re.compile(r"(\d{1,2})(?:[.,](\d)0*)?")
MOST = 100

VERDICTS: dict[bool | None, tuple[str, str]] = {
    True: (N_("Completed"), "ok"),
    False: (N_("Not completed"), "bad"),
    None: (N_("Not decided yet"), ""),
}


def read_score(text: str) -> int:
    """A score of 10 in tenths: "8,5", "8.5" and "8" are read. ValueError, with a sentence for the
    user, for anything else."""
    found = _SCORE.fullmatch(text.strip())
    tenths = int(found[1]) * 10 + int(found[2] or 0) if found else MOST + 1
    if tenths > MOST:
        raise ValueError(_("Enter a score from 0 to 10 with at most one decimal, like 8,5."))
    return tenths


def score_shown(score: int | None) -> str:
    """A score in tenths as the reader writes it: 8,5; a dash for none."""
    return number(None if score is None else Decimal(score) / 10)


def verdict_of(complete: bool | None) -> tuple[str, str]:
    """Whether a course is completed, as a word and its tone."""
    word, tone = VERDICTS[complete]
    return _(word), tone
