"""Scores pasted from a spreadsheet: lines with a name and a score, matched to trainees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kit.i18n import gettext as _
from kit.text import fold
from sessions.results.commands import ScoreForm
from sessions.results.figures import Standing
from sessions.results.words import read_score
from sessions.words import first_lines

_CELLS = re.compile(r"\t|;| {2,}")
_NUMBER = re.compile(r"[\d.,]+")


@dataclass
class Pasted:
    """What a pasted text says: a score for each trainee found, and a sentence for each line that
    cannot be read."""

    scores: dict[str, ScoreForm] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """What is wrong, a line each."""
        return first_lines(self.wrong)


def read_pasted(text: str, trainees: Sequence[Standing]) -> Pasted:
    """Read lines such as "3 → Bùi Văn An → Phòng Tư pháp → 8,5". Marks and case do not matter; the
    last number is the score; blank lines, heads and lines without a score are passed over."""
    found = Pasted()
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in _CELLS.split(line.strip()) if cell.strip()]
        try:
            _read_line(found, cells, trainees)
        except ValueError as error:
            found.wrong.append(_("Line %(num)s: %(what)s", num=number, what=error))
    return found


def _read_line(found: Pasted, cells: list[str], trainees: Sequence[Standing]) -> None:
    named = [cell for cell in cells if not _NUMBER.fullmatch(cell)]
    if not named or not _NUMBER.fullmatch(cells[-1]) or len(cells) < 2:
        return
    one = _matched({fold(cell) for cell in named}, trainees, named)
    key, score = str(one.person), read_score(cells[-1])
    if key in found.scores and found.scores[key].score != score:
        raise ValueError(_("%(name)s stands here twice.", name=one.name))
    found.scores[key] = ScoreForm(person=one.person, score=score, was=one.score)


def _matched(words: set[str], trainees: Sequence[Standing], named: list[str]) -> Standing:
    """The trainee a line names; of two with one name, the one of the office it names too."""
    same = [one for one in trainees if fold(one.name) in words]
    if len(same) > 1:
        same = [one for one in same if one.office_name and fold(one.office_name) in words] or same
    if not same:
        raise ValueError(_("Nobody of the course is called %(name)s.", name=named[0]))
    if len(same) > 1:
        said = _(
            "Several trainees are called %(name)s. Add a column with the office.", name=same[0].name
        )
        raise ValueError(said)
    return same[0]
