"""A whole country by fast SQL: provinces, communes, hamlets, 93,000 teams, 460,000 members.

The rules against overlapping spells are lifted while it is made: nothing here overlaps.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import asyncpg

from bench.workbook import person
from demo.cast import HOA, Player, seat
from kit.database import close_database, open_database
from kit.text import fold, sort_key, sort_key_title

PROVINCES, COMMUNES, TEAMS, MEMBERS = 34, 3_321, 93_000, 460_000
NAMES = 4_000
SEARCHES = ("binh%20hoa%20123", "ap%204567", "tan%20phu%2077", "hoa%20999", "12345")
SEN = Player("Võ Thị Sen", "0900 100 003", "coordinator", f"Xã Bình Đông {PROVINCES + 1}")
"""Looks after the first commune alone, so that each list must be cut to her reach."""
LIFTED = [
    ("team_area", "team_area_overlap"),
    ("membership", "membership_overlap"),
    ("membership", "leader_overlap"),
]
AREAS = """
INSERT INTO area (id, number, kind) SELECT gen_random_uuid(), n,
  CASE WHEN n <= {p} THEN 'province' WHEN n <= {p} + {c} THEN 'commune' ELSE 'hamlet' END
FROM generate_series(1, {p} + {c} + {t}) n;

INSERT INTO area_spell (id, area, name, fold, sort, code, parent, path, since)
SELECT gen_random_uuid(), a.id, w.name, w.fold, w.sort, 'B' || a.number, u.id,
  CASE WHEN a.number <= {p} THEN '/' || a.number || '/'
       WHEN a.number <= {p} + {c} THEN '/' || u.number || '/' || a.number || '/'
       ELSE '/' || ((u.number - 1) % {p} + 1) || '/' || u.number || '/' || a.number || '/' END,
  '2020-01-01'
FROM area a JOIN bench_word w ON w.n = a.number
LEFT JOIN area u ON u.number = CASE WHEN a.number <= {p} THEN NULL
  WHEN a.number <= {p} + {c} THEN (a.number - 1) % {p} + 1
  ELSE {p} + (a.number - 1) % {c} + 1 END;
"""
TEAMS_SQL = """
INSERT INTO team (id, name, fold, sort, founded_on, target_size)
SELECT gen_random_uuid(), 'Tổ CNSCĐ ' || name, 'to cnscd ' || fold, sort, '2024-10-10', 5
FROM bench_word WHERE n > {p} + {c};

CREATE TEMP TABLE numbered AS
SELECT t.id AS team, s.area, row_number() OVER () AS n FROM team t
JOIN bench_word w ON 'Tổ CNSCĐ ' || w.name = t.name AND w.n > {p} + {c}
JOIN area a ON a.number = w.n JOIN area_spell s ON s.area = a.id;

INSERT INTO team_area (id, team, area, since)
SELECT gen_random_uuid(), team, area, '2024-10-10' FROM numbered;

CREATE INDEX ON numbered (n);
"""
MEMBERS_SQL = """
CREATE TEMP TABLE somebody AS
SELECT gen_random_uuid() AS id, m, k.area, k.team FROM generate_series(0, {m} - 1) m
JOIN numbered k ON k.n = m % {t} + 1;

INSERT INTO person (id, name, fold, sort, born_year, phone, area, made_at)
SELECT s.id, b.name, b.fold, b.sort, 1960 + m % 45, '+84' || (910000000 + m), s.area, now()
FROM somebody s JOIN bench_name b ON b.n = m % {names};

INSERT INTO membership (id, team, person, position, joined_on)
SELECT gen_random_uuid(), team, id,
  CASE m / {t} WHEN 0 THEN 'leader' WHEN 1 THEN 'deputy' ELSE 'member' END, '2024-10-10'
FROM somebody;
"""


def build_country(url: str) -> None:
    """Fill a migrated PostgreSQL; Hoa, its admin, may sign in."""
    command = [sys.executable, "-m", "bench.big"]
    subprocess.run(command, env={**os.environ, "TOSO_DATABASE_URL": url}, check=True)


def list_communes(url: str, count: int = 40) -> list[str]:
    """The ids of some communes."""

    async def ask() -> list[str]:
        connection = await asyncpg.connect(url)
        sql = "SELECT id FROM area WHERE kind = 'commune' ORDER BY number LIMIT $1"
        found = await connection.fetch(sql, count)
        await connection.close()
        return [str(row["id"]) for row in found]

    return asyncio.run(ask())


def words() -> list[tuple[int, str, str, str]]:
    """A name for every area, by its number, with its keys."""
    places = ("Bình Hòa", "Bình Lợi", "Tân Phú", "Hòa Thuận", "Nhơn Xuyên", "Bình Đông")
    found = []
    for n in range(1, PROVINCES + COMMUNES + TEAMS + 1):
        kind = "Tỉnh" if n <= PROVINCES else "Xã" if n <= PROVINCES + COMMUNES else "ấp"
        name = f"{kind} {places[n % 6]} {n}"
        found.append((n, name, fold(name), sort_key_title(name)))
    return found


async def _build(url: str) -> None:
    connection = await asyncpg.connect(url)
    for table, rule in LIFTED:
        await connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {rule}")
    columns = "(n integer, name text, fold text, sort text)"
    names = [(n, person(n), fold(person(n)), sort_key(person(n))) for n in range(NAMES)]
    for table, rows in (("bench_word", words()), ("bench_name", names)):
        await connection.execute(f"CREATE TEMP TABLE {table} {columns}")
        await connection.copy_records_to_table(table, records=rows)
        await connection.execute(f"CREATE INDEX ON {table} (n)")
    sizes = {"p": PROVINCES, "c": COMMUNES, "t": TEAMS, "m": MEMBERS, "names": NAMES}
    for sql in (AREAS, TEAMS_SQL, MEMBERS_SQL):
        await connection.execute(sql.format(**sizes))
        await connection.execute("ANALYZE")
    await connection.close()
    await open_database()
    await seat(HOA)
    await seat(SEN)
    await close_database()


if __name__ == "__main__":
    asyncio.run(_build(os.environ["TOSO_DATABASE_URL"]))
