"""What phones fetch and what offices take away: the snapshot, and the CSV of all visits."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import Request, urlopen

from bench.doors import build
from bench.program import ROOT, Server, Took
from bench.visits import Place, on_a_file, on_a_server
from demo.cast import HAN, TAM
from tests.servers import Missing, postgres

HOMES = 500
LEADERS = 215
LINES = 100_000
CHUNK = 1 << 16
SNAPSHOT = "/api/v1/offline/snapshot"
Say = Callable[[str, str, str], None]


def measure(say: Say) -> None:
    """Measure on SQLite, then on PostgreSQL where there is one."""
    with tempfile.TemporaryDirectory(prefix="toso-bench-") as name:
        carried(say, on_a_file(Path(name)))
    try:
        with postgres(durable=True) as url, tempfile.TemporaryDirectory() as name:
            carried(say, on_a_server(Path(name), url))
    except Missing as missing:
        say("phones on PostgreSQL", "left out", str(missing))


def carried(say: Say, place: Place) -> None:
    """A leader of many households, all leaders of a district at once, and all visits as CSV."""
    build(place.program.url, "world", str(HOMES))
    build(place.program.url, str(LINES))
    with place.program.serving("serve") as server:
        han, tam = server.sign_in(HAN), server.sign_in(TAM)
        homes = len(json.loads(server.get(SNAPSHOT, han))["households"])
        one = server.load(han, [SNAPSHOT], 1, 3)
        assert one is not None
        got = f"p50 {one.at(0.5):.0f}  p90 {one.at(0.9):.0f} ms"
        say(f"{place.engine}: snapshot of {homes} households", got, "< 200 ms")
        all_at_once = together(server, han)
        say(f"{place.engine}: {LEADERS} leaders at once", f"{all_at_once:.1f} s", "< 30 s")
        before = server.memory()
        lines, seconds = take_away(server, tam)
        say(f"{place.engine}: CSV of {lines} lines", f"{lines / seconds:.0f}/s", ">= 20000/s")
        say("memory before, after", f"{before:.0f}, {server.memory():.0f} MB", "flat")


def together(server: Server, cookie: str) -> float:
    """Seconds until every leader has a snapshot when all ask at the same moment."""
    command = [sys.executable, "-m", "bench.load", server.url, cookie, str(LEADERS), "0"]
    ran = subprocess.run(
        [*command, SNAPSHOT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise SystemExit(ran.stderr)
    return Took(**json.loads(ran.stdout)).seconds


def take_away(server: Server, cookie: str) -> tuple[int, float]:
    """Lines of the CSV, and the seconds until the last of them."""
    begun, lines = time.perf_counter(), 0
    with urlopen(Request(f"{server.url}/visits.csv", headers={"cookie": cookie})) as answer:
        while chunk := answer.read(CHUNK):
            lines += chunk.count(b"\n")
    return lines, time.perf_counter() - begun
