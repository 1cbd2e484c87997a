"""Accounts: the list, one account, a new one; links, locks and roles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import Refused
from kit.forms import read_filter, read_form, read_typed
from kit.i18n import gettext as _
from kit.pages import done, onward, page, public_address
from kit.qr import qr_svg
from people.accounts.commands import (
    AccountForm,
    GrantForm,
    create_account,
    end_grant,
    grant_role,
    lock_account,
)
from people.accounts.queries import (
    AccountFilter,
    find_account,
    find_account_of,
    list_accounts,
    list_grants,
    list_persons_without,
    list_roles,
    may_change,
)
from people.accounts.words import granted_choices, role_choices, role_word
from people.audit.commands import record_view
from people.permissions import Who
from people.persons.queries import find_person
from people.reach import choices_areas
from people.sign_ins.commands import LINK_MINUTES, end_all_sign_ins, make_link
from people.sign_ins.door import Asker, may
from people.tokens.commands import revoke_token
from people.tokens.queries import list_tokens


@get("/accounts", guards=[may("account.read")])
async def accounts_page(request: Asking, who: Asker) -> Response[str]:
    """Accounts within reach."""
    asked, refused = read_filter(request, AccountFilter)
    lines, after = await list_accounts(who, asked)
    await record_view(who, "account.view", path=who.first_path("account.read"))
    more, roles = onward(request, after), role_choices()
    shown = {"lines": lines, "asked": asked, "more": more, "roles": roles}
    return page(request, "accounts/list.html", refused, **shown, role_word=role_word)


@get("/accounts/new", guards=[may("account.edit")])
async def new_account_page(
    request: Asking, who: Asker, person: FromQuery[UUID | None] = None, q: FromQuery[str] = ""
) -> Response[Any]:
    """The form of a new account: first whose, then the phone."""
    if person is None:
        found = await list_persons_without(who, q.strip())
        await record_view(who, "person.list", path=who.first_path("account.edit"))
        return page(request, "accounts/choose.html", q=q, persons=found)
    account = await find_account_of(who, person)
    if account:
        return done(
            f"/accounts/{account.id}", _("This person has an account already."), tone="info"
        )
    return await _new_account(request, who, person)


async def _new_account(
    request: Asking, who: Who, person: UUID, refused: Refused | None = None
) -> Response[Any]:
    found = await find_person(who, person, "account.edit")
    return page(request, "accounts/new.html", refused, person=found)


@post("/accounts/new", guards=[may("account.edit")])
async def make_account(request: Asking, who: Asker) -> Response[Any]:
    """Make an account, then its page, from which a link goes out."""
    try:
        account = await create_account(who, await read_form(request, AccountForm))
    except Refused as refused:
        return await _not_made(request, who, refused)
    return done(f"/accounts/{account}", _("The account is made. Send a sign-in link now."))


async def _not_made(request: Asking, who: Who, refused: Refused) -> Response[Any]:
    """The form again, or the choice of a person where none was sent."""
    refused.typed = await read_typed(request)
    person = _uuid(refused.typed.get("person", ""))
    return await _new_account(request, who, person, refused) if person else done("/accounts/new")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@get("/accounts/{account:uuid}", guards=[may("account.read")])
async def account_page(request: Asking, who: Asker, account: FromPath[UUID]) -> Response[Any]:
    """An account, its owner's roles, and what may be done to it."""
    return await _account(request, who, account)


async def _account(
    request: Asking, who: Who, account: UUID, refused: Refused | None = None
) -> Response[Any]:
    found = await find_account(who, account)
    grants = who.may("account.grant")
    areas = await choices_areas(who, "account.grant") if grants else []
    return page(
        request,
        "accounts/account.html",
        refused,
        account=found,
        held=await list_roles([found.person]),
        grants=await list_grants(found.person) if grants else [],
        tokens=await list_tokens(account),
        area_choices=[(a.id, a.label) for a in areas],
        roles=granted_choices(),
        role_word=role_word,
        may_change=may_change(who, found) and found.person != who.person,
        may_link=may_change(who, found, "account.link"),
    )


@post("/accounts/{account:uuid}/link", guards=[may("account.link")])
async def make_link_here(request: Asking, who: Asker, account: FromPath[UUID]) -> Response[Any]:
    """A one-time sign-in link, shown once: as code to scan, to copy and to read."""
    try:
        token = await make_link(who, account)
    except Refused as refused:
        return await _account(request, who, account, refused)
    address = f"{public_address(request)}/sign-in/{token}"
    found = await find_account(who, account)
    return page(
        request, "accounts/made_link.html", account=found, address=address,
        svg=qr_svg(address), minutes=LINK_MINUTES,
    )  # fmt: skip


@post("/accounts/{account:uuid}/lock", guards=[may("account.edit")])
async def lock_here(request: Asking, who: Asker, account: FromPath[UUID]) -> Response[Any]:
    """Lock the account."""
    try:
        await lock_account(who, account, locked=True)
    except Refused as refused:
        return await _account(request, who, account, refused)
    undo = f"/accounts/{account}/unlock"
    return done(
        f"/accounts/{account}", _("The account is locked, its devices signed out."), undo_url=undo
    )


@post("/accounts/{account:uuid}/unlock", guards=[may("account.edit")])
async def unlock_here(request: Asking, who: Asker, account: FromPath[UUID]) -> Response[Any]:
    """Unlock the account."""
    try:
        await lock_account(who, account, locked=False)
    except Refused as refused:
        return await _account(request, who, account, refused)
    return done(f"/accounts/{account}", _("The account is open again."))


@post("/accounts/{account:uuid}/sign-outs", guards=[may("account.edit")])
async def sign_all_out(who: Asker, account: FromPath[UUID]) -> Response[Any]:
    """Sign all devices of the account out."""
    await end_all_sign_ins(who, account)
    return done(f"/accounts/{account}", _("All devices of this account are signed out."))


@post("/accounts/{account:uuid}/grants", guards=[may("account.grant")])
async def grant_here(request: Asking, who: Asker, account: FromPath[UUID]) -> Response[Any]:
    """Give a role."""
    found = await find_account(who, account)
    try:
        await grant_role(who, found.person, await read_form(request, GrantForm))
    except Refused as refused:
        return await _account(request, who, account, refused)
    return done(f"/accounts/{account}", _("The role holds from today."))


@post(
    "/accounts/{account:uuid}/grants/{grant:uuid}/end",
    guards=[may("account.grant")],
    include_in_schema=False,
)
async def end_grant_here(
    request: Asking, who: Asker, account: FromPath[UUID], grant: FromPath[UUID]
) -> Response[Any]:
    """End a role."""
    found = await find_account(who, account)
    try:
        await end_grant(who, found.person, grant)
    except Refused as refused:
        return await _account(request, who, account, refused)
    return done(f"/accounts/{account}", _("The role has ended."))


@post(
    "/accounts/{account:uuid}/tokens/{api_token:uuid}/revoke",
    guards=[may("account.edit")],
    include_in_schema=False,
)
async def revoke_here(
    who: Asker, account: FromPath[UUID], api_token: FromPath[UUID]
) -> Response[Any]:
    """Revoke a token of an account."""
    await find_account(who, account)
    name = await revoke_token(who, api_token)
    return done(f"/accounts/{account}", _("The token %(name)s works no more.", name=name))


ROUTES: list[ControllerRouterHandler] = [
    accounts_page,
    new_account_page,
    make_account,
    account_page,
    make_link_here,
    lock_here,
    unlock_here,
    sign_all_out,
    grant_here,
    end_grant_here,
    revoke_here,
]
