"""Which visits a list shows: the filter as it is asked, and its conditions on `visit v`."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from kit.database import SQL, all_of, any_of
from kit.forms import Form, Line, Maybe, MaybeDay
from kit.search import holds
from kit.spells import within
from people.permissions import Who
from teams.visits.forms import Met, Outcome
from teams.visits.maps import PLAIN, lies_in, was_in


def visible_visits(who: Who, verb: str = "visit.read", alias: str = "v") -> SQL:
    """The condition that a visit is within reach: by the area of its own day (where that area lay
    last), or as one of one's own team's."""
    if who.everywhere(verb):
        return SQL("1 = 1")
    near = SQL(
        f"{PLAIN}{alias}.area IN (SELECT vs.area FROM area_spell vs WHERE {{}} AND {{}})",
        within("vs.path", who.paths(verb)),
        SQL(
            "NOT EXISTS (SELECT 1 FROM area_spell vl WHERE vl.area = vs.area"
            " AND vl.since > vs.since)"
        ),
    )
    parts = [near] if who.paths(verb) else []
    return any_of([*parts, *(SQL(f"{alias}.team = {{}}", team) for team in who.teams(verb))])


class VisitFilter(Form):
    """Which visits a list shows; days are the visits' own, both included, and a team is that of
    the visit's day. An area holds what lies in it on today's map or, with `map`, what lay in it on
    the visit's own day. Withdrawn ones are shown only when asked for."""

    q: Line = ""
    team: Annotated[UUID | None, Maybe] = None
    area: Annotated[UUID | None, Maybe] = None
    map: Annotated[Literal["then"] | None, Maybe] = None
    household: Annotated[UUID | None, Maybe] = None
    service: Annotated[str | None, Maybe] = None
    outcome: Annotated[Outcome | None, Maybe] = None
    met: Annotated[Met | None, Maybe] = None
    since: MaybeDay = None
    until: MaybeDay = None
    flagged: bool = False
    withdrawn: bool = False
    after: str = ""

    def query(self) -> dict[str, object]:
        """The words of the filter for an address."""
        kept = self.model_dump(mode="json", exclude={"after"}, exclude_none=True)
        return {key: value for key, value in kept.items() if value not in ("", False)}


def in_days(asked: VisitFilter, alias: str = "v") -> list[SQL]:
    """The conditions on the day of a visit, or of a support."""
    found = [SQL(f"{alias}.day >= {{}}", asked.since)] if asked.since else []
    return [*found, *([SQL(f"{alias}.day <= {{}}", asked.until)] if asked.until else [])]


def shown_visits(who: Who, asked: VisitFilter) -> list[SQL]:
    """The conditions of a filter on `visit v`."""
    found = [visible_visits(who)]
    if not asked.withdrawn:
        found.append(SQL("v.withdrawn_at IS NULL"))
    named = {name: getattr(asked, name) for name in ("team", "household", "met")}
    found += [SQL(f"v.{name} = {{}}", wanted) for name, wanted in named.items() if wanted]
    if asked.area:
        found.append((was_in if asked.map == "then" else lies_in)(asked.area))
    return [*found, *in_days(asked), *_of_content(asked)]


def told_supports(asked: VisitFilter) -> list[SQL]:
    """The conditions on a support `x`."""
    named = {name: getattr(asked, name) for name in ("service", "outcome")}
    return [SQL(f"x.{name} = {{}}", wanted) for name, wanted in named.items() if wanted]


def _of_content(asked: VisitFilter) -> list[SQL]:
    found = []
    if given := told_supports(asked):
        told = all_of([SQL("x.visit = v.id"), *given])
        found.append(SQL("EXISTS (SELECT 1 FROM support x WHERE {})", told))
    if asked.q:
        named = SQL("SELECT q.id FROM household q WHERE {}", holds("q.fold", asked.q))
        by_name = "v.basis = 'consent' AND v.anonymised_at IS NULL"
        found.append(SQL(f"{PLAIN}v.household IN ({{}}) AND {by_name}", named))
    if asked.flagged:
        found.append(SQL("v.id IN (SELECT g.visit FROM visit_flag g WHERE g.reviewed_at IS NULL)"))
    return found
