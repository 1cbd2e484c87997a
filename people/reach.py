"""Which rows an asker may see: conditions every query of areas, teams and persons starts from.

Reach follows from rights (people/permissions.py) and today's map. The conditions name the tables
of teams, for a membership opens and closes reach; nothing of teams is imported.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit import clock
from kit.database import SQL, among, rows
from kit.spells import as_of, within
from people.permissions import Who

LOOKING = ("person.read", "account.read")
"""The verbs for which a past service is reach enough."""


def visible_areas(who: Who, verb: str = "area.read", alias: str = "a") -> SQL:
    """The condition that an area spell lies within reach."""
    return within(f"{alias}.path", who.paths(verb))


def visible_teams(who: Who, day: date, verb: str = "team.read", alias: str = "t") -> SQL:
    """The condition that a team is within reach: by an area it covers (or last covered), or as
    one's own. `day` is the day whose map of areas counts, today for every question of rights.

    The teams within reach are found from the areas down, so a small reach stays fast in a country.
    """
    if who.everywhere(verb):
        return SQL("1 = 1")
    covers = SQL(
        "SELECT ta.team FROM area_spell ts JOIN team_area ta ON ta.area = ts.area"
        " WHERE {} AND {} AND (ta.until IS NULL OR {} < ta.until OR ta.until ="
        " (SELECT td.dissolved_on FROM team td WHERE td.id = ta.team))",
        within("ts.path", who.paths(verb)),
        as_of("ts", day),
        day,
    )
    own = who.teams(verb)
    if own:
        covers = SQL("{} UNION ALL SELECT tw.id FROM team tw WHERE tw.id IN {}", covers, among(own))
    return SQL(f"{alias}.id IN ({{}})", covers)


def visible_persons(who: Who, day: date, verb: str = "person.read", alias: str = "p") -> SQL:
    """The condition that a person is within reach: lives there, works in an office there, is or
    was in a visible team, or is oneself. Own team means its members of that day.
    Who once served there is still seen, but changed only by where the person serves now."""
    if who.everywhere(verb):
        return SQL("1 = 1")
    paths, own = who.paths(verb), SQL("SELECT tp.id FROM person tp WHERE tp.id = {}", who.person)
    lives = SQL(
        "SELECT lp.id FROM area_spell ps JOIN person lp ON lp.area = ps.area WHERE {} AND {}",
        within("ps.path", paths),
        as_of("ps", day),
    )
    works = SQL(
        "SELECT wp.id FROM area_spell oa JOIN office_spell os ON os.area = oa.area"
        " JOIN person wp ON wp.office = os.office WHERE {} AND {} AND {}",
        within("oa.path", paths),
        as_of("oa", day),
        as_of("os", day),
    )
    mates = SQL(
        "SELECT mm.person FROM membership mm WHERE mm.team IN {} AND {}",
        among(who.teams(verb)),
        as_of("mm", day, "joined_on", "left_on"),
    )
    either = " UNION ALL ".join(["{}"] * 5)
    serves = _serves(who, day, verb)
    return SQL(f"{alias}.id IN ({either})", lives, works, mates, serves, own)


def _serves(who: Who, day: date, verb: str) -> SQL:
    """The persons who are or were in a team within reach; to change them: are there last."""
    return SQL(
        "SELECT mb.person FROM area_spell ms JOIN team_area mt ON mt.area = ms.area"
        " JOIN membership mb ON mb.team = mt.team WHERE {} AND {} AND {}",
        within("ms.path", who.paths(verb)),
        as_of("ms", day),
        SQL("1 = 1") if verb in LOOKING else _nowhere_else(day),
    )


MOST_CHOICES = 200


def _nowhere_else(day: date) -> SQL:
    """The condition that the service `mb` in the cover `mt` lasts, or that there is no other."""
    return SQL(
        "(({} AND {}) OR NOT EXISTS (SELECT 1 FROM membership ml"
        " WHERE ml.person = mb.person AND {}))",
        as_of("mb", day, "joined_on", "left_on"),
        as_of("mt", day),
        as_of("ml", day, "joined_on", "left_on"),
    )


@dataclass(frozen=True)
class Choice:
    """Something to choose from a list."""

    id: UUID
    name: str


@dataclass(frozen=True)
class TeamChoice:
    """A team to choose, with what its areas lie in, for two teams may share a name."""

    id: UUID
    name: str
    seat: str | None


def seat_of_team(alias: str = "t") -> SQL:
    """What the areas of a team lie in today, as a column."""
    spells = [as_of(spell, clock.today()) for spell in ("sk", "sa", "su")]
    return SQL(
        "(SELECT min(su.name) FROM team_area sk JOIN area_spell sa ON sa.area = sk.area"
        " JOIN area_spell su ON su.area = sa.parent"
        f" WHERE sk.team = {alias}.id AND {{}} AND {{}} AND {{}})",
        *spells,
    )


def told_apart(teams: Sequence[TeamChoice]) -> list[Choice]:
    """The teams to choose from; of those that share a name each says where it is."""
    times = Counter(team.name for team in teams)
    return [
        Choice(
            team.id,
            f"{team.name}, {team.seat}" if team.seat and times[team.name] > 1 else team.name,
        )
        for team in teams
    ]


@dataclass(frozen=True)
class AreaChoice:
    """An area to choose, with what it lies in, for two hamlets may share a name."""

    id: UUID
    name: str
    kind: str
    parent: str | None
    path: str

    @property
    def label(self) -> str:
        """Ấp 1, xã Bình Lãng."""
        return f"{self.name}, {self.parent}" if self.kind == "hamlet" and self.parent else self.name


async def choices_areas(who: Who, verb: str, kinds: Sequence[str] = ()) -> list[AreaChoice]:
    """The areas of today within reach of a verb, in the order of the tree."""
    return await _choices(who, verb, SQL("r.kind IN {}", among(kinds)) if kinds else SQL("1 = 1"))


async def choices_communes(who: Who, verb: str, chosen: UUID | None) -> list[AreaChoice]:
    """The communes of today to filter by. A country has more than a list can hold: then the area
    that is chosen already stands alone, and another one is found under Areas."""
    found = await _choices(who, verb, SQL("r.kind = 'commune'"), MOST_CHOICES + 1)
    if len(found) <= MOST_CHOICES:
        return found
    return await _choices(who, verb, SQL("r.id = {}", chosen)) if chosen else []


async def _choices(who: Who, verb: str, which: SQL, limit: int = 100_000) -> list[AreaChoice]:
    today = clock.today()
    return await rows(
        AreaChoice,
        "SELECT a.id, a.name, a.kind, u.name AS parent, a.path FROM ("
        " SELECT r.id, r.kind, r.number, a.name, a.parent, a.path, a.sort"
        " FROM area_spell a JOIN area r ON r.id = a.area WHERE {} AND {} AND {} LIMIT {}) a"
        " LEFT JOIN area_spell u ON u.area = a.parent AND {}"
        " ORDER BY coalesce(u.sort, ''), a.sort, a.number",
        as_of("a", today),
        visible_areas(who, verb),
        which,
        limit,
        as_of("u", today),
    )


async def choices_tops(who: Who) -> list[Choice]:
    """The areas a whole list may belong to: those above communes, and every root, that hold or
    lie within the reach of an import."""
    found = await rows(
        AreaChoice,
        "SELECT r.id, a.name, r.kind, NULL AS parent, a.path FROM area_spell a"
        " JOIN area r ON r.id = a.area WHERE a.until IS NULL"
        " AND (a.parent IS NULL OR r.kind IN ('province', 'district')) ORDER BY a.path",
    )
    mine = who.paths("import.make")
    return [
        Choice(area.id, area.name)
        for area in found
        if any(area.path.startswith(path) or path.startswith(area.path) for path in mine)
    ]


async def choices_offices(who: Who, verb: str = "office.read") -> list[Choice]:
    """The offices of today within reach of a verb, by name."""
    today = clock.today()
    return await rows(
        Choice,
        "SELECT o.office AS id, o.name FROM office_spell o JOIN area_spell a ON a.area = o.area"
        " WHERE {} AND {} AND {} ORDER BY o.sort",
        as_of("o", today),
        as_of("a", today),
        visible_areas(who, verb),
    )
