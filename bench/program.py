"""The real `toso` on a database of its own, as the bench and the pictures need it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from demo.cast import PASSWORD, Player
from tests.servers import free_port

ROOT = Path(__file__).parent.parent
PROGRAM = [sys.executable, "-c", "from app import main; main(prog_name='toso')"]
START_SECONDS = 60.0
WARM_UP = 20


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


OPENER = build_opener(_Stay)


@dataclass(frozen=True)
class Took:
    """How long answers took."""

    ms: list[float]
    seconds: float

    def at(self, share: float) -> float:
        """The time within which this share of the answers came, in milliseconds."""
        ordered = sorted(self.ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.ms) / self.seconds


class Program:
    """`toso` with a folder and a database."""

    def __init__(self, folder: Path, database: str = "") -> None:
        own = {k: v for k, v in os.environ.items() if not k.startswith(("TOSO_", "PORT"))}
        self.url = database or f"sqlite:///{folder / 'toso.db'}"
        self.folder = folder
        self.environment = {
            **own,
            "PYTHONPATH": str(ROOT),
            "TOSO_DATABASE_URL": self.url,
            "TOSO_DATA_DIR": str(folder / "data"),
        }

    def run(self, *arguments: str) -> float:
        """Run a command that must succeed; its seconds."""
        begun = time.perf_counter()
        ran = subprocess.run(
            [*PROGRAM, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise SystemExit(f"toso {' '.join(arguments)}: {ran.stderr or ran.stdout}")
        return time.perf_counter() - begun

    @contextmanager
    def serving(self, *arguments: str) -> Iterator[Server]:
        """A server until the end of the block."""
        port = free_port()
        begun = time.perf_counter()
        process = subprocess.Popen(
            [*PROGRAM, *arguments],
            env={**self.environment, "PORT": str(port)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        server = Server(process.pid, f"http://127.0.0.1:{port}")
        try:
            server.wait(begun)
            yield server
        finally:
            process.terminate()
            process.wait()


class Server:
    """A server that runs; `started` is how long it took to the first page, in seconds."""

    def __init__(self, pid: int, url: str) -> None:
        self.pid, self.url, self.started = pid, url, 0.0

    def wait(self, begun: float) -> None:
        """Wait for the first page."""
        while time.perf_counter() - begun < START_SECONDS:
            try:
                with OPENER.open(f"{self.url}/sign-in") as answer:
                    answer.read()
            except URLError:
                time.sleep(0.02)
            else:
                self.started = time.perf_counter() - begun
                return
        raise SystemExit("The server did not start.")

    def sign_in(self, player: Player) -> str:
        """The cookie of a player of the cast."""
        form = urlencode({"phone": player.phone, "password": PASSWORD}).encode()
        try:
            OPENER.open(Request(f"{self.url}/sign-in", form))
        except HTTPError as answer:
            if answer.code == 303:
                return str(answer.headers["set-cookie"]).partition(";")[0]
        raise SystemExit("Nobody could sign in.")

    def get(self, path: str, cookie: str) -> str:
        """The text of a page; an empty string where there is none."""
        try:
            with OPENER.open(Request(self.url + path, headers={"cookie": cookie})) as answer:
                return str(answer.read().decode())
        except HTTPError:
            return ""

    def load(self, cookie: str, paths: list[str], clients: int, seconds: float) -> Took | None:
        """Ask the paths from so many clients at once; None where a page is missing."""
        if not all(self.get(path, cookie) for path in paths for _ in range(WARM_UP)):
            return None
        command = [sys.executable, "-m", "bench.load", self.url, cookie]
        ran = subprocess.run(
            [*command, str(clients), str(seconds), *paths],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise SystemExit(ran.stderr)
        return Took(**json.loads(ran.stdout))

    def memory(self) -> float:
        """Resident megabytes of the server's processes."""
        command = ["ps", "-o", "rss=", "-p", str(self.pid), "--ppid", str(self.pid)]
        if sys.platform != "linux":
            command = ["ps", "-o", "rss=", "-p", str(self.pid)]
        return sum(map(int, subprocess.check_output(command, text=True).split())) / 1024
