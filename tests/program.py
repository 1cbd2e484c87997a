"""The real `toso`, run as its own process on the test's database or on another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from kit.database import DB
from kit.settings import ROOT
from kit.sqlite import LocalSQLite
from tests.servers import free_port

PROGRAM = [sys.executable, "-c", "from app import main; main(prog_name='toso')"]
START_SECONDS = 90


def this_database() -> str:
    """The URL of the database that the test works on."""
    if isinstance(DB, LocalSQLite):
        return f"sqlite:///{Path(DB.path).absolute()}"
    return str(DB.config["dsn"])


class Toso:
    """`toso` with a folder for its data and a database."""

    def __init__(self, folder: Path, database: str = "", **settings: str) -> None:
        self.folder = folder
        url = database or f"sqlite:///{folder / 'toso.db'}"
        own = {k: v for k, v in os.environ.items() if not k.startswith(("TOSO_", "PORT", "LANG"))}
        self.environment = {
            **own,
            "PYTHONPATH": str(ROOT),
            "TOSO_DATABASE_URL": url,
            "TOSO_DATA_DIR": str(folder / "data"),
            **settings,
        }

    def __call__(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [*PROGRAM, *map(str, arguments)],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def works(self, *arguments: str | Path) -> str:
        """Run a command that must succeed; what it printed."""
        ran = self(*arguments)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def refuses(self, *arguments: str | Path) -> str:
        """Run a command that must end with 1 and a sentence; that sentence."""
        ran = self(*arguments)
        assert ran.returncode == 1, ran.stdout + ran.stderr
        assert "Traceback" not in ran.stderr
        return ran.stderr

    @contextmanager
    def serving(self, *arguments: str) -> Iterator[Server]:
        """A server until the end of the block, killed if it is still there."""
        port = free_port()
        out = self.folder / f"server-{port}.out"
        with out.open("w") as file:
            process = subprocess.Popen(
                [*PROGRAM, *arguments],
                env={**self.environment, "PORT": str(port)},
                cwd=self.folder,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        server = Server(process, f"http://127.0.0.1:{port}", out)
        try:
            server.wait()
            yield server
        finally:
            process.kill()
            process.wait()


class Server:
    """A server that runs."""

    def __init__(self, process: subprocess.Popen[bytes], url: str, out: Path) -> None:
        self.process, self.url, self._out = process, url, out

    def wait(self) -> None:
        """Wait until it answers."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                assert httpx.get(f"{self.url}/healthz").status_code == 200
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(self.said())

    def said(self) -> str:
        """All that it printed."""
        return self._out.read_text()

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Send a signal; the seconds until it was gone."""
        begun = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(10)
        return time.monotonic() - begun
