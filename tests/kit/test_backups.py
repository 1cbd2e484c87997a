"""Backups: the same rows come back, on either engine, or nothing is touched."""

import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kit import clock
from kit.backups import NIGHTLY, back_up, backup_folder, restore
from kit.database import run, value
from kit.errors import Refused
from kit.scheduler import run_claimed
from tests.conftest import ENGINE
from tests.program import Toso, this_database

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


def contents(file: Path) -> dict[str, list[str]]:
    """Every table's lines in a backup, sorted."""
    with zipfile.ZipFile(file) as found:
        names = [name for name in found.namelist() if name.endswith(".jsonl")]
        return {name: sorted(found.read(name).decode().splitlines()) for name in names}


def names_in(folder: Path) -> list[str]:
    """The names of all files in a folder, hidden ones too."""
    return sorted(file.name for file in folder.iterdir())


def remade(file: Path, **changes: object) -> Path:
    """The same backup with another manifest."""
    other = file.with_name("remade.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "manifest.json":
                content = json.dumps({**json.loads(content), **changes}).encode()
            new.writestr(name, content)
    return other


async def test_every_row_comes_back_the_log_included(tmp_path: Path) -> None:
    file, again = tmp_path / "a.zip", tmp_path / "b.zip"
    summary = await back_up(file)
    assert summary.rows > 100
    await run("UPDATE team SET name = {}", "changed since")
    await restore(file, force=True)
    assert await value("SELECT count(*) FROM team WHERE name = {}", "changed since") == 0
    await back_up(again)
    assert contents(file) == contents(again)


async def test_the_log_stays_append_only_after_a_restore(tmp_path: Path) -> None:
    await back_up(tmp_path / "a.zip")
    await restore(tmp_path / "a.zip", force=True)
    with pytest.raises(Exception, match="append-only"):
        await run("UPDATE audit_line SET doer = {}", "somebody else")


async def test_a_full_database_is_not_overwritten_unasked(tmp_path: Path) -> None:
    await back_up(tmp_path / "a.zip")
    with pytest.raises(Refused, match="not empty"):
        await restore(tmp_path / "a.zip")


async def test_a_damaged_backup_changes_nothing(tmp_path: Path) -> None:
    file, before = tmp_path / "a.zip", tmp_path / "before.zip"
    await back_up(file)
    await back_up(before)
    for damaged in (file.read_bytes()[:2000], b"no zip at all", b""):
        (tmp_path / "damaged.zip").write_bytes(damaged)
        with pytest.raises(Refused, match="damaged"):
            await restore(tmp_path / "damaged.zip", force=True)
    parts = json.loads(zipfile.ZipFile(file).read("manifest.json"))["tables"]
    with pytest.raises(Refused, match="damaged"):
        await restore(remade(file, tables=[{**parts[-1], "rows": 7}]), force=True)
    await back_up(file)
    assert contents(file) == contents(before)


async def test_a_backup_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    await back_up(tmp_path / "a.zip")
    newer = remade(tmp_path / "a.zip", migrations=["2031-01-01-teams-0099"])
    with pytest.raises(Refused, match="newer"):
        await restore(newer, force=True)


async def test_only_the_owner_reads_a_backup_and_no_half_one_is_left(tmp_path: Path) -> None:
    await back_up(tmp_path / "a.zip")
    assert names_in(tmp_path) == ["a.zip"]
    assert (tmp_path / "a.zip").stat().st_mode & 0o077 == 0


async def test_each_night_is_backed_up_once_and_seven_are_kept() -> None:
    for old in backup_folder().glob("*.zip"):
        old.unlink()
    first = datetime(2026, 11, 1, 20, 0, tzinfo=UTC)
    for night in range(9):
        with clock.frozen(first + timedelta(days=night)):
            assert await run_claimed(NIGHTLY)
            assert not await run_claimed(NIGHTLY)
    assert names_in(backup_folder()) == [f"toso-2026-11-{day:02}.zip" for day in range(4, 11)]
    assert "rows" in str(await value("SELECT outcome FROM job_run ORDER BY slot DESC"))


async def test_commands_back_up_and_restore_into_an_empty_database(tmp_path: Path) -> None:
    here, there = Toso(tmp_path, this_database()), Toso(tmp_path)
    here.works("backup", "here.zip")
    assert "Restored" in there.works("restore", "here.zip")
    there.works("backup", "there.zip")
    assert contents(tmp_path / "here.zip") == contents(tmp_path / "there.zip")
    assert "not empty" in there.refuses("restore", "here.zip")
    assert "damaged" in there.refuses("restore", Path(__file__))


@pytest.mark.skipif(ENGINE == "sqlite", reason="needs PostgreSQL beside SQLite")
async def test_sqlite_goes_into_postgres_and_back(tmp_path: Path) -> None:
    served, local = Toso(tmp_path, this_database()), Toso(tmp_path)
    served.works("backup", "served.zip")
    local.works("restore", "served.zip")
    local.works("backup", "local.zip")
    served.works("restore", "local.zip", "--force")
    served.works("backup", "again.zip")
    assert contents(tmp_path / "served.zip") == contents(tmp_path / "again.zip")


def without(file: Path, *tables: str) -> Path:
    """The same backup as an older version wrote it, which did not know some tables."""
    manifest = json.loads(zipfile.ZipFile(file).read("manifest.json"))
    kept = [part for part in manifest["tables"] if part["name"] not in tables]
    assert len(kept) == len(manifest["tables"]) - len(tables)
    return remade(file, tables=kept)


async def test_a_backup_from_before_catalogues_keeps_the_catalogue_that_migrations_bring(
    tmp_path: Path,
) -> None:
    async def catalogue() -> list[object]:
        entries = await run("SELECT code, list, name_vi FROM catalogue_entry ORDER BY code")
        return [tuple(row.values()) for row in entries]

    seeded = await catalogue()
    await run("DELETE FROM household_team")
    for table in ("consent", "resident", "household"):
        await run(f"DELETE FROM {table}")
    await back_up(tmp_path / "a.zip")
    old = without(tmp_path / "a.zip", "catalogue_entry", "consent_text", "household", "visit")
    await run("UPDATE team SET name = {}", "changed since")
    await restore(old, force=True)
    assert await value("SELECT count(*) FROM team WHERE name = {}", "changed since") == 0
    assert seeded
    assert await catalogue() == seeded
    assert await value("SELECT count(*) FROM consent_text") == 1


async def test_an_admins_catalogue_comes_back_with_the_backup(tmp_path: Path) -> None:
    await run("UPDATE catalogue_entry SET name_vi = {} WHERE code = 'bank'", "Nhà băng")
    await back_up(tmp_path / "a.zip")
    await run("UPDATE catalogue_entry SET name_vi = {} WHERE code = 'bank'", "Ngân hàng")
    await restore(tmp_path / "a.zip", force=True)
    found = await value("SELECT name_vi FROM catalogue_entry WHERE code = 'bank'")
    assert found == "Nhà băng"


async def test_a_fresh_database_with_only_the_seeded_catalogue_counts_as_empty(
    tmp_path: Path,
) -> None:
    here, there = Toso(tmp_path, this_database()), Toso(tmp_path)
    here.works("backup", "here.zip")
    there.works("migrate")
    assert "Restored" in there.works("restore", "here.zip")
