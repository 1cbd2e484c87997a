"""The figures of a team: a tab of its page."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.forms import Form, Maybe, MaybeDay, read_query
from kit.pages import page
from kit.periods import Kind, period_of
from people.sign_ins.door import Asker, may
from places.settings.queries import find_body
from reports.teams.queries import find_team_period
from teams.catalogues.queries import find_catalogues
from teams.catalogues.tables import OUTCOMES
from teams.roster.queries import find_team
from teams.visits.words import outcome_word


class PeriodAsked(Form):
    """`?kind=quarter&on=2026-10-01`: the month, quarter or year in which a day lies."""

    kind: Annotated[Kind | None, Maybe] = None
    on: MaybeDay = None


@get("/teams/{team:uuid}/figures", guards=[may("visit.read")])
async def team_figures_page(request: Asking, who: Asker, team: FromPath[UUID]) -> Response[str]:
    """What a team did in a period, beside the one before."""
    found, asked = await find_team(who, team), read_query(request, PeriodAsked)
    cut_off = (await find_body()).cutoff_day
    period = period_of(asked.on or clock.today(), asked.kind or "month", cut_off)
    shown: dict[str, Any] = {
        "now": await find_team_period(team, period),
        "before": await find_team_period(team, period.before),
        "catalogues": await find_catalogues(),
    }
    words: dict[str, Any] = {"outcomes": OUTCOMES, "outcome_word": outcome_word}
    return page(request, "teams/figures.html", team=found, period=period, **shown, **words)


ROUTES: list[ControllerRouterHandler] = [team_figures_page]
