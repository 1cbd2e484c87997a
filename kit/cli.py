"""The part of `toso` that knows no domain word: serve, migrate, settings, doctor, backup, restore.

Operators read English here; what a rule refuses comes in Vietnamese where LANG begins with `vi`.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
from litestar.types import ASGIApp

from kit import server
from kit.backups import Summary, back_up, restore
from kit.database import ON_SQLITE, close_database
from kit.doctor import CHECKS, Check, Finding, examine
from kit.errors import Refused
from kit.logs import set_up_logs
from kit.migrations import migrate, pending, unknown
from kit.settings import (
    ONE_WORKER,
    Settings,
    check_settings,
    masked,
    read_settings,
    settings,
    variable,
)
from kit.terminal import Plainly, plain_errors, run_async


@dataclass(frozen=True)
class Program:
    """What `app.py` hands to the commands: the app, and the checks that rooms add to doctor's."""

    app: ASGIApp
    checks: list[Check] = field(default_factory=list)


pass_program = click.make_pass_decorator(Program)


@click.command()
@click.option("--host", help="Address to listen on.  [TOSO_HOST]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.  [PORT]")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes.  [TOSO_WORKERS]")
@pass_program
def serve(program: Program, host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the pages and the API, with the scheduler inside, until Ctrl-C or SIGTERM."""
    with plain_errors():
        check_settings()
        chosen = settings()
        count = workers or chosen.workers
        if count > 1 and ON_SQLITE:
            raise Plainly(f"--workers {count}: {ONE_WORKER}.")
        run_async(_refuse_unready())
        set_up_logs()
        address = host or chosen.host, port or chosen.port
        if count > 1:
            say_address(*address)
            server.serve_many(*address, count)
        else:
            server.serve_alone(program.app, *address, lambda: say_address(*address))


async def _refuse_unready() -> None:
    if missing := await pending():
        raise Refused(f"{len(missing)} migrations have not run here. Run: toso migrate")
    if strange := await unknown():
        raise Refused(f"The database is newer than this program ({strange[0]}). Update it.")


def say_address(host: str, port: int) -> None:
    """Print the address to open."""
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Tổ Số listens on http://{shown}:{port}")


@click.command("migrate")
def migrate_command() -> None:
    """Bring the database up to date with this version."""
    done = run_async(migrate())
    click.echo("\n".join(f"ran {name}" for name in done) or "The database is up to date.")


@click.command("settings")
def settings_command() -> None:
    """Show every TOSO_* variable: its value here, its built-in value, and what it means."""
    chosen, problems = read_settings()
    heads = ("variable", "value here", "built in", "meaning")
    for line in table([heads, *_setting_rows(chosen)]):
        click.echo(line)
    if problems:
        raise Plainly("\nWrong, so nothing starts with these:\n" + "\n".join(problems))


def _setting_rows(chosen: Settings) -> Iterator[tuple[str, ...]]:
    for name, about in Settings.model_fields.items():
        here, usual = masked(name, getattr(chosen, name)), masked(name, about.default)
        yield variable(name), here, usual, about.description or ""


def table(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows as lines, the columns one below another."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]) - 1)]
    return [
        "  ".join([*(cell.ljust(w) for cell, w in zip(row[:-1], widths, strict=True)), row[-1]])
        for row in rows
    ]


@click.command()
@pass_program
def doctor(program: Program) -> None:
    """Examine this installation: database, migrations, disk, folders, clock. Exit 1 if ill."""
    with plain_errors():
        check_settings()
        findings = asyncio.run(_examine([*CHECKS, *program.checks]))
    for line in table([("ok" if f.well else "BAD", f.name, f.said) for f in findings]):
        click.echo(line)
    if not all(finding.well for finding in findings):
        sys.exit(1)


async def _examine(checks: list[Check]) -> list[Finding]:
    try:
        return await examine(checks)
    finally:
        await close_database()


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write everything into FILE (.zip), also while serving. It holds personal data: guard it."""
    _report("Backed up", file, run_async(back_up(file)))


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace all that is in the database.")
def restore_command(file: Path, *, force: bool) -> None:
    """Fill the empty database from FILE, made on SQLite or PostgreSQL. Stop the server first."""
    _report("Restored", file, run_async(restore(file, force=force)))


def _report(done: str, file: Path, summary: Summary) -> None:
    click.echo(f"{done}: {summary.rows} rows of {summary.tables} tables, {file}")


COMMANDS: list[click.Command] = [
    serve,
    migrate_command,
    settings_command,
    doctor,
    backup,
    restore_command,
]
