"""API tokens: made and shown once, revoked for good."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from kit import clock
from kit.database import new_id, run, transaction
from kit.errors import NotFound, Refused
from kit.forms import Form, Line
from kit.i18n import gettext as _
from people.accounts.queries import AccountFound, find_account
from people.audit.commands import record
from people.permissions import Who
from people.sign_ins.queries import token_hash
from people.tables import ApiToken
from people.tokens.queries import find_token

PREFIX = "toso_"
MOST = 20


def _days(value: object) -> object:
    return int(value) if isinstance(value, str) and value.isdigit() else value


class TokenForm(Form):
    """What a token is for, what it may do, and for how many days (0: until it is revoked)."""

    name: Line = Field(min_length=2, max_length=60)
    scope: Literal["read", "write"] = "read"
    days: Annotated[Literal[30, 90, 365, 0], BeforeValidator(_days)] = 365


async def make_token(by: Who, account: AccountFound, form: TokenForm) -> str:
    """A bearer token with the rights of the account's owner; only its hash is kept.

    Raises Refused for a locked account, or when it has too many tokens.
    """
    if account.locked_at:
        raise Refused(_("This account is locked. Unlock it first."))
    token, now = PREFIX + secrets.token_urlsafe(32), clock.now()
    async with transaction():
        await _refuse_too_many(account)
        await ApiToken.insert(
            ApiToken(
                id=new_id(),
                token_hash=token_hash(token),
                account=account.id,
                name=form.name,
                scope=form.scope,
                made_at=now,
                used_at=None,
                expires_at=now + timedelta(days=form.days) if form.days else None,
                revoked_at=None,
            )
        )
        after = {"name": form.name, "scope": form.scope, "days": form.days or None}
        await record(by, "token.make", account.person, account.name, path=account.path, after=after)
    return token


async def _refuse_too_many(account: AccountFound) -> None:
    alive = await run(
        "SELECT id FROM api_token WHERE account = {} AND revoked_at IS NULL", account.id
    )
    if len(alive) >= MOST:
        raise Refused(_("There are too many tokens already. Revoke one you do not use."))


async def make_own_token(by: Who, form: TokenForm) -> str:
    """A token in one's own name. Raises Refused like `make_token`."""
    if not by.account:
        raise NotFound
    return await make_token(by, await find_account(by, by.account), form)


async def revoke_token(by: Who, token_id: UUID) -> str:
    """End a token of one's own, or of an account one may change: its name. Twice is as once."""
    token = await find_token(token_id)
    verb = "account.read" if token.account == by.account else "account.edit"
    account = await find_account(by, token.account, verb)
    async with transaction():
        ended = await run(
            "UPDATE api_token SET revoked_at = {} WHERE id = {} AND revoked_at IS NULL"
            " RETURNING id",
            *(clock.now(), token_id),
        )
        if ended:
            before = {"name": token.name, "scope": token.scope}
            await record(
                by, "token.revoke", account.person, account.name, path=account.path, before=before
            )
    return token.name
