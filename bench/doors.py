"""Households and visits by fast SQL: `python -m bench.doors world [HOUSEHOLDS]`, `… 10000`.

The world is the small one of the tests, with households enough for a day of many phones; a number
is how many visits there shall be in all, over two years, in every hamlet.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

from kit import clock
from kit.database import ON_SQLITE, close_database, insert_many, new_id, open_database, run, value
from kit.text import fold, sort_key
from tests.world import build_world

HOMES = 300
NUMBERED = (
    "WITH RECURSIVE s(n) AS (SELECT {} UNION ALL SELECT n + 1 FROM s WHERE n + 1 < {})"
    if ON_SQLITE
    else "WITH s AS (SELECT generate_series({}, CAST({} AS integer) - 1) AS n)"
)
ID = (
    "printf('%08x-0000-7000-8000-00000000beef', s.n)"
    if ON_SQLITE
    else "CAST(lpad(to_hex(s.n), 8, '0') || '-0000-7000-8000-00000000beef' AS uuid)"
)
DAY = (
    "date('2026-11-20', '-' || (s.n % 700) || ' days')"
    if ON_SQLITE
    else "(date '2026-11-20' - s.n % 700)"
)
AT = (
    f"{DAY} || 'T' || printf('%02d', 1 + s.n % 10) || ':00:00+00:00'"
    if ON_SQLITE
    else f"(CAST({DAY} AS timestamp) AT TIME ZONE 'UTC') + (1 + s.n % 10) * interval '1 hour'"
)
HOME = """
CREATE TABLE bench_home AS
SELECT row_number() OVER (ORDER BY h.id) - 1 AS k, h.id, h.area, m.team, m.person
FROM household h JOIN team_area a ON a.area = h.area
JOIN membership m ON m.team = a.team AND m.position IN ('leader', 'member')
WHERE m.id = (SELECT x.id FROM membership x WHERE x.team = a.team ORDER BY x.position, x.id LIMIT 1)
"""
VISITS = f"""
INSERT INTO visit (id, household, area, team, day, met_at, utc_offset, met, place, basis,
    performed_by, entered_by, received_at, via, content_hash)
{NUMBERED} SELECT {ID}, b.id, b.area, b.team, {DAY}, {AT}, 420, 'met', 'home',
    CASE WHEN s.n % 9 = 0 THEN 'anonymous' ELSE 'consent' END, b.person, b.person, {AT}, 'sync', ''
FROM s JOIN bench_home b ON b.k = CAST(s.n AS bigint) * 7919 % {{}}
"""
SUPPORTS = f"""
INSERT INTO support (visit, line, service, outcome, day)
{NUMBERED} SELECT {ID}, 0,
    CASE s.n % 10 WHEN 0 THEN 'pay_water' WHEN 1 THEN 'qr_payment' ELSE 'vneid_2' END,
    CASE s.n % 3 WHEN 0 THEN 'pending' WHEN 1 THEN 'assisted' ELSE 'independent' END, {DAY} FROM s
"""
TOTALS = """
INSERT INTO visit_total (team, area, day, service, outcome, visits, met, anonymous, supports)
SELECT v.team, v.area, v.day, '', '', count(*), count(*),
    count(CASE WHEN v.basis <> 'consent' THEN 1 END), 0 FROM visit v GROUP BY v.team, v.area, v.day
UNION ALL SELECT v.team, v.area, v.day, s.service, s.outcome, 0, 0, 0, count(*)
FROM visit v JOIN support s ON s.visit = v.id
GROUP BY v.team, v.area, v.day, s.service, s.outcome
"""


async def make_world(homes: int) -> None:
    """The small world of the tests with so many households in each hamlet that has a team."""
    await build_world()
    hamlets = await run(
        "SELECT DISTINCT a.area, a.team FROM team_area a JOIN membership m ON m.team = a.team"
    )
    for number, hamlet in enumerate(hamlets):
        await insert_many("household", [_home(hamlet["area"], number, n) for n in range(homes)])


def _home(area: object, number: int, n: int) -> dict[str, object]:
    head = f"Nguyễn Văn Hộ {n}"
    known = {"id": new_id(), "area": area, "code": f"B{number}-{n:04}", "head": head}
    keys = {"fold": fold(head), "sort": sort_key(head), "address": "Tổ 1", "people": 4}
    return {**known, **keys, "made_at": clock.now()}


async def fill_up(count: int) -> None:
    """Add visits until there are so many."""
    there = int(await value("SELECT count(*) AS n FROM visit"))
    if there == 0:
        await run(HOME)
        await run("CREATE INDEX bench_home_k ON bench_home (k)")
    homes = await value("SELECT count(*) AS n FROM bench_home")
    await run(VISITS, there, count, homes)
    await run(SUPPORTS, there, count)
    await run("DELETE FROM visit_total")
    await run(TOTALS)
    await run("ANALYZE")


def build(url: str, *what: str) -> None:
    """Do it in a process of its own, on a database."""
    command = [sys.executable, "-m", "bench.doors", *what]
    subprocess.run(command, env={**os.environ, "TOSO_DATABASE_URL": url}, check=True)


async def _main(what: str, homes: str = str(HOMES)) -> None:
    await open_database()
    await (make_world(int(homes)) if what == "world" else fill_up(int(what)))
    await close_database()


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
