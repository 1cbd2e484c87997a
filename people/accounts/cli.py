"""`toso account`: make the first admin, and help who cannot sign in."""

from __future__ import annotations

import json
from uuid import UUID

import click

from kit.database import transaction, value
from kit.errors import Refused
from kit.forms import check
from kit.i18n import gettext as _
from kit.pages import moment
from kit.phones import phone_shown
from kit.settings import settings
from kit.terminal import read_phone, run_async
from kit.text import fold
from people.accounts.commands import (
    AccountForm,
    GrantForm,
    create_account,
    grant_role,
    lock_account,
)
from people.accounts.queries import (
    AccountFilter,
    AccountLine,
    find_account_by_phone,
    list_accounts,
)
from people.permissions import GRANTED_ROLES, MACHINE
from people.persons.commands import AddPersonForm, add_person
from people.reach import choices_areas
from people.sign_ins.commands import LINK_MINUTES, make_link, store_password

EVERY = 1_000_000
ROLES = [*GRANTED_ROLES, "none"]


@click.group()
def account() -> None:
    """Make, list, link and lock accounts."""


@account.command("create")
@click.option("--phone", help="what the person signs in with")
@click.option("--name", help="asked only when the register does not know the phone")
@click.option(
    "--role", type=click.Choice(ROLES), help="none for leaders and members: their team says it"
)
@click.option("--area", help="name or code of the area where the role holds; not for an admin")
@click.option("--password", "with_password", is_flag=True, help="ask for a password, not a link")
def create(
    phone: str | None, name: str | None, role: str | None, area: str | None, with_password: bool
) -> None:
    """Make an account, asking for what is missing, and print a one-time sign-in link."""
    phone = phone or click.prompt(_("Phone number"))
    role = role or click.prompt(_("Role"), type=click.Choice(ROLES), default="admin")
    if role not in ("admin", "none"):
        area = area or click.prompt(_("Name or code of the area"))
    if not run_async(_known(phone)):
        name = name or click.prompt(_("Full name"))
    password = ask_password() if with_password else ""
    click.echo(run_async(_create(phone, name or "", role, area or "", password)))


async def _create(phone: str, name: str, role: str, area: str, password: str) -> str:
    stored, place = read_phone(phone), await _area(area)
    async with transaction():
        person = await _person(stored, name, place)
        made = await create_account(MACHINE, AccountForm(person=person, phone=stored))
        if role != "none":
            await grant_role(MACHINE, person, check(GrantForm, {"role": role, "area": place}))
        if not password:
            return await _link(made)
        await store_password(MACHINE, made, password)
        return _("The account is made. Sign in with %(phone)s.", phone=phone_shown(stored))


async def _known(phone: str) -> UUID | None:
    """The person whom the register knows by this phone."""
    found = await value(
        "SELECT id FROM person WHERE phone = {} AND merged_into IS NULL", read_phone(phone)
    )
    return UUID(str(found)) if found else None


async def _person(phone: str, name: str, area: UUID | None) -> UUID:
    known = await _known(phone)
    if known:
        return known
    form = check(AddPersonForm, {"name": name, "phone": phone, "area": area})
    return await add_person(MACHINE, form)


async def _area(text: str) -> UUID | None:
    """The area of that name or code today. Raises Refused unless there is exactly one."""
    if not text:
        return None
    coded = await value("SELECT area FROM area_spell WHERE code = {} AND until IS NULL", text)
    if coded:
        return UUID(str(coded))
    found = [a for a in await choices_areas(MACHINE, "area.read") if fold(a.name) == fold(text)]
    if not found:
        raise Refused(_("No area is called %(name)s.", name=text))
    if len(found) > 1:
        raise Refused(_("Several areas are called %(name)s. Give the code.", name=text))
    return found[0].id


@account.command("list")
@click.option("--json", "as_json", is_flag=True, help="machine-readable")
def list_(as_json: bool) -> None:
    """List all accounts by name."""
    lines, _next = run_async(list_accounts(MACHINE, AccountFilter(), EVERY))
    if as_json:
        click.echo(json.dumps([_record(line) for line in lines], ensure_ascii=False, indent=2))
        return
    for line in lines:
        one = line.account
        roles = ", ".join(held.role for held in line.roles) or "-"
        state = "locked" if one.locked_at else "password" if one.has_password else "link"
        seen = moment(one.seen_at) or "-"
        click.echo("  ".join((phone_shown(one.phone), state, seen, one.name, f"({roles})")))


def _record(line: AccountLine) -> dict[str, object]:
    one = line.account
    return {
        "id": str(one.id),
        "person": str(one.person),
        "name": one.name,
        "phone": one.phone,
        "has_password": bool(one.has_password),
        "locked": bool(one.locked_at),
        "seen_at": one.seen_at and one.seen_at.isoformat(),
        "roles": [{"role": held.role, "place": held.place} for held in line.roles],
    }


@account.command("link")
@click.argument("phone")
def link(phone: str) -> None:
    """Print a sign-in link that works once, for 15 minutes."""
    click.echo(run_async(_link_of(phone)))


async def _link_of(phone: str) -> str:
    return await _link((await find_account_by_phone(read_phone(phone))).id)


async def _link(account_id: UUID) -> str:
    token = await make_link(MACHINE, account_id)
    minutes = _("Works once, within %(count)s minutes.", count=LINK_MINUTES)
    return f"{base_url()}/sign-in/{token}\n{minutes}"


def base_url() -> str:
    """The address users type, or the one this machine listens on."""
    chosen = settings()
    return chosen.public_url or f"http://{chosen.host}:{chosen.port}"


@account.command("lock")
@click.argument("phone")
@click.option("--unlock", is_flag=True, help="open it again")
def lock(phone: str, unlock: bool) -> None:
    """Lock an account, which signs its devices out."""
    name = run_async(_lock(phone, locked=not unlock))
    said = _("Unlocked: %(name)s", name=name) if unlock else _("Locked: %(name)s", name=name)
    click.echo(said)


async def _lock(phone: str, *, locked: bool) -> str:
    found = await find_account_by_phone(read_phone(phone))
    await lock_account(MACHINE, found.id, locked=locked)
    return found.name


@account.command("password")
@click.argument("phone")
def password(phone: str) -> None:
    """Set a password, typed unseen, and sign the account's devices out."""
    name = run_async(_password(phone, ask_password()))
    click.echo(_("New password for: %(name)s", name=name))


async def _password(phone: str, typed: str) -> str:
    found = await find_account_by_phone(read_phone(phone))
    await store_password(MACHINE, found.id, typed)
    return found.name


def ask_password() -> str:
    """A password typed twice, unseen."""
    typed: str = click.prompt(_("Password"), hide_input=True, confirmation_prompt=True)
    return typed
