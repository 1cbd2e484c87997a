"""The card to print, and the public page its code leads to."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.errors import NotFound
from kit.forms import read_form
from kit.i18n import gettext as _
from kit.pages import done, page, public_address
from kit.qr import qr_svg
from people.sign_ins.door import Asker, may
from teams.cards.commands import CardForm, make_card
from teams.cards.queries import find_card, find_holder


@get("/people/{person:uuid}/card", guards=[may("member.card")])
async def card_page(request: Asking, who: Asker, person: FromPath[UUID]) -> Response[str]:
    """A member's card, ready to print, or the button that makes it."""
    holder = await find_holder(who, person)
    address = f"{public_address(request)}/cards/{holder.code}" if holder.code else ""
    svg = qr_svg(address) if address else ""
    return page(request, "people/card.html", holder=holder, address=address, svg=svg)


@post("/people/{person:uuid}/card", guards=[may("member.card")])
async def make_card_here(request: Asking, who: Asker, person: FromPath[UUID]) -> Response[None]:
    """Make the card, or a new one for a lost one."""
    await make_card(who, person, await read_form(request, CardForm))
    return done(f"/people/{person}/card", _("The card is ready to print."))


@get("/cards/{code:str}", opt={"open": True})
async def check_card(request: Asking, code: FromPath[str]) -> Response[str]:
    """What a card confirms today, to anybody who scans it."""
    try:
        card = await find_card(code)
    except NotFound:
        response = page(request, "cards/unknown.html")
        response.status_code = 404
        return response
    return page(request, "cards/show.html", card=card, today=clock.today())


ROUTES: list[ControllerRouterHandler] = [card_page, make_card_here, check_card]
