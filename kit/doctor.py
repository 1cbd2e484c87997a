"""The doctor: what an installation needs to be well, one check a line."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kit import clock
from kit.database import DB, ON_SQLITE, STORE_ERRORS, open_database, run, value
from kit.migrations import pending, unknown
from kit.settings import masked, settings
from kit.sqlite import LocalSQLite

LEAST_FREE = 1 << 30
WORST_DRIFT_SECONDS = 5.0
BUILT = 1_763_000_000
"""An instant in November 2025: a clock before it is wrong."""


class Bad(Exception):
    """What is wrong, and what to do about it."""


@dataclass(frozen=True)
class Check:
    """A name, and a look that returns what it found or raises Bad."""

    name: str
    look: Callable[[], Awaitable[str]]


@dataclass(frozen=True)
class Finding:
    """What a check came to."""

    name: str
    well: bool
    said: str


async def examine(checks: Sequence[Check]) -> list[Finding]:
    """Every check's finding, in order; one that is bad does not stop the next."""
    findings = []
    for check in checks:
        try:
            findings.append(Finding(check.name, True, await check.look()))
        except (Bad, *STORE_ERRORS) as bad:
            findings.append(Finding(check.name, False, str(bad)))
    return findings


async def database() -> str:
    """Whether the database answers."""
    await open_database()
    await value("SELECT 1 AS one")
    kind = "SQLite" if ON_SQLITE else "PostgreSQL"
    return f"{kind} answers at {masked('database_url', settings().database_url)}"


async def migrations() -> str:
    """Whether the schema is the program's."""
    if missing := await pending():
        raise Bad(f"{len(missing)} migrations have not run. Run: toso migrate")
    if strange := await unknown():
        raise Bad(f"The database is newer than this program ({', '.join(strange)}). Update it.")
    return "the schema is up to date"


async def integrity() -> str:
    """Whether the stored pages and references are whole."""
    if not ON_SQLITE:
        broken = await value(
            "SELECT count(*) AS n FROM pg_constraint c"
            " JOIN pg_namespace s ON s.oid = c.connamespace"
            " WHERE s.nspname = current_schema() AND NOT c.convalidated"
        )
        if broken:
            raise Bad(f"{broken} constraints were never validated.")
        return "every constraint is validated"
    said = str(await value("PRAGMA integrity_check"))
    if said != "ok":
        raise Bad(f"SQLite says: {said}. Restore a backup.")
    strays = await run("PRAGMA foreign_key_check")
    if strays:
        raise Bad(f"{len(strays)} rows refer to something that is gone. Restore a backup.")
    return "the file is whole and every reference leads somewhere"


async def disk() -> str:
    """Whether there is room to write."""
    free = shutil.disk_usage(_standing(settings().data_dir)).free
    if free < LEAST_FREE:
        raise Bad(f"only {free >> 20} MB are free beside {settings().data_dir}; keep 1 GB")
    return f"{free >> 30} GB free"


def _standing(folder: Path) -> Path:
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder


async def writable() -> str:
    """Whether the folders for data and backups take files."""
    folders = [settings().data_dir, settings().data_dir / "backups"]
    if isinstance(DB, LocalSQLite):
        folders.append(Path(DB.path).parent)
    for folder in folders:
        _write_in(folder)
    return ", ".join(str(folder) for folder in dict.fromkeys(folders))


def _write_in(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Bad(f"{folder}: {error.strerror}. User {os.geteuid()} must write here.") from None


async def time_of_day() -> str:
    """Whether this machine's clock is sane and agrees with the database's."""
    if time.time() < BUILT:
        raise Bad(f"this machine believes it is {clock.now():%Y-%m-%d}. Set its clock.")
    if not ON_SQLITE:
        theirs = await value("SELECT clock_timestamp() AS now")
        _refuse_drift(theirs)
    return f"{clock.now().astimezone(clock.LOCAL):%d/%m/%Y %H:%M} in Viet Nam"


def _refuse_drift(theirs: datetime) -> None:
    drift = abs((clock.now() - theirs).total_seconds())
    if drift > WORST_DRIFT_SECONDS:
        raise Bad(f"the database's clock is {drift:.0f} s away from this machine's. Use NTP.")


CHECKS = (
    Check("database", database),
    Check("migrations", migrations),
    Check("integrity", integrity),
    Check("disk", disk),
    Check("folders", writable),
    Check("clock", time_of_day),
)
