"""An account with a device, an ended role and a token, for whoever needs one to act on."""

from __future__ import annotations

from uuid import UUID

from kit.database import value
from people.accounts.commands import (
    AccountForm,
    GrantForm,
    create_account,
    end_grant,
    grant_role,
)
from people.accounts.queries import find_account, find_account_of
from people.permissions import MACHINE
from people.sign_ins.commands import make_link, use_link
from people.tokens.commands import TokenForm, make_token


async def account_of(person: UUID) -> UUID:
    """The account of a person, made now if there is none."""
    phone = await value("SELECT phone FROM person WHERE id = {}", person)
    found = await find_account_of(MACHINE, person)
    if found:
        return found.id
    return await create_account(MACHINE, AccountForm(person=person, phone=phone))


async def account_things(person: UUID, area: UUID) -> dict[str, str]:
    """The names of an account's things in the table of the policy."""
    account = await account_of(person)
    await use_link(await make_link(MACHINE, account), "Chrome · Android")
    form = GrantForm(role="viewer", area=area)
    await end_grant(MACHINE, person, await grant_role(MACHINE, person, form))
    await make_token(MACHINE, await find_account(MACHINE, account), TokenForm(name="Bảng tính"))
    wanted = {
        "device": "SELECT id FROM sign_in WHERE account = {} ORDER BY id DESC",
        "api_token": "SELECT id FROM api_token WHERE account = {} ORDER BY id DESC",
    }
    found = {name: str(await value(sql, account)) for name, sql in wanted.items()}
    grant = await value("SELECT id FROM role_grant WHERE person = {}", person)
    return {"account": str(account), "grant": str(grant), **found}
