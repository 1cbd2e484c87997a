"""What looks odd: the list a coordinator works off, and the word an author reads."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import Refused
from kit.forms import read_form, read_query, read_typed
from kit.i18n import gettext as _
from kit.i18n import ngettext
from kit.pages import done, onward, page
from people.audit.commands import record_view
from people.permissions import Who
from people.sign_ins.door import Asker, may
from teams.offline.losses import list_losses
from teams.reviews.commands import (
    ReviewForm,
    ReviewManyForm,
    read_word,
    review_flag,
    review_flags,
)
from teams.reviews.queries import (
    MOST_COUNTED,
    VERB,
    ReviewAsked,
    count_flags,
    list_flags,
)
from teams.visits.queries import find_visit


@get("/visits/reviews", guards=[may(VERB)])
async def reviews_page(request: Asking, who: Asker) -> Response[str]:
    """What waits for a look, the oldest first."""
    return await _reviewing(request, who)


@post("/visits/reviews", guards=[may(VERB)])
async def review_here(request: Asking, who: Asker) -> Response[Any]:
    """Say of the ticked ones that they were looked at."""
    try:
        count = await review_flags(who, await read_form(request, ReviewManyForm))
    except Refused as refused:
        return await _reviewing(request, who, refused)
    said = ngettext("%(num)s point was reviewed.", "%(num)s points were reviewed.", count)
    return done("/visits/reviews", said)


async def _reviewing(request: Asking, who: Who, refused: Refused | None = None) -> Response[str]:
    ticked: list[str] = []
    if refused:
        refused.typed = await read_typed(request)
        ticked = [str(flag) for flag in (await request.form()).getall("flags", [])]
    asked = read_query(request, ReviewAsked)
    flags, following = await list_flags(who, asked.after)
    whole = not (following or asked.after)
    shown = {
        "flags": flags,
        "following": onward(request, following),
        "count": len(flags) if whole else await count_flags(who),
        "most": MOST_COUNTED,
        "ticked": ticked,
        "losses": await list_losses(who, VERB),
    }
    await record_view(who, "visit.list", path=who.first_path(VERB))
    return page(request, "reviews/list.html", refused, **shown)


@post("/visits/{visit:uuid}/reviews/{flag:str}", guards=[may(VERB)])
async def review_one_here(
    request: Asking, who: Asker, visit: FromPath[UUID], flag: FromPath[str]
) -> Response[Any]:
    """Say of one point of a visit that it was looked at."""
    await find_visit(who, visit)
    await review_flag(who, visit, flag, await read_form(request, ReviewForm))
    return done(f"/visits/{visit}", _("The point was reviewed."))


@post("/visits/{visit:uuid}/reviews/{flag:str}/reading", guards=[may("visit.read")])
async def read_word_here(who: Asker, visit: FromPath[UUID], flag: FromPath[str]) -> Response[Any]:
    """Put a reviewer's word away, as the one it was written to."""
    await read_word(who, visit, flag)
    return done(f"/visits/{visit}", _("The question is put away."))


ROUTES: list[ControllerRouterHandler] = [
    reviews_page,
    review_here,
    review_one_here,
    read_word_here,
]
