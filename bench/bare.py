"""The rows of a visit written by the bare driver, in the same transactions: what could be had."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from pathlib import Path
from uuid import uuid4

import asyncpg

from kit.sqlite import connect

CLIENTS = 10
VISIT = (
    "INSERT INTO visit (id, household, area, team, day, met_at, utc_offset, met, place, basis,"
    " performed_by, entered_by, received_at, via, note, app_version, content_hash)"
    " SELECT ?1, h.id, h.area, m.team, '2026-11-01', '2026-11-01T03:00:00+00:00', 420, 'met',"
    " 'home', 'consent', m.person, m.person, '2026-11-01T03:00:00+00:00', 'sync', '', 'bare', 'x'"
    " FROM household h, membership m WHERE h.id = ?2 AND m.id = ?3"
)
SUPPORTS = (
    "INSERT INTO support (visit, line, service, outcome, day) VALUES"
    " (?1, 0, 'vneid_2', 'assisted', '2026-11-01'), (?1, 1, 'pay_water', 'pending', '2026-11-01')"
)
PARTICIPANT = (
    "INSERT INTO participant (visit, person) SELECT v.id, v.performed_by FROM visit v"
    " WHERE v.id = ?1"
)
CONSENT = (
    "INSERT INTO consent (id, household, visit, text_version, method, taken_by, at)"
    " SELECT ?1, v.household, v.id, 1, 'tapped', v.performed_by, v.met_at FROM visit v"
    " WHERE v.id = ?1"
)
TOTAL = (
    "INSERT INTO visit_total (team, area, day, service, outcome, visits, met, anonymous, supports)"
    " SELECT v.team, v.area, v.day, x.s, x.o, x.n, x.n, 0, 1 - x.n FROM visit v, (SELECT '' AS s,"
    " '' AS o, 1 AS n UNION ALL SELECT 'vneid_2', 'assisted', 0 UNION ALL SELECT 'pay_water',"
    " 'pending', 0) x WHERE v.id = ?1 ON CONFLICT (team, area, day, service, outcome) DO UPDATE"
    " SET visits = visit_total.visits + excluded.visits, supports = visit_total.supports"
    " + excluded.supports, met = visit_total.met + excluded.met"
)
MET = (
    "UPDATE household SET last_met_on = '2026-11-01' WHERE id = (SELECT v.household FROM visit v"
    " WHERE v.id = ?1)"
)
AUDIT = (
    "INSERT INTO audit_line (id, at, person, doer, action, subject, subject_name, path, after, via)"
    " SELECT ?1, v.met_at, v.performed_by, 'Bare', 'visit.log', v.id, 'B0-0001', '/1/2/3/',"
    " '{}', 'api' FROM visit v WHERE v.id = ?1"
)
OF_A_VISIT = (SUPPORTS, PARTICIPANT, CONSENT, TOTAL, MET, AUDIT)


def on_sqlite(path: Path, homes: list[str], seconds: float, batch: int) -> float:
    """Visits a second by sqlite3, durable as the app is, `batch` a transaction."""
    store = connect(path)
    member = str(store.execute("SELECT CAST(id AS text) AS id FROM membership").fetchone()["id"])
    begun, done = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        store.execute("BEGIN IMMEDIATE")
        for _ in range(batch):
            _one(store, homes[done % len(homes)], member)
            done += 1
        store.execute("COMMIT")
    took = time.perf_counter() - begun
    store.close()
    return done / took


def _one(store: sqlite3.Connection, home: str, member: str) -> None:
    visit = str(uuid4())
    store.execute(VISIT, (visit, home, member))
    for sql in OF_A_VISIT:
        store.execute(sql, (visit,))


def on_postgres(url: str, homes: list[str], seconds: float, batch: int) -> float:
    """Visits a second by asyncpg over CLIENTS connections, `batch` a transaction."""
    return asyncio.run(_on_postgres(url, homes, seconds, batch))


async def _on_postgres(url: str, homes: list[str], seconds: float, batch: int) -> float:
    async with asyncpg.create_pool(url, min_size=CLIENTS, max_size=CLIENTS) as pool:
        member = await pool.fetchval("SELECT id FROM membership LIMIT 1")
        until = time.perf_counter() + seconds
        done = await asyncio.gather(
            *(_client(pool, homes[n::CLIENTS], member, until, batch) for n in range(CLIENTS))
        )
    return sum(done) / seconds


async def _client(
    pool: asyncpg.Pool, homes: list[str], member: object, until: float, batch: int
) -> int:
    done = 0
    async with pool.acquire() as store:
        while time.perf_counter() < until:
            async with store.transaction():
                for _ in range(batch):
                    visit = uuid4()
                    await store.execute(_numbered(VISIT), visit, homes[done % len(homes)], member)
                    for sql in OF_A_VISIT:
                        await store.execute(_numbered(sql), visit)
                    done += 1
    return done


def _numbered(sql: str) -> str:
    typed = {"?1": "$1::uuid", "?2": "$2::uuid", "?3": "$3::uuid"}
    for ours, theirs in typed.items():
        sql = sql.replace(ours, theirs)
    for day in ("'2026-11-01T03:00:00+00:00'", "'2026-11-01'"):
        sql = sql.replace(day, f"{day}::{'timestamptz' if 'T' in day else 'date'}")
    return sql
