"""The terminal: run a command's work with the database open, and say errors in plain sentences.

Exit codes: 0 done, 1 refused or broken (a sentence on stderr, no trace), 2 wrongly called (click).
"""

from __future__ import annotations

import asyncio
import sqlite3
import warnings
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import IO, Any, TypeVar

import asyncpg
import click

from kit.database import close_database, open_database
from kit.errors import Forbidden, NotFound, Refused
from kit.i18n import gettext as _
from kit.origin import Origin, origin
from kit.phones import phone_e164
from kit.settings import WrongSettings

Result = TypeVar("Result")


class Plainly(click.ClickException):
    """An error as its sentence alone; exit code 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence on stderr."""
        click.echo(self.message, file=file, err=file is None)


def run_async(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a command's coroutine with the database open, signed as done from the terminal.

    Whatever a rule or the store refuses ends the program with one sentence and exit code 1.
    """
    with plain_errors():
        return asyncio.run(_with_database(work))


async def _with_database(work: Coroutine[Any, Any, Result]) -> Result:
    origin.set(Origin(via="cli"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            await open_database()
        return await work
    finally:
        work.close()
        await close_database()


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what a rule, the settings or the store refuse into a `Plainly`."""
    try:
        yield
    except Refused as refused:
        sentences = [refused.message, *(f"{k}: {v}" for k, v in refused.fields.items())]
        raise Plainly("\n".join(s for s in sentences if s)) from None
    except NotFound as missing:
        raise Plainly(str(missing) or _("There is no such thing here.")) from None
    except Forbidden:
        raise Plainly(_("This is not allowed.")) from None
    except WrongSettings as wrong:
        raise Plainly("\n".join(wrong.problems)) from None
    except (asyncpg.PostgresError, asyncpg.InterfaceError, sqlite3.Error, OSError) as error:
        raise Plainly(_store_sentence(error)) from None


def _store_sentence(error: Exception) -> str:
    if isinstance(error, asyncpg.UndefinedTableError) or "no such table" in str(error):
        return _("The database lacks its tables. Run: toso migrate")
    return _("The database cannot be used: %(reason)s", reason=str(error) or type(error).__name__)


def read_phone(text: str) -> str:
    """A phone typed on the terminal, as it is stored. Raises Refused when it is none."""
    try:
        return phone_e164(text)
    except ValueError as error:
        raise Refused(_(str(error))) from None
