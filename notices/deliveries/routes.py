"""The log of what went to whom, and the dead letters in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.forms import read_query
from kit.i18n import gettext as _
from kit.pages import done, onward, page
from notices.deliveries.commands import drop_delivery, resend_delivery
from notices.deliveries.queries import STATES, TONES, DeliveryFilter, list_deliveries
from notices.kinds import CHANNEL_NAMES
from people.audit.commands import record_view
from people.sign_ins.door import Asker, may

LOG = "/notices/deliveries"


@get(LOG, guards=[may("delivery.read")])
async def deliveries_page(request: Asking, who: Asker) -> Response[Any]:
    """What went to whom by which way."""
    asked = read_query(request, DeliveryFilter)
    lines, after = await list_deliveries(who, asked)
    await record_view(who, "delivery.view", path=who.first_path("delivery.read"))
    more, words = onward(request, after), (STATES, TONES, CHANNEL_NAMES)
    return page(
        request, "notices/deliveries.html", lines=lines, asked=asked, more=more, words=words
    )


@post(LOG + "/{delivery:uuid}/resending", guards=[may("delivery.edit")])
async def resend_delivery_here(who: Asker, delivery: FromPath[UUID]) -> Response[Any]:
    """Let dead mail go out again."""
    await resend_delivery(who, delivery)
    return done(LOG, _("It goes out again within a minute."))


@post(LOG + "/{delivery:uuid}/dropping", guards=[may("delivery.edit")])
async def drop_delivery_here(who: Asker, delivery: FromPath[UUID]) -> Response[Any]:
    """Let mail go."""
    await drop_delivery(who, delivery)
    return done(LOG, _("It will not be sent."))


ROUTES: list[ControllerRouterHandler] = [
    deliveries_page,
    resend_delivery_here,
    drop_delivery_here,
]
