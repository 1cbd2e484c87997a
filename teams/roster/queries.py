"""Teams and members as of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from kit import clock
from kit.cursors import after, cut
from kit.database import SQL, all_of, row, rows, value
from kit.errors import Forbidden, NotFound
from kit.forms import Form, Line, Maybe, MaybeDay
from kit.i18n import gettext as _
from kit.i18n import ngettext
from kit.search import holds
from kit.spells import as_of, under
from people.permissions import Who
from people.reach import visible_teams


@dataclass(frozen=True)
class TeamFound:
    """A team; `path` is that of the first area it covers (or covered), for the log."""

    id: UUID
    name: str
    founded_on: date
    dissolved_on: date | None
    dissolved_why: str
    decision_number: str
    decision_on: date | None
    target_size: int
    phone: str | None
    version: int
    path: str
    area: UUID | None
    area_name: str | None
    commune_name: str | None


_TEAM = """
SELECT t.id, t.name, t.founded_on, t.dissolved_on, t.dissolved_why, t.decision_number,
       t.decision_on, t.target_size, t.phone, t.version,
       coalesce(s.path, '/') AS path, s.area AS area, s.name AS area_name,
       CASE WHEN sr.kind = 'hamlet' THEN cs.name ELSE s.name END AS commune_name
FROM team t
LEFT JOIN area_spell s ON s.id = (
    SELECT x.id FROM team_area ta JOIN area_spell x ON x.area = ta.area AND {}
    WHERE ta.team = t.id AND ta.since <= {}
      AND (ta.until IS NULL OR {} < ta.until OR ta.until = t.dissolved_on)
    ORDER BY x.path LIMIT 1)
LEFT JOIN area sr ON sr.id = s.area
LEFT JOIN area_spell cs ON cs.area = s.parent AND {}
WHERE t.id = {} AND {}
"""


async def find_team(
    who: Who, team_id: UUID, verb: str = "team.read", on: date | None = None
) -> TeamFound:
    """A team within reach, its place named as of a day.

    Raises NotFound when `who` may not see it, Forbidden when `verb` does not hold there.
    """
    today = clock.today()
    day = on or today
    found = await _team(team_id, day, visible_teams(who, today))
    if found is None:
        raise NotFound
    if verb != "team.read" and not await _may(who, team_id, verb, today):
        raise Forbidden
    return found


async def _team(team_id: UUID, day: date, reach: object) -> TeamFound | None:
    spell, commune = as_of("x", day), as_of("cs", day)
    return await row(TeamFound, _TEAM, spell, day, day, commune, team_id, reach)


async def _may(who: Who, team_id: UUID, verb: str, day: date) -> bool:
    return bool(await _team(team_id, day, visible_teams(who, day, verb)))


Gap = Literal["no_leader", "no_deputy", "short"]
PAGE = 50
MOST_COUNTED = 1000


class TeamFilter(Form):
    """Which teams a list shows: part of the name without marks, an area, a gap, as of a day."""

    q: Line = ""
    area: Annotated[UUID | None, Maybe] = None
    gap: Annotated[Gap | None, Maybe] = None
    on: MaybeDay = None
    after: str = ""

    @property
    def day(self) -> date:
        """The day asked for, today if none."""
        return self.on or clock.today()

    def query(self) -> dict[str, object]:
        """The words of the filter for an address."""
        return self.model_dump(mode="json", include={"q", "area", "gap", "on"})


@dataclass(frozen=True)
class TeamLine:
    """A team in a list, with its leader, its size and its place on the day asked for."""

    id: UUID
    name: str
    sort: str
    target_size: int
    founded_on: date
    decision_number: str
    decision_on: date | None
    phone: str | None
    area_name: str | None
    commune_name: str | None
    leader: UUID | None
    leader_name: str | None
    leader_phone: str | None
    deputies: int
    size: int

    @property
    def gaps(self) -> list[str]:
        """What is missing, in words."""
        return gap_words(bool(self.leader), self.deputies, self.size, self.target_size)


def gap_words(has_leader: bool, deputies: int, size: int, target: int) -> list[str]:
    """What a team lacks, in words; nothing when it is complete."""
    short = target - size
    words = {
        _("No leader"): not has_leader,
        _("No deputy"): not deputies,
        ngettext("%(num)s person short", "%(num)s people short", short): short > 0,
    }
    return [word for word, lacks in words.items() if lacks]


_LINES = """
WITH page AS (
    SELECT t.id, t.name, t.sort, t.target_size, t.founded_on, t.decision_number, t.decision_on,
           t.phone
    FROM team t WHERE {} ORDER BY t.sort, t.id LIMIT {})
SELECT t.id, t.name, t.sort, t.target_size, t.founded_on, t.decision_number, t.decision_on,
       t.phone, s.name AS area_name,
       CASE WHEN r.kind = 'hamlet' THEN c.name ELSE s.name END AS commune_name,
       l.person AS leader, p.name AS leader_name, p.phone AS leader_phone,
       (SELECT count(*) FROM membership m WHERE m.team = t.id AND m.position = 'deputy' AND {})
           AS deputies,
       (SELECT count(*) FROM membership m WHERE m.team = t.id AND {}) AS size
FROM page t
LEFT JOIN membership l ON l.team = t.id AND l.position = 'leader' AND {}
LEFT JOIN person p ON p.id = l.person
LEFT JOIN area_spell s ON s.id = (
    SELECT x.id FROM team_area ta JOIN area_spell x ON x.area = ta.area AND {}
    WHERE ta.team = t.id AND {} ORDER BY x.path LIMIT 1)
LEFT JOIN area r ON r.id = s.area
LEFT JOIN area_spell c ON c.area = s.parent AND {}
ORDER BY t.sort, t.id
"""


async def list_teams(
    who: Who, asked: TeamFilter, limit: int = PAGE, verb: str = "team.read"
) -> tuple[list[TeamLine], str]:
    """A page of the teams live on a day, in Vietnamese order, and the cursor of the next or "".

    The page is found first, so that leaders and sizes are counted for its teams alone.
    """
    day = asked.day
    spell = [as_of(alias, day, "joined_on", "left_on") for alias in ("m", "m", "l")]
    found = await rows(
        TeamLine,
        _LINES,
        all_of([*shown_teams(who, asked, verb), after("t", asked.after)]),
        limit + 1,
        *spell,
        *(as_of("x", day), as_of("ta", day), as_of("c", day)),
    )
    return cut(found, limit)


async def count_teams(who: Who, asked: TeamFilter) -> int:
    """How many teams a filter finds; counting stops above MOST_COUNTED."""
    return int(
        await value(
            "SELECT count(*) AS n FROM (SELECT 1 AS one FROM team t WHERE {} LIMIT {}) x",
            all_of(shown_teams(who, asked, "team.read")),
            MOST_COUNTED + 1,
        )
    )


def shown_teams(who: Who, asked: TeamFilter, verb: str) -> list[SQL]:
    """The conditions of a filter on `team t`."""
    day = asked.day
    found = [as_of("t", day, "founded_on", "dissolved_on"), visible_teams(who, clock.today(), verb)]
    if asked.q:
        found.append(holds("t.fold", asked.q))
    if asked.area:
        found.append(covering(asked.area, day))
    if asked.gap:
        spell = as_of("m", day, "joined_on", "left_on")
        found.append(SQL(_GAPS[asked.gap], spell))
    return found


def covering(area: UUID, day: date) -> SQL:
    """The condition that a team `t` covers some part of an area on a day."""
    return SQL(
        "t.id IN (SELECT ta.team FROM area_spell s JOIN team_area ta ON ta.area = s.area"
        " WHERE {} AND {} AND {})",
        under("s.path", area, day),
        as_of("s", day),
        as_of("ta", day),
    )


_HELD = "NOT EXISTS (SELECT 1 FROM membership m WHERE m.team = t.id AND m.position = '{}' AND {{}})"
_GAPS = {
    "no_leader": _HELD.format("leader"),
    "no_deputy": _HELD.format("deputy"),
    "short": "(SELECT count(*) FROM membership m WHERE m.team = t.id AND {}) < t.target_size",
}


@dataclass(frozen=True)
class AreaCovered:
    """An area a team covers or covered, with its name and path as of a day."""

    area: UUID
    name: str
    path: str
    since: date
    until: date | None


async def list_team_areas(team_id: UUID, on: date) -> list[AreaCovered]:
    """Every area a team ever covered, in the order of the tree. For a team already found."""
    return await rows(
        AreaCovered,
        "SELECT ta.area, s.name, s.path, ta.since, ta.until FROM team_area ta"
        " JOIN area_spell s ON s.id = (SELECT x.id FROM area_spell x WHERE x.area = ta.area"
        " ORDER BY CASE WHEN {} THEN 0 ELSE 1 END, x.since DESC LIMIT 1)"
        " WHERE ta.team = {} ORDER BY s.path, ta.since",
        as_of("x", on),
        team_id,
    )
