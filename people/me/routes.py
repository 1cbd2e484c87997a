"""One's own page: roles, look, password, devices, tokens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit import i18n
from kit.answers import Asking
from kit.errors import Refused
from kit.forms import read_form
from kit.i18n import gettext as _
from kit.pages import done, page
from people.accounts.commands import LookForm, save_look
from people.accounts.queries import list_roles
from people.accounts.words import role_word
from people.me.queries import find_self
from people.permissions import Who
from people.sign_ins.commands import (
    PasswordForm,
    change_password,
    end_other_sign_ins,
    end_sign_in,
)
from people.sign_ins.door import Asker, language_cookie, signed_in
from people.sign_ins.queries import list_devices
from people.tokens.commands import TokenForm, make_own_token, revoke_token
from people.tokens.queries import list_tokens


@get("/me", guards=[signed_in])
async def me_page(request: Asking, who: Asker) -> Response[Any]:
    """One's own page."""
    return await _me(request, who)


async def _me(request: Asking, who: Who, refused: Refused | None = None) -> Response[Any]:
    me = await find_self(who)
    return page(
        request,
        "me/show.html",
        refused,
        me=me,
        held=await list_roles([who.person]) if who.person else [],
        devices=await list_devices(who),
        tokens=await list_tokens(who.account) if who.account else [],
        role_word=role_word,
    )


@post("/me/look", guards=[signed_in])
async def save_look_here(request: Asking, who: Asker) -> Response[Any]:
    """Keep language, colours and text size; this device's sign-in page speaks it too."""
    try:
        form = await read_form(request, LookForm)
        await save_look(who, form)
    except Refused as refused:
        return await _me(request, who, refused)
    i18n.language.set(form.language)
    response = done("/me", _("Saved. The pages look this way from now on."))
    response.set_cookie(language_cookie(form.language))
    return response


@post("/me/password", guards=[signed_in])
async def change_password_here(request: Asking, who: Asker) -> Response[Any]:
    """Set one's own password."""
    try:
        await change_password(who, await read_form(request, PasswordForm))
    except Refused as refused:
        return await _me(request, who, refused)
    return done("/me", _("The password is set. Other devices are signed out."))


@post("/me/devices/{device:uuid}/sign-out", guards=[signed_in])
async def sign_device_out(who: Asker, device: FromPath[UUID]) -> Response[Any]:
    """Sign one device out."""
    await end_sign_in(who, device)
    return done("/me#devices", _("The device is signed out."))


@post("/me/sign-outs", guards=[signed_in])
async def sign_others_out(who: Asker) -> Response[Any]:
    """Sign every other device out."""
    await end_other_sign_ins(who)
    return done("/me#devices", _("All other devices are signed out."))


@post("/me/tokens", guards=[signed_in])
async def make_token_here(request: Asking, who: Asker) -> Response[Any]:
    """Make a token of one's own and show it, this once."""
    try:
        form = await read_form(request, TokenForm)
        token = await make_own_token(who, form)
    except Refused as refused:
        return await _me(request, who, refused)
    return page(request, "me/made_token.html", token=token, name=form.name, scope=form.scope)


@post("/me/tokens/{api_token:uuid}/revoke", guards=[signed_in])
async def revoke_own_token(who: Asker, api_token: FromPath[UUID]) -> Response[Any]:
    """Revoke a token of one's own."""
    name = await revoke_token(who, api_token)
    return done("/me#tokens", _("The token %(name)s works no more.", name=name))


ROUTES: list[ControllerRouterHandler] = [
    me_page,
    save_look_here,
    change_password_here,
    sign_device_out,
    sign_others_out,
    make_token_here,
    revoke_own_token,
]
