"""Who comes in, with which token, and what it may do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from demo.cast import HOA, SEN
from kit import clock
from kit.database import run, value
from tests.programs import V1, bearer, client, is_problem, program
from tests.visitor import token_of, visit
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def test_a_wrong_token_is_no_token_even_beside_a_good_cookie() -> None:
    async with client("toso_wrong") as program_:
        program_.cookies["toso"] = await token_of(HOA)
        is_problem(await program_.get(f"{V1}/teams"), 401)


async def test_a_revoked_token_ends_at_once() -> None:
    async with await program(SEN) as sen:
        assert (await sen.get(f"{V1}/teams")).status_code == 200
        await run("UPDATE api_token SET revoked_at = {}", clock.now())
        is_problem(await sen.get(f"{V1}/teams"), 401)


async def test_a_token_ends_on_its_day() -> None:
    token = await bearer(SEN)
    async with client(token) as sen:
        with clock.frozen(clock.now() + timedelta(days=364)):
            assert (await sen.get(f"{V1}/teams")).status_code == 200
        with clock.frozen(clock.now() + timedelta(days=366)):
            is_problem(await sen.get(f"{V1}/teams"), 401)


async def test_a_locked_account_locks_its_tokens() -> None:
    async with await program(SEN) as sen:
        await run("UPDATE account SET locked_at = {}", clock.now())
        is_problem(await sen.get(f"{V1}/teams"), 401)


async def test_a_reading_token_reads_and_never_writes() -> None:
    team = await id_of("Tổ CNSCĐ ấp 1")
    async with await program(SEN, "read") as sen:
        assert (await sen.get(f"{V1}/teams/{team}")).status_code == 200
        changes = {"target_size": 9, "version": 1}
        is_problem(await sen.patch(f"{V1}/teams/{team}", json=changes), 403)
    assert await value("SELECT target_size FROM team WHERE id = {}", team) == 5


async def test_a_signed_in_browser_may_ask_too_but_never_for_another_site() -> None:
    team = await id_of("Tổ CNSCĐ ấp 1")
    changes = {"target_size": 9, "version": 1}
    async with await visit(SEN) as sen:
        assert (await sen.get(f"{V1}/teams/{team}")).status_code == 200
        for name, said in (("sec-fetch-site", "cross-site"), ("origin", "https://evil.test")):
            answer = await sen.http.patch(f"{V1}/teams/{team}", json=changes, headers={name: said})
            is_problem(answer, 403)
        same = {"sec-fetch-site": "same-origin"}
        answer = await sen.http.patch(f"{V1}/teams/{team}", json=changes, headers=same)
        assert answer.json()["target_size"] == 9


async def test_answers_are_kept_by_nobody() -> None:
    async with await program(SEN) as sen:
        answer = await sen.get(f"{V1}/teams")
        assert answer.headers["cache-control"] == "private, no-store"
