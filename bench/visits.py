"""Visits: how fast they come in, and how fast they are found among a million.

`TOSO_BENCH_SECONDS` is how long each measure lasts, `TOSO_BENCH_VISITS` the larger number of
visits (the smaller is a hundredth), `TOSO_BENCH_CLIENTS` the phones that send at once.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

import asyncpg

from bench.bare import on_postgres, on_sqlite
from bench.doors import build
from bench.program import ROOT, Program, Server, Took
from demo.cast import HAN, TAM
from kit.sqlite import connect
from tests.servers import Missing, postgres

SECONDS = float(os.environ.get("TOSO_BENCH_SECONDS", "5"))
MANY = int(os.environ.get("TOSO_BENCH_VISITS", "1000000"))
CLIENTS = int(os.environ.get("TOSO_BENCH_CLIENTS", "50"))
BATCH = 20
SERVED = (
    "SELECT CAST(h.id AS text) AS id FROM household h JOIN area_spell s ON s.area = h.area"
    " WHERE s.name = 'Khu phố Bình Hòa'"
)
IDS = "SELECT CAST(id AS text) AS id FROM team ORDER BY name"
Say = Callable[[str, str, str], None]


def measure(say: Say) -> None:
    """Measure on SQLite, then on PostgreSQL where there is one; each part on its own database."""
    for part in (arrivals, lists):
        with tempfile.TemporaryDirectory(prefix="toso-bench-") as name:
            part(say, on_a_file(Path(name)))
        try:
            with postgres(durable=True) as url, tempfile.TemporaryDirectory() as name:
                part(say, on_a_server(Path(name), url))
        except Missing as missing:
            say("visits on PostgreSQL", "left out", str(missing))


@dataclass(frozen=True)
class Place:
    """A database to measure on: the program, ids found by a query, the bare driver, the goal in
    visits a second."""

    engine: str
    program: Program
    ask: Callable[[str], list[str]]
    bare: Callable[[list[str], float, int], float]
    goal: int


def on_a_file(folder: Path) -> Place:
    """A database of SQLite."""
    path = folder / "visits.db"

    def ask(sql: str) -> list[str]:
        store = connect(path, read_only=True)
        found = [str(row["id"]) for row in store.execute(sql)]
        store.close()
        return found

    program = Program(folder, f"sqlite:///{path}")
    return Place("SQLite", program, ask, partial(on_sqlite, path), 500)


def on_a_server(folder: Path, url: str) -> Place:
    """A database of PostgreSQL."""

    async def fetch(sql: str) -> list[str]:
        connection = await asyncpg.connect(url)
        found = [str(row["id"]) for row in await connection.fetch(sql)]
        await connection.close()
        return found

    def ask(sql: str) -> list[str]:
        return asyncio.run(fetch(sql))

    return Place("PostgreSQL", Program(folder, url), ask, partial(on_postgres, url), 400)


def arrivals(say: Say, place: Place) -> None:
    """Visits coming in: one a call, then batches."""
    build(place.program.url, "world")
    homes = place.ask(SERVED)
    for batch, clients, wished in ((1, CLIENTS, place.goal), (BATCH, 8, 1000)):
        with place.program.serving("serve") as server:
            took = send(server, homes, clients, batch)
        could = place.bare(homes, SECONDS, batch)
        rate = took.per_second * batch
        what = f"{place.engine}: {batch} a call, {clients} phones"
        share = f"{rate:.0f}/s  {100 * rate / could:.0f} % of the bare {could:.0f}/s"
        say(what, share, f">= {wished}/s, >= 25 %")
        wait = f"p50 {took.at(0.5):.0f}  p95 {took.at(0.95):.0f} ms"
        say(f"{what}, how long", wait, "p95 < 150 ms" if batch == 1 else "")


def lists(say: Say, place: Place) -> None:
    """The pages at a hundredth of the visits and at all of them."""
    build(place.program.url, "world")
    small, large = pages(place, MANY // 100), pages(place, MANY)
    for what, took in large.items():
        ratio = took.at(0.5) / small[what].at(0.5)
        got = f"p50 {took.at(0.5):.1f}  p90 {took.at(0.9):.1f} ms  ratio {ratio:.2f}"
        say(f"{place.engine}: {what}, {MANY} visits", got, "p90 <= 50 ms, ratio <= 1.5")


def send(server: Server, homes: list[str], clients: int, batch: int) -> Took:
    """Let phones send for a while."""
    command = [sys.executable, "-m", "bench.sending", server.url, server.sign_in(HAN)]
    ran = subprocess.run(
        [*command, str(clients), str(SECONDS), str(batch)],
        cwd=ROOT,
        input="\n".join(homes),
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise SystemExit(ran.stderr)
    return Took(**json.loads(ran.stdout))


def pages(place: Place, visits: int) -> dict[str, Took]:
    """How long the pages about visits take when there are so many."""
    ask, program = place.ask, place.program
    build(program.url, str(visits))
    team, area = ask(IDS)[-2], ask("SELECT CAST(area AS text) AS id FROM team_area ORDER BY 1")[0]
    with program.serving("serve") as server:
        tam, han = server.sign_in(TAM), server.sign_in(HAN)
        after = json.loads(server.get("/api/v1/visits?to=2025-11-20", tam))["next"] or ""
        asked = {
            "visit list": (tam, "/visits"),
            "list of an area": (tam, f"/visits?area={area}"),
            "list of a team": (tam, f"/visits?team={team}"),
            "list of a service": (tam, "/visits?service=pay_water"),
            "list of days": (tam, "/visits?since=2025-06-01&until=2025-06-30"),
            "list of area, service, days": (
                tam,
                f"/visits?area={area}&service=pay_water&since=2025-06-01&until=2025-12-30",
            ),
            "deep page of the list": (tam, f"/api/v1/visits?after={quote(after)}"),
            "list of a leader": (han, "/visits"),
            "team page": (tam, f"/teams/{team}"),
            "home of a leader": (han, "/"),
        }
        found = {}
        for what, (cookie, path) in asked.items():
            took = server.load(cookie, [path], 1, SECONDS / 2)
            if took is None:
                raise SystemExit(f"{what}: {path} is missing")
            found[what] = took
    return found
