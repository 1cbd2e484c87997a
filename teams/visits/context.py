"""What must be known to judge a visit by its own day, gathered in one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import SQL, Prepared, Slot, among, rows, run
from kit.errors import Refused
from kit.i18n import gettext as _
from kit.spells import as_of
from people.permissions import Who
from teams.catalogues.queries import find_catalogues
from teams.households.family import FAMILY, family_of, stands_for
from teams.households.reach import serving
from teams.visits.forms import SupportForm, VisitContent

TWIN = timedelta(minutes=10)
RUSH, RUSH_VISITS = timedelta(hours=1), 40
NOTE_LETTERS, NOTE_DAYS = 12, timedelta(days=30)


@dataclass(frozen=True)
class Context:
    """Where a visit was, who served there on its day, what was promised there and is open, and
    what speaks for a second look. Paper knows no hour, so nobody is hasty on it."""

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


@dataclass(frozen=True)
class Told:
    """A visit as told: under which id, at which household or area, by whom performed."""

    visit: UUID
    form: VisitContent
    household: UUID | None
    area: UUID | None
    performer: UUID

    @property
    def noted(self) -> bool:
        """Whether the note is long enough to tell it from others: "vắng nhà" may well recur."""
        return len(self.form.note) >= NOTE_LETTERS


_KNOWN = f"""
SELECT h.id AS household, coalesce(h.head, '') AS head, coalesce(h.code, '') AS code, h.people,
       (SELECT count(*) FROM follow_up x WHERE x.closed_at IS NULL
        AND x.household IN {family_of("h.id")}) AS promises,
       h.made_at, s.area, s.path, t.id AS team, t.name AS team_name,
       (SELECT p.name FROM membership l JOIN person p ON p.id = l.person
        WHERE l.team = t.id AND l.position = 'leader' AND l.left_on IS NULL) AS leader,
       {{}} AS team_now, {{}} AS performer_team, {{}} AS performer_now, {{}} AS enterer_team,
       (SELECT count(*) FROM visit x WHERE x.household = h.id AND {{}}) AS twins,
       (SELECT count(*) FROM visit x WHERE {{}}) AS hour,
       {{}} AS same_notes
FROM {{}}
LEFT JOIN area_spell s ON s.id = (SELECT y.id FROM area_spell y WHERE y.area = {{}}
    ORDER BY CASE WHEN {{}} THEN 0 ELSE 1 END, y.since DESC LIMIT 1)
LEFT JOIN team t ON t.id = {{}}
{{}}
"""
_COMPUTED = ("team_now", "performer_team", "performer_now", "enterer_team")
_SPANS = {"twin": TWIN, "hour": RUSH / 2, "note": NOTE_DAYS}


def _known(**columns: Any) -> Context:
    """A row as the dataclass; SQLite gives computed ids as text."""
    ids = {name: columns[name] for name in _COMPUTED if columns[name] is not None}
    return Context(**{**columns, **{name: UUID(str(found)) for name, found in ids.items()}})


async def find_context(by: Who, told: Told) -> Context | None:
    """What is known about the place of a visit; None for a household that is not there."""
    at, day = told.form.met_at, told.form.day
    spans = {f"{name}_from": at - span for name, span in _SPANS.items()} | {
        f"{name}_to": at + span for name, span in _SPANS.items()
    }
    known = _statement(told.household is not None, told.area is not None, told.noted)
    found = await known.run(
        **spans,
        visit=told.visit,
        household=told.household,
        area=told.area,
        performer=told.performer,
        enterer=by.person or told.performer,
        note=told.form.note,
        day=day,
        today=clock.today(),
    )
    if not found:
        return None
    context = _known(**found[0])
    return context if by.person else replace(context, enterer_team=None)


@lru_cache
def _statement(at_household: bool, in_area: bool, noted: bool) -> Prepared:
    """The query for visits of one kind."""
    day, today = Slot("day"), Slot("today")
    performer = _team_of("performer", day)
    source, place, team, only = _placed(performer, day, at_household, in_area)
    return Prepared(
        SQL(
            _KNOWN,
            serving(today) if at_household else performer,
            performer,
            _team_of("performer", today),
            _team_of("enterer", day),
            _near("twin"),
            SQL("{} AND x.via <> 'paper'", _near("hour")),
            _same_notes() if noted else SQL("0"),
            *(source, place, as_of("y", day), team, only),
        )
    )


def _team_of(person: str, day: Slot) -> SQL:
    member = "(SELECT m.team FROM membership m WHERE m.person = {} AND {})"
    return SQL(member, Slot(person), as_of("m", day, "joined_on", "left_on"))


def _near(span: str) -> SQL:
    return SQL(
        "x.performed_by = {} AND x.met_at > {} AND x.met_at < {} AND x.withdrawn_at IS NULL"
        " AND x.id <> {}",
        *(Slot("performer"), Slot(f"{span}_from"), Slot(f"{span}_to"), Slot("visit")),
    )


def _same_notes() -> SQL:
    """How often the performer wrote this very note lately."""
    near = _near("note")
    return SQL("(SELECT count(*) FROM visit x WHERE {} AND x.note = {})", near, Slot("note"))


def _placed(
    performer: SQL, day: Slot, at_household: bool, in_area: bool
) -> tuple[SQL, SQL, SQL, SQL]:
    """Where to look: the source of `h`, the area, the team that serves there, which row."""
    if at_household:
        only = SQL(f"WHERE h.id = {stands_for('{}')}", Slot("household"))
        return SQL("household h"), SQL("h.area"), serving(day), only
    source = SQL("(SELECT 1 AS one) z LEFT JOIN household h ON 1 = 0")
    place = SQL("{}", Slot("area")) if in_area else _first_area(performer, day)
    return source, place, performer, SQL("")


def _first_area(team: SQL, day: Slot) -> SQL:
    return SQL(
        "(SELECT fa.area FROM team_area fa JOIN area_spell fs ON fs.area = fa.area AND {}"
        " WHERE fa.team = {} AND {} ORDER BY fs.path LIMIT 1)",
        *(as_of("fs", day), team, as_of("fa", day)),
    )


def with_earlier(known: Context, told: Told, earlier: Iterable[tuple[Told, Context]]) -> Context:
    """The same, counting also what came before it in one call and is not written yet."""
    near = [
        (one, at, abs(one.form.met_at - told.form.met_at))
        for one, at in earlier
        if one.performer == told.performer
    ]
    twins = [1 for _one, at, gap in near if at.household == known.household and gap < TWIN]
    notes = [1 for one, _at, gap in near if one.form.note == told.form.note and gap < NOTE_DAYS]
    return replace(
        known,
        twins=known.twins + (len(twins) if known.household else 0),
        hour=known.hour + sum(gap < RUSH / 2 for _one, _at, gap in near),
        same_notes=known.same_notes + (len(notes) if told.noted else 0),
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
    if form.consent_text and not known.has_wording(form.consent_text):
        wrong["consent_text"] = _("There is no such text of consent.")
    wrong |= await _nobodies(form) | await _strangers(form, household)
    if wrong:
        raise Refused(fields=wrong)


def _codes(support: SupportForm) -> list[tuple[str, str | None]]:
    return [
        ("service", support.service),
        ("obstacle", support.obstacle),
        ("referral", support.referral),
    ]


async def _nobodies(form: VisitContent) -> dict[str, str]:
    """What is wrong with those who went: whom no register knows."""
    performer = [form.performed_by] if form.performed_by else []
    wanted = {*form.participants, *performer}
    if not wanted:
        return {}
    found = await run("SELECT id FROM person WHERE id IN {}", among(sorted(wanted)))
    missing = wanted - {one["id"] for one in found}
    said = _("This person is not there. Choose another.")
    told = {"participants": form.participants, "performed_by": performer}
    return {field: said for field, people in told.items() if missing.intersection(people)}


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
