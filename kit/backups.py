"""Backups: everything in one file that either engine takes back; one each night, some kept.

A restored database is the same to the last row, accounts and log included. Nothing is changed
until the file was read whole and found sound.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kit import clock
from kit.copies import Manifest, Reader, TablePart, Writer
from kit.database import close_database
from kit.errors import Refused
from kit.i18n import N_
from kit.migrations import done, known, migrate
from kit.scheduler import Job
from kit.settings import settings
from kit.stores import Columns, Store, open_store

BOOKKEEPING = {"migration"}
"""Piccolo's own table: migrating fills it, and the manifest says what was in it."""
FLEETING = {"job_run"}
"""Rows that a server makes by itself; a database that holds only these counts as empty."""
SEEDED = {"catalogue_entry", "consent_text", "theme", "training_duty"}
"""Rows that migrations bring: no sign of use, and kept where an older backup knows none."""


@dataclass(frozen=True)
class Summary:
    """What a backup holds, in two numbers."""

    tables: int
    rows: int


async def back_up(file: Path) -> Summary:
    """Write everything as of this moment to a file; an older one there is replaced at the end."""
    migrations = sorted(await done())
    if not migrations:
        raise Refused("The database is empty: there is nothing to back up.")
    with Writer(file) as writer:
        async with open_store() as store:
            for table, columns in (await _contents(store)).items():
                names, kinds = list(columns), list(columns.values())
                await writer.table(table, names, kinds, store.read(table, names))
        return _summary(writer.finish(clock.now().isoformat(), store.engine, migrations))


async def restore(file: Path, *, force: bool = False) -> Summary:
    """Make the database what the file says, whole or not at all. Raises Refused."""
    reader = Reader(file)
    _refuse_newer(reader.manifest)
    reader.check()
    await migrate()
    await close_database()
    async with open_store(write=True) as store:
        tables = await _contents(store)
        if not force:
            await _refuse_full(store, tables)
        parts = _parts_in_order(reader.manifest, tables)
        told = {part.name for part in parts}
        await store.empty([name for name in tables if name in told or name not in SEEDED])
        for part in parts:
            await store.fill(part.name, part.columns, reader.rows(part))
    return _summary(reader.manifest)


async def _contents(store: Store) -> dict[str, Columns]:
    tables = await store.tables()
    return {name: tables[name] for name in tables if name not in BOOKKEEPING}


def _refuse_newer(manifest: Manifest) -> None:
    strange = sorted(set(manifest.migrations) - known())
    if strange:
        raise Refused(
            f"The backup comes from a newer Tổ Số ({', '.join(strange)}). Update this one first."
        )


async def _refuse_full(store: Store, tables: dict[str, Columns]) -> None:
    for table in tables.keys() - FLEETING - SEEDED:
        if await store.count(table):
            raise Refused(
                "The database is not empty. Restore into an empty one, or replace"
                " everything in it: toso restore --force"
            )


def _parts_in_order(manifest: Manifest, tables: dict[str, Columns]) -> list[TablePart]:
    found = {part.name: part for part in manifest.tables}
    for name, part in found.items():
        if not set(part.columns) <= tables.get(name, {}).keys():
            raise Refused(f"The backup's table {name} does not fit this version's schema.")
    return [found[name] for name in tables if name in found]


def _summary(manifest: Manifest) -> Summary:
    return Summary(len(manifest.tables), sum(part.rows for part in manifest.tables))


def backup_folder() -> Path:
    """Where the nightly backups lie."""
    return settings().data_dir / "backups"


async def back_up_tonight() -> str:
    """Write tonight's backup and remove the oldest beyond TOSO_BACKUPS_KEPT; what was done."""
    file = backup_folder() / f"toso-{clock.today():%Y-%m-%d}.zip"
    summary = await back_up(file)
    kept = sorted(backup_folder().glob("toso-????-??-??.zip"))
    for old in kept[: -settings().backups_kept]:
        old.unlink()
    return f"{file.name}: {summary.rows} rows"


async def _nothing() -> str:
    return ""


NIGHTLY = Job(
    name="nightly backup",
    cron="30 2 * * *",
    work=_nothing,
    after=back_up_tonight,
    title=N_("Write the backup of the day"),
)
