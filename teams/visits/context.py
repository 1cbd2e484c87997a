"""What must be known to judge a visit by its own day, gathered in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import SQL, among, row, rows
from kit.errors import Refused
from kit.i18n import gettext as _
from kit.spells import as_of
from people.permissions import Who
from teams.catalogues.queries import find_catalogues
from teams.households.history import FAMILY
from teams.households.reach import serving
from teams.visits.forms import SupportForm, VisitContent

TWIN = timedelta(minutes=10)
RUSH, RUSH_VISITS = timedelta(hours=1), 40
NOTE_LETTERS, NOTE_DAYS = 12, timedelta(days=30)


@dataclass(frozen=True)
class Context:
    """Where a visit was, who served there on its day, and what speaks for a second look."""

    household: UUID | None
    head: str
    code: str
    people: int | None
    made_at: datetime | None
    promises: int
    area: UUID | None
    path: str | None
    team: UUID | None
    team_name: str | None
    leader: str | None
    team_now: UUID | None
    performer_team: UUID | None
    performer_now: UUID | None
    enterer_team: UUID | None
    twins: int
    hour: int
    same_notes: int

    @property
    def shown(self) -> str:
        """How the log calls it: by the code of the household, never by a resident."""
        return self.code or self.head


_OF_A_PERSON = "(SELECT m.team FROM membership m WHERE m.person = {} AND {})"


def _team_of(person: UUID | None, day: date) -> SQL:
    if person is None:
        return SQL("NULL")
    return SQL(_OF_A_PERSON, person, as_of("m", day, "joined_on", "left_on"))


def _near(visit: UUID, form: VisitContent, performer: UUID, span: timedelta) -> SQL:
    return SQL(
        "x.performed_by = {} AND x.met_at > {} AND x.met_at < {} AND x.withdrawn_at IS NULL"
        " AND x.id <> {}",
        *(performer, form.met_at - span, form.met_at + span, visit),
    )


_KNOWN = """
SELECT h.id AS household, coalesce(h.head, '') AS head, coalesce(h.code, '') AS code, h.people,
       (SELECT count(*) FROM follow_up x WHERE x.closed_at IS NULL AND x.household IN
        (SELECT z.id FROM household z WHERE z.id = h.id OR z.merged_into = h.id)) AS promises,
       h.made_at, s.area, s.path, t.id AS team, t.name AS team_name,
       (SELECT p.name FROM membership l JOIN person p ON p.id = l.person
        WHERE l.team = t.id AND l.position = 'leader' AND l.left_on IS NULL) AS leader,
       {} AS team_now, {} AS performer_team, {} AS performer_now, {} AS enterer_team,
       (SELECT count(*) FROM visit x WHERE x.household = h.id AND {}) AS twins,
       (SELECT count(*) FROM visit x WHERE {}) AS hour,
       (SELECT count(*) FROM visit x WHERE {} AND x.note = {}) AS same_notes
FROM {}
LEFT JOIN area_spell s ON s.id = (SELECT y.id FROM area_spell y WHERE y.area = {}
    ORDER BY CASE WHEN {} THEN 0 ELSE 1 END, y.since DESC LIMIT 1)
LEFT JOIN team t ON t.id = {}
"""


_COMPUTED = ("team_now", "performer_team", "performer_now", "enterer_team")


def _known(**columns: Any) -> Context:
    """A row as the dataclass; SQLite gives computed ids as text."""
    ids = {name: columns[name] for name in _COMPUTED if columns[name] is not None}
    return Context(**{**columns, **{name: UUID(str(found)) for name, found in ids.items()}})


@dataclass(frozen=True)
class Told:
    """A visit as told: under which id, at which household or area, by whom performed."""

    visit: UUID
    form: VisitContent
    household: UUID | None
    area: UUID | None
    performer: UUID


async def find_context(by: Who, told: Told) -> Context | None:
    """What is known about the place of a visit; None for a household that is not there."""
    form, day, today = told.form, told.form.day, clock.today()
    performer = _team_of(told.performer, day)
    source, place, team, only = _placed(told, performer)
    noted = form.note if len(form.note) >= NOTE_LETTERS else "\n"
    return await row(
        _known,
        "{} {}",
        SQL(
            _KNOWN,
            serving(today) if told.household else performer,
            performer,
            _team_of(told.performer, today),
            _team_of(by.person, day) if by.person != told.performer else performer,
            _near(told.visit, form, told.performer, TWIN),
            _near(told.visit, form, told.performer, RUSH / 2),
            *(_near(told.visit, form, told.performer, NOTE_DAYS), noted),
            *(source, place, as_of("y", day), team),
        ),
        only,
    )


def _placed(told: Told, performer: SQL) -> tuple[SQL, SQL, SQL, SQL]:
    """Where to look: the source of `h`, the area, the team that serves there, which row."""
    day = told.form.day
    if told.household is None:
        source = SQL("(SELECT 1 AS one) z LEFT JOIN household h ON 1 = 0")
        place = SQL("{}", told.area) if told.area else _first_area(performer, day)
        return source, place, performer, SQL("")
    only = SQL("WHERE h.id = ({})", SQL(_KEPT, told.household))
    return SQL("household h"), SQL("h.area"), serving(day), only


_KEPT = (
    "WITH RECURSIVE up(id, next) AS (SELECT o.id, o.merged_into FROM household o WHERE o.id = {}"
    " UNION ALL SELECT o.id, o.merged_into FROM up u JOIN household o ON o.id = u.next)"
    " SELECT u.id FROM up u WHERE u.next IS NULL"
)
"""The household that stands for one, through however many merges: mostly itself."""


def _first_area(team: SQL, day: date) -> SQL:
    return SQL(
        "(SELECT fa.area FROM team_area fa JOIN area_spell fs ON fs.area = fa.area AND {}"
        " WHERE fa.team = {} AND {} ORDER BY fs.path LIMIT 1)",
        *(as_of("fs", day), team, as_of("fa", day)),
    )


@dataclass(frozen=True)
class _Named:
    id: UUID
    name: str | None


async def refuse_unknown(form: VisitContent, household: UUID | None) -> None:
    """Raise Refused for codes that were not offered on the day and people who do not fit."""
    known, day = await find_catalogues(), form.day
    wrong: dict[str, str] = {}
    if not known.has("place", form.place, day):
        wrong["place"] = _("Choose one of the list.")
    for line, support in enumerate(form.supports):
        for field, code in _codes(support):
            if code and not known.has(field, code, day):
                wrong[f"supports.{line}.{field}"] = _("This was not offered on that day.")
    referral = form.follow_up_referral
    if referral and not known.has("referral", referral, day):
        wrong["follow_up_referral"] = _("Choose one of the list.")
    wrong |= await _strangers(form, household)
    if wrong:
        raise Refused(fields=wrong)


def _codes(support: SupportForm) -> list[tuple[str, str | None]]:
    return [
        ("service", support.service),
        ("obstacle", support.obstacle),
        ("referral", support.referral),
    ]


async def _strangers(form: VisitContent, household: UUID | None) -> dict[str, str]:
    """What is wrong with the residents: of another household, named without consent, doubled."""
    helped = {support.resident for support in form.supports if support.resident}
    pairs = [(support.service, support.resident) for support in form.supports]
    wrong = {}
    if len(set(pairs)) < len(pairs):
        wrong["supports"] = _("The same service stands twice. Keep one of them.")
    if not helped:
        return wrong
    found = await rows(
        _Named,
        FAMILY + "SELECT r.id, r.name FROM resident r"
        " WHERE r.id IN {} AND r.household IN (SELECT id FROM family)",
        *(household, among(sorted(helped))),
    )
    mine = {one.id: one for one in found}
    for line, support in enumerate(form.supports):
        one = mine.get(support.resident) if support.resident else None
        if support.resident and one is None:
            wrong[f"supports.{line}.resident"] = _("This person is not of the household.")
        elif one and one.name and form.basis != "consent":
            said = _("Without consent nobody is named. Choose the age band instead.")
            wrong[f"supports.{line}.resident"] = said
    return wrong
