"""`toso` on the terminal: help everywhere, plain errors, exit codes 0, 1 and 2."""

from pathlib import Path

import pytest

from app import COMMANDS, VERSION
from tests.program import Toso, this_database

pytestmark = pytest.mark.anyio


def test_every_command_explains_itself(tmp_path: Path) -> None:
    toso = Toso(tmp_path)
    said = toso.works("--help")
    for command in COMMANDS:
        assert command.hidden or str(command.name) in said
        assert command.help
    assert "--workers" in toso.works("serve", "--help")


def test_the_version_is_that_of_the_change_log(tmp_path: Path) -> None:
    assert Toso(tmp_path).works("--version").strip() == f"Tổ Số {VERSION}"


def test_an_unknown_command_ends_with_2(tmp_path: Path) -> None:
    ran = Toso(tmp_path)("dance")
    assert ran.returncode == 2
    assert "dance" in ran.stderr


def test_wrong_settings_are_all_named_and_nothing_starts(tmp_path: Path) -> None:
    wrong = {"TOSO_DATABASE_URL": "mysql://me:geheim@host/x", "TOSO_WORKERS": "99"}
    toso = Toso(tmp_path, **wrong, TOSO_PORT="abc")
    for command in ("serve", "migrate", "doctor", "settings"):
        said = toso.refuses(command)
        assert "TOSO_DATABASE_URL" in said
        assert "TOSO_WORKERS=99" in said
        assert "TOSO_PORT=abc" in said
        assert "geheim" not in said
    assert "serve" in toso.works("--help")
    assert not list(tmp_path.iterdir())


def test_several_workers_on_sqlite_are_refused_with_the_reason(tmp_path: Path) -> None:
    assert "SQLite lets one process write" in Toso(tmp_path).refuses("serve", "--workers", "2")
    assert "SQLite lets one process write" in Toso(tmp_path, TOSO_WORKERS="2").refuses("serve")


def test_serving_waits_for_the_migrations(tmp_path: Path) -> None:
    toso = Toso(tmp_path)
    assert "toso migrate" in toso.refuses("serve")
    assert "people" in toso.works("migrate")
    assert "up to date" in toso.works("migrate")


def test_settings_hide_secrets_and_tell_what_holds(tmp_path: Path) -> None:
    hidden = {"TOSO_METRICS_TOKEN": "geheim", "TOSO_BACKUPS_KEPT": "9"}
    said = Toso(tmp_path, "postgres://toso:geheim@db/toso", **hidden).works("settings")
    assert "geheim" not in said
    assert "postgres://toso:•••@db/toso" in said
    assert "TOSO_BACKUPS_KEPT   9" in said


def test_a_database_that_is_away_gets_a_sentence(tmp_path: Path) -> None:
    toso = Toso(tmp_path, "postgres://toso:geheim@127.0.0.1:1/toso")
    assert "geheim" not in toso.refuses("migrate")
    ran = toso("doctor")
    assert ran.returncode == 1
    assert "BAD  database" in ran.stdout


def test_the_doctor_finds_what_is_ill(tmp_path: Path) -> None:
    toso = Toso(tmp_path)
    ran = toso("doctor")
    assert ran.returncode == 1
    assert "BAD  migrations" in ran.stdout
    toso.works("migrate")
    assert "BAD" not in toso.works("doctor")


@pytest.mark.usefixtures("world")
async def test_the_doctor_is_content_with_the_small_world(tmp_path: Path) -> None:
    assert "BAD" not in Toso(tmp_path, this_database()).works("doctor")
