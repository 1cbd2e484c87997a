"""The pages of the inbox."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.forms import Form, read_form, read_query
from kit.i18n import gettext as _
from kit.i18n import ngettext
from kit.pages import done, onward, page
from notices.inbox.commands import ReadAllForm, mark_all_read, mark_read
from notices.inbox.queries import InboxFilter, by_day, list_notices
from people.sign_ins.door import Asker, signed_in


class ReadingForm(Form):
    """Whether the reader goes on to what the notice is about, or stays in the inbox."""

    open: bool = False


@get("/notices", guards=[signed_in])
async def inbox_page(request: Asking, who: Asker) -> Response[Any]:
    """What one was told, by day."""
    asked = read_query(request, InboxFilter)
    found, after = await list_notices(who, asked)
    return page(
        request,
        "notices/inbox.html",
        days=by_day(found),
        asked=asked,
        more=onward(request, after),
        newest=found[0].id if found else None,
    )


@post("/notices/{notice:uuid}/reading", guards=[signed_in])
async def read_notice_here(request: Asking, who: Asker, notice: FromPath[UUID]) -> Response[Any]:
    """Note that a notice was read, and go where it leads if asked."""
    form = await read_form(request, ReadingForm)
    found = await mark_read(who, notice)
    return done(found.link if form.open else "/notices")


@post("/notices/readings", guards=[signed_in])
async def read_all_here(request: Asking, who: Asker) -> Response[Any]:
    """Note that all on the page was read."""
    count = await mark_all_read(who, await read_form(request, ReadAllForm))
    said = ngettext("%(num)s notice is read now.", "%(num)s notices are read now.", count)
    return done("/notices", said if count else _("All notices were read before."))


ROUTES: list[ControllerRouterHandler] = [inbox_page, read_notice_here, read_all_here]
