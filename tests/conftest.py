"""Each test works on a database of its own, copied from one that holds the named cast."""

# ruff: noqa: E402  (the environment must stand before the engine is made)
from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

ENGINE = os.environ.get("TOSO_TEST_DATABASE", "sqlite")
FOLDER = Path(tempfile.mkdtemp(prefix="toso-tests-"))
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
SERVERS = ExitStack()
os.environ.update(TOSO_DATA_DIR=str(FOLDER / "data"), TOSO_LANGUAGE="vi", TOSO_DEBUG="false")
if ENGINE == "postgres":
    from tests.servers import postgres

    ADMIN_URL = SERVERS.enter_context(postgres())
    os.environ["TOSO_DATABASE_URL"] = ADMIN_URL
else:
    os.environ["TOSO_DATABASE_URL"] = f"sqlite:///{FOLDER / 'template.db'}"

from argon2 import PasswordHasher
from hypothesis import settings as hypothesis_settings

from kit import i18n
from people.sign_ins import passwords
from places.holidays.queries import forget_holidays
from places.settings.queries import forget_settings
from sessions.certificates.public import PACE
from teams.catalogues.queries import forget_catalogues
from tests.databases import Databases, Files, Server
from tests.world import build_world

# As strong as need be for passwords that everybody knows.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)

hypothesis_settings.register_profile("house", deadline=None, derandomize=True, database=None)
hypothesis_settings.load_profile("house")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """One event loop library: asyncio."""
    return "asyncio"


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """Where databases are made, and thrown away at the end."""
    yield Files(FOLDER) if ENGINE == "sqlite" else Server(ADMIN_URL, WORKER)
    SERVERS.close()
    shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
async def template(databases: Databases) -> Databases:
    """The database every test starts from: the small world, built through the commands."""
    await databases.new_template()
    await build_world()
    await databases.keep_template()
    return databases


@pytest.fixture
async def world(template: Databases) -> AsyncIterator[Databases]:
    """The small world, this test's own copy."""
    await template.open_copy()
    forget_settings()
    forget_catalogues()
    forget_holidays()
    PACE.forget()
    i18n.language.set("")  # the last test's reader may have been English
    yield template
    await template.drop_copy()
