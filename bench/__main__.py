"""`python -m bench`: speed and memory of the invented district, then of a whole country.

The country (93,000 teams, 460,000 members) needs PostgreSQL; `--small` leaves it out, `--big`
measures nothing else.
"""

from __future__ import annotations

import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import certificates, classroom, phones, visits
from bench.big import SEARCHES, SEN, build_country, list_communes
from bench.program import Program, Server, Took
from bench.workbook import write_workbook
from demo.cast import HAN, HOA, TAM
from kit.sqlite import connect
from tests.servers import Missing, postgres

ONE, MANY = 1, 32
SECONDS = 4.0
MEMBERS = 10_000


def say(what: str, got: str, target: str = "") -> None:
    """Print a line of the table."""
    print(f"{what:46} {got:>34}   {target}", flush=True)


def main(arguments: list[str]) -> None:
    """Measure and print."""
    say("what", "measured", "target")
    with tempfile.TemporaryDirectory(prefix="toso-bench-") as name:
        folder = Path(name)
        if "--big" not in arguments:
            district(Program(folder))
            big_import(folder)
        if "--big" not in arguments:
            visits.measure(say)
            certificates.measure(say)
            phones.measure(say)
            classroom.measure(say)
        if "--small" not in arguments:
            country(folder)


def district(program: Program) -> None:
    """The demo on SQLite, over HTTP."""
    with program.serving("run") as server:
        say("first start, with filling, to the first page", f"{server.started:.1f} s", "< 60 s")
    with program.serving("run") as server:
        say("second start to the first page", f"{server.started:.1f} s", "< 4 s")
        time.sleep(1)
        say("idle memory", f"{server.memory():.0f} MB", "< 150 MB")
        bare = bare_list(connect(program.folder / "toso.db", read_only=True))
        say("the team list's rows from the bare driver", f"p50 {bare.at(0.5):.2f} ms")
        pages(server, bare)


def bare_list(store: sqlite3.Connection) -> Took:
    """The same rows that the team list shows, by SQL alone."""
    sql = (
        "SELECT t.id, t.name, count(m.id) FROM team t LEFT JOIN membership m"
        " ON m.team = t.id AND m.left_on IS NULL GROUP BY t.id ORDER BY t.sort LIMIT 50"
    )
    return repeat(lambda: store.execute(sql).fetchall())


def repeat(work: Callable[[], object], times: int = 300) -> Took:
    """Do something often."""
    took, begun = [], time.perf_counter()
    for _ in range(times):
        one = time.perf_counter()
        work()
        took.append((time.perf_counter() - one) * 1000)
    return Took(took, time.perf_counter() - begun)


def pages(server: Server, bare: Took) -> None:
    """The pages that people open most, for one user and for many."""
    tam, han = server.sign_in(TAM), server.sign_in(HAN)
    team = re.search(r'href="(/teams/[0-9a-f-]{36})"', server.get("/teams", tam))
    for what, cookie, path in (
        ("home of a coordinator", tam, "/"),
        ("home of a leader", han, "/"),
        ("team list", tam, "/teams"),
        ("team page", tam, team[1] if team else "/teams/none"),
        ("assignment board", tam, "/board"),
    ):
        took = server.load(cookie, [path], ONE, SECONDS)
        say(what, shown(took, bare), "p95 <= 50 ms")
    took = server.load(tam, ["/teams"], MANY, SECONDS)
    rate = f"{took.per_second:.0f} a second" if took else "no such page"
    say("team list, 32 clients, one process", rate, ">= 300 a second")
    say("memory after that", f"{server.memory():.0f} MB")


def shown(took: Took | None, bare: Took | None = None) -> str:
    """Percentiles, and how many times the bare driver's time the median is."""
    if took is None:
        return "no such page"
    ratio = f" ({took.at(0.5) / bare.at(0.5):.0f}x)" if bare else ""
    return f"p50 {took.at(0.5):.1f}  p95 {took.at(0.95):.1f} ms{ratio}"


def big_import(folder: Path) -> None:
    """Ten thousand members from a workbook into an empty database."""
    program = Program(folder, f"sqlite:///{folder / 'import.db'}")
    workbook = folder / "members.xlsx"
    write_workbook(workbook, MEMBERS)
    program.run("migrate")
    took = program.run("import", "members", str(workbook), "--root", "Huyện Tân Trụ", "--json")
    say(f"import of {MEMBERS} members", f"{took:.1f} s", "< 20 s")


def country(folder: Path) -> None:
    """The whole country on PostgreSQL."""
    try:
        with postgres() as url:
            program = Program(folder, url)
            program.run("migrate")
            begun = time.perf_counter()
            build_country(url)
            say("93,000 teams, 460,000 members made", f"{time.perf_counter() - begun:.0f} s")
            with program.serving("serve") as server:
                country_pages(server, list_communes(url))
    except Missing as missing:
        say("the whole country", "left out", str(missing))


def country_pages(server: Server, communes: list[str]) -> None:
    """Searches, and the pages of communes, each another one; then one commune's coordinator."""
    hoa, sen = server.sign_in(HOA), server.sign_in(SEN)
    own = communes[0]
    for what, cookie, paths, target in (
        ("team search", hoa, [f"/teams?q={word}" for word in SEARCHES], "p90 <= 100 ms"),
        ("a commune's teams", hoa, [f"/teams?area={area}" for area in communes], "p90 <= 100 ms"),
        ("a commune's page", hoa, [f"/areas/{area}" for area in communes], "p90 <= 100 ms"),
        ("the own commune's teams", sen, ["/teams", f"/teams?area={own}"], "p90 <= 100 ms"),
        ("the own commune's page", sen, [f"/areas/{own}"], "p90 <= 100 ms"),
        ("the own commune's board", sen, ["/board"], ""),
        ("the own commune's home", sen, ["/"], ""),
        ("people found by name", hoa, ["/people?q=le+minh"], ""),
    ):
        took = server.load(cookie, paths, ONE, SECONDS)
        got = f"p50 {took.at(0.5):.1f}  p90 {took.at(0.9):.1f} ms" if took else "no such page"
        say(f"{what}, in the country", got, target)


if __name__ == "__main__":
    main(sys.argv[1:])
