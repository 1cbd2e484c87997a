"""What the first page says: where the reader stands, what changed last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kit import clock
from kit.database import SQL, among, rows
from kit.periods import Period
from kit.spells import EVERYWHERE, as_of, within
from people.audit.words import sentence_of
from people.permissions import Who
from reports.home.training import (
    COLUMNS,
    Training,
    TrainingLine,
    read_training,
    training_near,
    training_of,
)
from teams.board.queries import counted_free

TOLD = (
    "team.found",
    "team.edit",
    "team.cover",
    "team.dissolve",
    "member.add",
    "member.assign",
    "member.position",
    "member.end",
    "member.bring_back",
    "assignment.undo",
    "import.make",
    "import.undo",
)
"""The acts that the first page tells."""


@dataclass(frozen=True)
class Scope:
    """The area a reader looks after; `free` waits for a team, None where that is not asked."""

    id: UUID
    name: str
    kind: str
    free: int | None


@dataclass(frozen=True)
class _ScopeLine(TrainingLine):
    scope: UUID
    name: str
    kind: str
    free: int | None


_SCOPE = f"""
WITH near AS MATERIALIZED ({{}}),
scope AS (
    SELECT a.area AS scope, a.name, k.kind, ({{}}) AS free
    FROM area_spell a JOIN area k ON k.id = a.area WHERE {{}} AND {{}} ORDER BY a.path LIMIT 1)
SELECT o.scope, o.name, o.kind, o.free, {COLUMNS} FROM scope o {{}}
"""


async def find_scope(who: Who, day: date, period: Period) -> tuple[Scope, Training] | None:
    """The area of the first right, the root for who looks after everything, with its training of a
    period up to a day; None: none yet."""
    path = who.home_path
    if path is None:
        return None
    place = SQL("a.parent IS NULL") if path == EVERYWHERE else SQL("a.path = {}", path)
    free, today = counted_free(who, "person.read"), as_of("a", clock.today())
    near, training = training_near(who, day, period), training_of(day, period)
    found = await rows(_ScopeLine, _SCOPE, near, free, today, place, training)
    if not found:
        return None
    one = found[0]
    return Scope(one.scope, one.name, one.kind, one.free), read_training(found, day)


@dataclass(frozen=True)
class Change:
    """A line of the log, as far as the first page tells it."""

    at: datetime
    doer: str
    action: str
    name: str

    @property
    def sentence(self) -> str:
        """What was done, as the log says it."""
        return sentence_of(self.action, self.name)


async def list_changes(who: Who, limit: int = 8) -> list[Change]:
    """The last changes of teams and members within reach, the newest first."""
    return await rows(
        Change,
        "SELECT l.at, l.doer, l.action, l.subject_name AS name FROM audit_line l"
        " WHERE l.action IN {} AND {} ORDER BY l.id DESC LIMIT {}",
        among(TOLD),
        within("l.path", who.paths("team.read")),
        limit,
    )
