"""`toso demo` and `toso run`: an empty database gets the invented district."""

from __future__ import annotations

import os

import click

from demo.cast import CAST, PASSWORD
from demo.district import fill, is_empty
from kit import server
from kit.cli import Program, pass_program, say_address, table
from kit.errors import Refused
from kit.logs import WARNING, set_up_logs
from kit.migrations import migrate
from kit.settings import check_settings, settings
from kit.terminal import plain_errors, run_async
from places.settings.queries import find_body


@click.command()
def demo() -> None:
    """Fill an empty database with an invented district: 43 teams, 215 members, seven sign-ins."""
    run_async(_fill_empty())
    say_sign_ins()


async def _fill_empty() -> None:
    await migrate()
    if not await is_empty():
        raise Refused("The database is not empty, and the demo would mix with what is in it.")
    await fill()


@click.command(hidden=True)
@click.option("--reload", is_flag=True, help="Start anew whenever a file changes.")
@pass_program
def run(program: Program, *, reload: bool) -> None:
    """Migrate, fill an empty database with the invented district, and serve."""
    with plain_errors():
        check_settings()
        host, port = settings().host, settings().port
        server.refuse_taken(host, port)
        if run_async(_prepare()):
            say_sign_ins()
        set_up_logs(WARNING)
        if reload:
            os.environ.setdefault("TOSO_DEBUG", "true")
            say_address(host, port)
            server.serve_many(host, port, 1, reload=True)
        else:
            server.serve_alone(program.app, host, port, lambda: say_address(host, port))


async def _prepare() -> bool:
    """Migrate and fill; whether what is there now is the demo."""
    await migrate()
    if await is_empty():
        click.echo("First start: filling the database with an invented district.")
        await fill()
    return (await find_body()).demo


def say_sign_ins() -> None:
    """Print who may sign in, in which role."""
    heads = ("role", "name", "phone", "password")
    for line in table([heads, *((p.role, p.name, p.phone, PASSWORD) for p in CAST)]):
        click.echo(line)


COMMANDS: list[click.Command] = [demo, run]
