"""The page of the visit form."""

from __future__ import annotations

from typing import Any

from litestar import Response

from kit import clock
from kit.answers import Asking
from kit.database import new_id
from kit.errors import Refused
from kit.pages import page
from people.permissions import Who
from teams.households.history import list_residents
from teams.households.queries import HouseholdFound
from teams.offline.offers import list_mates, list_usual, offers
from teams.offline.shell import app_version


async def visit_page(
    request: Asking,
    who: Who,
    home: HouseholdFound | None,
    refused: Refused | None = None,
    sent: dict[str, list[str]] | None = None,
    **more: Any,
) -> Response[Any]:
    """The form; after a refusal with what was tapped and typed."""
    if refused and sent:
        refused.typed = {name: values[0] for name, values in sent.items() if values}
    residents = await list_residents(home.id, clock.today()) if home else []
    return page(
        request,
        "offline/visit.html",
        refused,
        home=home,
        offers=await offers(await list_usual(who)),
        residents=[(one.id, one.label) for one in residents],
        mates=[(mate.id, mate.name) for mate in await list_mates(who)],
        picked=sent or {},
        visit_id=(sent or {}).get("id", [""])[0] or str(new_id()),
        clock_time=clock.now().astimezone(clock.LOCAL).strftime("%H:%M"),
        version=app_version(),
        **more,
    )
