"""The backup's file: a zip with one JSON-lines entry a table and a manifest with their sums.

The same file is written from and read into SQLite and PostgreSQL. The manifest names each table's
columns and their kinds, its rows and the SHA-256 of its entry, and the migrations of its source.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from kit.errors import Refused

FORMAT = 1
MANIFEST = "manifest.json"
Values = Sequence[Any]
READERS: dict[str, Callable[[str], Any]] = {
    "uuid": UUID,
    "date": date.fromisoformat,
    "timestamptz": datetime.fromisoformat,
    "numeric": Decimal,
    "bytea": base64.b64decode,
}


@dataclass(frozen=True)
class TablePart:
    """A table within a backup."""

    name: str
    columns: list[str]
    kinds: list[str]
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds and where it comes from."""

    format: int
    made_at: str
    engine: str
    migrations: list[str]
    tables: list[TablePart]


class Writer:
    """Writes a backup beside its place and moves it there whole, readable by its owner alone."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
        self._parts: list[TablePart] = []

    def __enter__(self) -> Writer:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._partial.touch(mode=0o600)
        self._zip = zipfile.ZipFile(self._partial, "w", zipfile.ZIP_DEFLATED, compresslevel=5)
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._zip.close()
        self._partial.unlink(missing_ok=True)

    async def table(
        self, name: str, columns: list[str], kinds: list[str], batches: AsyncIterator[list[Values]]
    ) -> None:
        """Write a table's rows as they come."""
        count, total = 0, hashlib.sha256()
        with self._zip.open(f"{name}.jsonl", "w", force_zip64=True) as entry:
            async for batch in batches:
                text = "".join(_line(values) for values in batch).encode()
                total.update(text)
                entry.write(text)
                count += len(batch)
        self._parts.append(TablePart(name, columns, kinds, count, total.hexdigest()))

    def finish(self, made_at: str, engine: str, migrations: list[str]) -> Manifest:
        """Write the manifest, and let the file stand under its name."""
        manifest = Manifest(FORMAT, made_at, engine, migrations, self._parts)
        self._zip.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        self._zip.close()
        _sync(self._partial)
        self._partial.replace(self._file)
        _sync(self._file.parent)
        return manifest


def _line(values: Values) -> str:
    return json.dumps(list(values), default=_plain, ensure_ascii=False) + "\n"


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Reader:
    """Reads a backup. Raises Refused where the file is damaged or none of ours."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            self._zip: zipfile.ZipFile = zipfile.ZipFile(file)
            found = json.loads(self._zip.read(MANIFEST))
            parts = [TablePart(**part) for part in found.pop("tables")]
            self.manifest = Manifest(**found, tables=parts)
        except OSError as error:
            raise Refused(f"{file} cannot be read: {error.strerror or error}.") from None
        except (zipfile.BadZipFile, KeyError, TypeError, ValueError):
            raise Refused(f"{file} is no backup of Tổ Số, or it is damaged.") from None
        if self.manifest.format != FORMAT:
            raise Refused(f"{file} was made by a newer Tổ Số. Update this one first.")

    def check(self) -> None:
        """Read everything once and hold it against the manifest."""
        try:
            for part in self.manifest.tables:
                self._check_part(part)
        except (zipfile.BadZipFile, KeyError, EOFError, OSError, ValueError):
            raise Refused(f"{self._file} is damaged. Take an older backup.") from None

    def _check_part(self, part: TablePart) -> None:
        total, count = hashlib.sha256(), 0
        with self._zip.open(f"{part.name}.jsonl") as entry:
            for line in entry:
                total.update(line)
                count += 1
        if (total.hexdigest(), count) != (part.sha256, part.rows):
            raise ValueError(part.name)

    def rows(self, part: TablePart) -> Iterator[list[Any]]:
        """A table's rows with their values as Python knows them."""
        readers: list[Callable[[Any], Any]] = [READERS.get(k, _as_it_is) for k in part.kinds]
        with self._zip.open(f"{part.name}.jsonl") as entry:
            for line in entry:
                yield [
                    value if value is None else read(value)
                    for read, value in zip(readers, json.loads(line), strict=True)
                ]


def _as_it_is(value: Any) -> Any:
    return value
