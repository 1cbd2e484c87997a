"""`toso token`: make, revoke and list the tokens of programs."""

from __future__ import annotations

import json

import click

from kit.errors import NotFound
from kit.forms import check
from kit.i18n import gettext as _
from kit.pages import moment
from kit.phones import phone_shown
from kit.terminal import read_phone, run_async
from people.accounts.queries import find_account_by_phone
from people.permissions import MACHINE
from people.tokens.commands import TokenForm, make_token, revoke_token
from people.tokens.queries import TokenFound, find_token_by_text, list_all_tokens


@click.group()
def token() -> None:
    """Make, revoke and list bearer tokens of the API."""


@token.command("create")
@click.argument("phone")
@click.option("--scope", type=click.Choice(["read", "write"]), default="read", show_default=True)
@click.option("--name", default="toso", show_default=True, help="what the token is for")
@click.option(
    "--days",
    type=click.Choice(["30", "90", "365", "0"]),
    default="365",
    show_default=True,
    help="how long it lives; 0: until it is revoked",
)
def create(phone: str, scope: str, name: str, days: str) -> None:
    """Print a new token of the account that signs in with PHONE, and nothing else."""
    click.echo(run_async(_create(phone, {"scope": scope, "name": name, "days": days})))


async def _create(phone: str, sent: dict[str, str]) -> str:
    form = check(TokenForm, sent)
    return await make_token(MACHINE, await find_account_by_phone(read_phone(phone)), form)


@token.command("revoke")
@click.argument("token_or_id", metavar="ID|TOKEN")
def revoke(token_or_id: str) -> None:
    """End the token with this id, or this token."""
    name = run_async(_revoke(token_or_id))
    click.echo(_("Revoked: %(name)s", name=name))


async def _revoke(text: str) -> str:
    try:
        found = await find_token_by_text(text)
    except NotFound:
        raise NotFound(_("There is no such token.")) from None
    return await revoke_token(MACHINE, found.id)


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="machine-readable")
def list_(as_json: bool) -> None:
    """List all tokens, without the tokens themselves."""
    found = run_async(list_all_tokens())
    if as_json:
        click.echo(json.dumps([_record(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        until = moment(one.expires_at) or "-"
        shown = (str(one.id), phone_shown(one.phone), one.scope, one.state, until, one.name)
        click.echo("  ".join(shown))


def _record(one: TokenFound) -> dict[str, object]:
    instants = ("made_at", "used_at", "expires_at", "revoked_at")
    return {
        "id": str(one.id),
        "owner": one.owner,
        "phone": one.phone,
        "name": one.name,
        "scope": one.scope,
        "state": one.state,
        **{key: (at := getattr(one, key)) and at.isoformat() for key in instants},
    }
