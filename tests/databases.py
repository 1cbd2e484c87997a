"""A fresh database for each test, copied from one that was migrated and filled once."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from kit.database import DB, close_database, open_database
from kit.sqlite import LocalSQLite


class Files:
    """SQLite: a template file and a copy of it for each test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        self._count = 0

    @property
    def url(self) -> str:
        """The present test's copy, as TOSO_DATABASE_URL names it."""
        return f"sqlite:///{self._folder / f'test-{self._count}.db'}"

    async def new_template(self) -> None:
        """An empty file to fill."""
        self._open(self._template)

    async def keep_template(self) -> None:
        """What is in it now is what every test starts from."""
        await close_database()

    async def open_copy(self) -> None:
        """Work on a fresh copy."""
        self._count += 1
        copy = self._folder / f"test-{self._count}.db"
        shutil.copyfile(self._template, copy)
        self._open(copy)

    async def drop_copy(self) -> None:
        """Throw the copy away."""
        await close_database()
        for file in self._folder.glob(f"test-{self._count}.db*"):
            file.unlink()

    def _open(self, path: Path) -> None:
        assert isinstance(DB, LocalSQLite)
        DB.open_at(path)


class Server:
    """PostgreSQL: a template database and a copy of it for each test."""

    def __init__(self, admin_url: str, worker: str) -> None:
        self._admin_url, self._worker = admin_url, worker
        self._count = 0

    @property
    def url(self) -> str:
        """The present test's copy, as TOSO_DATABASE_URL names it."""
        return self._url(self._name(self._count))

    def _name(self, suffix: object) -> str:
        return f"toso_{self._worker}_{suffix}"

    def _url(self, name: str) -> str:
        return urlunsplit(urlsplit(self._admin_url)._replace(path=f"/{name}"))

    async def _admin(self, *statements: str) -> None:
        connection = await asyncpg.connect(self._admin_url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def _open(self, name: str) -> None:
        assert not isinstance(DB, LocalSQLite)
        DB.config = {"dsn": self._url(name)}
        await open_database()

    async def new_template(self) -> None:
        """An empty database to fill."""
        name = self._name("template")
        await self._admin(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
        await self._open(name)

    async def keep_template(self) -> None:
        """What is in it now is what every test starts from."""
        await close_database()

    async def open_copy(self) -> None:
        """Work on a fresh copy."""
        self._count += 1
        name, template = self._name(self._count), self._name("template")
        await self._admin(f"CREATE DATABASE {name} TEMPLATE {template}")
        await self._open(name)

    async def drop_copy(self) -> None:
        """Throw the copy away."""
        await close_database()
        await self._admin(f"DROP DATABASE {self._name(self._count)} WITH (FORCE)")


Databases = Files | Server
