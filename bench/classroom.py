"""The classroom: how fast trainees are checked in, and how fast the pages of a large course are.

`TOSO_BENCH_SECONDS` is how long each measure lasts, `TOSO_BENCH_TRAINEES` how many take part.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import uuid4

import asyncpg

from bench.program import ROOT, Program, Server, Took
from bench.room import build_room
from bench.trainee import trainee_page
from bench.visits import SECONDS, Say
from demo.cast import NGHI
from kit.sqlite import connect
from tests.servers import Missing, postgres

TRAINEES = int(os.environ.get("TOSO_BENCH_TRAINEES", "2000"))
DOORS = 10
FAST, SLOWEST = 300, 60
OF_COURSE = (
    ("course page", "", ""),
    ("results page", "/results", "p90 <= 300 ms"),
    ("results report", "/report", ""),
    ("certificates of the course", "/certificates", ""),
)
MARK = (
    "INSERT INTO mark (id, nonce, training_session, person, state, marked_at, received_at, by, via)"
    " VALUES (?1, ?2, ?3, ?4, 'present', '2026-11-25T01:00:00+00:00', '2026-11-25T01:00:00+00:00',"
    " ?4, 'api')"
)
AUDIT = (
    "INSERT INTO audit_line (id, at, person, doer, action, subject, subject_name, path, after, via)"
    " VALUES (?1, '2026-11-25T01:00:00+00:00', ?4, 'Bare', 'attendance.mark', ?3, 'B0', '/1/2/',"
    " '{}', 'api')"
)


@dataclass(frozen=True)
class Place:
    """A database to measure on: the program, a count by a statement, the bare driver in marks a
    second."""

    engine: str
    program: Program
    count: Callable[[str], int]
    bare: Callable[[str, list[str]], float]


def measure(say: Say) -> None:
    """Measure on SQLite, then on PostgreSQL where there is one."""
    with tempfile.TemporaryDirectory(prefix="toso-bench-") as name:
        classroom(say, on_a_file(Path(name)))
    try:
        with postgres(durable=True) as url, tempfile.TemporaryDirectory() as name:
            classroom(say, on_a_server(Path(name), url))
    except Missing as missing:
        say("the classroom on PostgreSQL", "left out", str(missing))


def on_a_file(folder: Path) -> Place:
    """A database of SQLite."""
    path = folder / "classroom.db"

    def count(sql: str) -> int:
        store = connect(path, read_only=True)
        found = int(store.execute(sql).fetchone()["n"])
        store.close()
        return found

    return Place("SQLite", Program(folder, f"sqlite:///{path}"), count, partial(_bare_file, path))


def on_a_server(folder: Path, url: str) -> Place:
    """A database of PostgreSQL."""

    async def fetch(sql: str) -> int:
        connection = await asyncpg.connect(url)
        found = int(await connection.fetchval(sql))
        await connection.close()
        return found

    def count(sql: str) -> int:
        return asyncio.run(fetch(sql))

    return Place("PostgreSQL", Program(folder, url), count, partial(_bare_server, url))


def classroom(say: Say, place: Place) -> None:
    """The pages while nobody is marked, the doors, the pages once everybody is."""
    meeting, course, *people = build_room(place.program.url, TRAINEES)
    with place.program.serving("serve") as server:
        nghi = server.sign_in(NGHI)
        pages(say, place, server, nghi, meeting, "nobody marked")
        trainee_page(say, place.engine, server, nghi, meeting, SECONDS / 2)
        took, new = check_in(server, nghi, meeting, people)
        kept = place.count("SELECT count(*) AS n FROM mark")
        doors(say, place, took, place.bare(meeting, people))
        if kept != new:
            raise SystemExit(f"{new} marks were told as new, {kept} are there")
        say(f"{place.engine}: marks sent twice, kept twice", f"0 of {len(took.ms) - new}", "0")
        pages(say, place, server, nghi, meeting, "all marked")
        for what, page, wished in OF_COURSE:
            shown = server.load(nghi, [f"/courses/{course}{page}"], 1, SECONDS / 2)
            say(f"{place.engine}: {what}, {TRAINEES} trainees", _times(shown), wished)


def doors(say: Say, place: Place, took: Took, could: float) -> None:
    """How fast marks came in, beside what the driver alone does."""
    what = f"{place.engine}: check-in, {DOORS} doors, 10 % repeats"
    share = (
        f"{took.per_second:.0f}/s  {100 * took.per_second / could:.0f} % of the bare {could:.0f}/s"
    )
    say(what, share, f">= {FAST}/s")
    wait = f"p50 {took.at(0.5):.0f}  p95 {took.at(0.95):.0f} ms"
    say(f"{what}, how long", wait, f"p95 < {SLOWEST} ms")


def check_in(server: Server, cookie: str, meeting: str, people: list[str]) -> tuple[Took, int]:
    """Let the doors send for a while; how long it took, and how many marks were new."""
    command = [sys.executable, "-m", "bench.checking", server.url, cookie, meeting]
    ran = subprocess.run(
        [*command, str(DOORS), str(SECONDS)],
        cwd=ROOT,
        input="\n".join(people),
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise SystemExit(ran.stderr)
    told = json.loads(ran.stdout)
    return Took(told["ms"], told["seconds"]), int(told["new"])


def pages(say: Say, place: Place, server: Server, cookie: str, meeting: str, when: str) -> None:
    """The roll call, a name found in it, and the session's own page."""
    at = f"/sessions/{meeting}/attendance"
    for what, path, wished in (
        ("roll call", at, "p90 <= 100 ms"),
        ("name found", f"{at}?q=thi+uong", "p90 <= 30 ms"),
        ("name found by API", f"/api/v1{at}?q=thi+uong", "p90 <= 30 ms"),
        ("session page", f"/sessions/{meeting}", "p90 <= 100 ms"),
    ):
        took = server.load(cookie, [path], 1, SECONDS / 2)
        say(f"{place.engine}: {what}, {TRAINEES} trainees, {when}", _times(took), wished)


def _times(took: Took | None) -> str:
    return f"p50 {took.at(0.5):.1f}  p90 {took.at(0.9):.1f} ms" if took else "no such page"


def _bare_file(path: Path, meeting: str, people: list[str]) -> float:
    """Marks a second by sqlite3, durable as the app is, a transaction each."""
    store, done, begun = connect(path), 0, time.perf_counter()
    while time.perf_counter() - begun < SECONDS / 2:
        store.execute("BEGIN IMMEDIATE")
        told = (str(uuid4()), str(uuid4()), meeting, people[done % len(people)])
        store.execute(MARK, told)
        store.execute(AUDIT, told)
        store.execute("COMMIT")
        done += 1
    rate = done / (time.perf_counter() - begun)
    store.close()
    return rate


def _bare_server(url: str, meeting: str, people: list[str]) -> float:
    """Marks a second by asyncpg over as many connections as there are doors."""
    return asyncio.run(_bare_pool(url, meeting, people))


async def _bare_pool(url: str, meeting: str, people: list[str]) -> float:
    async with asyncpg.create_pool(url, min_size=DOORS, max_size=DOORS) as pool:
        until = time.perf_counter() + SECONDS / 2
        done = await asyncio.gather(
            *(_bare_door(pool, meeting, people[n::DOORS], until) for n in range(DOORS))
        )
    return sum(done) / (SECONDS / 2)


async def _bare_door(pool: asyncpg.Pool, meeting: str, people: list[str], until: float) -> int:
    done, mark, audit = 0, _numbered(MARK), _numbered(AUDIT)
    async with pool.acquire() as store:
        while time.perf_counter() < until:
            told = (uuid4(), uuid4(), meeting, people[done % len(people)])
            async with store.transaction():
                await store.execute(mark, *told)
                await store.execute(audit, told[0], *told[2:])
            done += 1
    return done


def _numbered(sql: str) -> str:
    """The statement with PostgreSQL's placeholders; those it leaves out close up."""
    left = [number for number in range(1, 5) if f"?{number}" in sql]
    for place, number in enumerate(left, 1):
        sql = sql.replace(f"?{number}", f"${place}::uuid")
    return sql.replace("+00:00'", "+00:00'::timestamptz")


if __name__ == "__main__":
    from bench.__main__ import say as aloud

    measure(aloud)
