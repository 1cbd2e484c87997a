"""Open flags within reach, the oldest first, and those of one visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from kit import cursors
from kit.database import SQL, all_of, rows, value
from kit.forms import Form
from people.permissions import Who
from teams.visits.filters import visible_visits
from teams.visits.words import flag_sentence

VERB = "visit.review"
PAGE = 50
MOST_COUNTED = 1000


class ReviewAsked(Form):
    """Where the list of open flags goes on."""

    after: str = ""


@dataclass(frozen=True)
class FlagLine:
    """An open flag with its visit. `head` is empty for an anonymous visit."""

    visit: UUID
    code: str
    detail: str
    made_at: datetime
    day: date
    basis: str
    head: str | None
    area_name: str | None
    team_name: str
    performer: str
    author: str

    @property
    def token(self) -> str:
        """The flag as forms name it."""
        return f"{self.visit}:{self.code}"

    @property
    def sentence(self) -> str:
        """What looks odd, in words."""
        return flag_sentence(self.code, self.detail)


_OPEN = """
SELECT f.visit, f.code, f.detail, f.made_at, v.day, v.basis,
       CASE WHEN v.basis = 'consent' AND v.anonymised_at IS NULL THEN h.head END AS head,
       s.name AS area_name, t.name AS team_name, p.name AS performer, e.name AS author
FROM visit_flag f JOIN visit v ON v.id = f.visit JOIN team t ON t.id = v.team
JOIN person p ON p.id = v.performed_by JOIN person e ON e.id = v.entered_by
LEFT JOIN household h ON h.id = v.household
LEFT JOIN area_spell s ON s.area = v.area AND s.since <= v.day
    AND (s.until IS NULL OR v.day < s.until)
WHERE {} ORDER BY f.made_at, f.visit, f.code LIMIT {}
"""


def open_flags(who: Who) -> list[SQL]:
    """The conditions that a flag `f` of a visit `v` waits for somebody's review."""
    return [
        SQL("f.reviewed_at IS NULL AND v.withdrawn_at IS NULL"),
        visible_visits(who, VERB),
    ]


async def list_flags(who: Who, after: str = "", limit: int = PAGE) -> tuple[list[FlagLine], str]:
    """A page of the open flags, the oldest first, and the cursor of the next page or ""."""
    conditions = all_of([*open_flags(who), _beyond(after)])
    found = await rows(FlagLine, _OPEN, conditions, limit + 1)
    shown = found[:limit]
    if len(found) <= limit:
        return shown, ""
    last = shown[-1]
    return shown, cursors.pack(f"{last.made_at.isoformat()}|{last.code}", last.visit)


def _beyond(after: str) -> SQL:
    """The condition that a flag comes after a cursor; one that is not ours means the start."""
    try:
        key, visit = cursors.read(after)
        instant, _bar, code = key.partition("|")
        made_at = datetime.fromisoformat(instant).astimezone(UTC)
    except (ValueError, OverflowError):
        return SQL("1 = 1")
    return SQL("(f.made_at, f.visit, f.code) > ({}, {}, {})", made_at, visit, code)


async def count_flags(who: Who) -> int:
    """How many flags wait; counting stops above MOST_COUNTED."""
    return int(
        await value(
            "SELECT count(*) AS n FROM (SELECT 1 AS one FROM visit_flag f"
            " JOIN visit v ON v.id = f.visit WHERE {} LIMIT {}) x",
            all_of(open_flags(who)),
            MOST_COUNTED + 1,
        )
    )


@dataclass(frozen=True)
class FlagFound:
    """A flag of a visit as it stands, with who looked at it and what they said."""

    visit: UUID
    code: str
    detail: str
    made_at: datetime
    reviewed_at: datetime | None
    reviewer: str | None
    word: str
    asked_at: datetime | None
    read_at: datetime | None
    author: UUID

    @property
    def sentence(self) -> str:
        """What looks odd, in words."""
        return flag_sentence(self.code, self.detail)

    def waits_for(self, who: Who) -> bool:
        """Whether a word of the reviewer waits to be read by `who`."""
        return self.asked_at is not None and self.read_at is None and self.author == who.person


_FLAGS = """
SELECT f.visit, f.code, f.detail, f.made_at, f.reviewed_at, r.name AS reviewer, f.word,
       f.asked_at, f.read_at, v.entered_by AS author
FROM visit_flag f JOIN visit v ON v.id = f.visit LEFT JOIN person r ON r.id = f.reviewed_by
WHERE """


async def flags_of(visit: UUID) -> list[FlagFound]:
    """The flags of a visit already found, the oldest first."""
    return await rows(FlagFound, _FLAGS + "f.visit = {} ORDER BY f.made_at, f.code", visit)
