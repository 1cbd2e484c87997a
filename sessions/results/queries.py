"""The results of a course: a page of its trainees, the scores that somebody had before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.cursors import after, cut
from kit.database import SQL, all_of, rows, value
from kit.errors import NotFound
from kit.forms import Form, Line
from kit.i18n import N_
from kit.i18n import gettext as _
from kit.search import holds
from sessions.courses.queries import CourseFound
from sessions.results.figures import Standing, standing_where
from sessions.results.words import score_shown

PAGE = 100


class ResultsFilter(Form):
    """Which trainees are shown: part of the name without marks, and where the list goes on."""

    q: Line = ""
    after: str = ""

    def query(self) -> dict[str, object]:
        """What is asked, for an address."""
        return self.model_dump(exclude_defaults=True)


async def list_standing(
    course: CourseFound, asked: ResultsFilter, limit: int = PAGE
) -> tuple[list[Standing], str]:
    """A page of those enrolled in a course already found, by given name, and the cursor of the
    next page or ""; one query."""
    which = [holds("l.fold", asked.q), after("l", asked.after)]
    chosen = SQL(
        "e.person IN (SELECT l.id FROM person l JOIN enrolment n ON n.person = l.id"
        " WHERE n.course = {} AND n.state = 'enrolled' AND {} ORDER BY l.sort, l.id LIMIT {})",
        *(course.id, all_of(which), limit + 1),
    )
    return cut(await standing_where(course, chosen), limit)


@dataclass(frozen=True)
class _Entry:
    """A score that holds or held."""

    score: int
    entered_at: datetime
    enterer: str | None
    note: str
    withdrawn_at: datetime | None
    withdrawer: str | None
    withdrawn_why: str


@dataclass(frozen=True)
class ScoreChange:
    """A score that was entered, corrected (`before` and `after`) or taken back (no `after`)."""

    at: datetime
    by: str | None
    before: int | None
    after: int | None
    why: str

    @property
    def sentence(self) -> str:
        """What was done, in the reader's language."""
        return _(_DONE[self.before is None, self.after is None])

    @property
    def scores(self) -> tuple[str, str]:
        """The score before and after as the reader writes them; "" for none."""
        before = "" if self.before is None else score_shown(self.before)
        return before, "" if self.after is None else score_shown(self.after)


_DONE = {
    (True, False): N_("Score entered"),
    (False, False): N_("Score corrected"),
    (False, True): N_("Score taken back"),
}


async def list_changes(course: CourseFound, person: UUID) -> list[ScoreChange]:
    """What became of somebody's score in a course already found, the last change first."""
    entries = await rows(
        _Entry,
        "SELECT r.score, r.entered_at, b.name AS enterer, r.note, r.withdrawn_at,"
        " w.name AS withdrawer, r.withdrawn_why FROM test_result r"
        " LEFT JOIN person b ON b.id = r.entered_by LEFT JOIN person w ON w.id = r.withdrawn_by"
        " WHERE r.course = {} AND r.person = {} ORDER BY r.entered_at, r.id",
        *(course.id, person),
    )
    return changes_of(entries)[::-1]


def changes_of(entries: list[_Entry]) -> list[ScoreChange]:
    """Entries in their order as changes: one that ends as the next begins was corrected."""
    found: list[ScoreChange] = []
    last: _Entry | None = None
    for one in entries:
        corrected = last if last and last.withdrawn_at == one.entered_at else None
        found += [] if corrected else _taken_back(last)
        before, why = (corrected.score, corrected.withdrawn_why) if corrected else (None, one.note)
        found.append(ScoreChange(one.entered_at, one.enterer, before, one.score, why))
        last = one
    return found + _taken_back(last)


def _taken_back(one: _Entry | None) -> list[ScoreChange]:
    if one is None or one.withdrawn_at is None:
        return []
    return [ScoreChange(one.withdrawn_at, one.withdrawer, one.score, None, one.withdrawn_why)]


async def find_trainee(course: CourseFound, person: UUID) -> str:
    """The name of somebody who is or was in a course already found. Raises NotFound."""
    name = await value(
        "SELECT p.name FROM enrolment e JOIN person p ON p.id = e.person"
        " WHERE e.course = {} AND e.person = {} LIMIT 1",
        *(course.id, person),
    )
    if name is None:
        raise NotFound
    return str(name)
