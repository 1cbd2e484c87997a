"""Whatever is merged, undone or brought in, in whatever order: nothing is lost, nothing doubled."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.cast import TAM
from kit import clock
from kit.database import DB, run
from kit.errors import Refused
from people.imports.commands import undo_import
from people.permissions import Who
from teams.households.forms import MergeForm
from teams.households.history import list_household_visits
from teams.households.merging import merge_households, undo_merge
from teams.visits.figures import households_met, of_team
from teams.visits.totals import count_wrong_last_met
from tests.teams.households.homes import HY, QUYNH, UONG, a_visit
from tests.teams.households.test_import_households import TOWN, everything, imported, planned
from tests.teams.lookups import BINH_HOA
from tests.teams.visits.promised import wrong_promises
from tests.things import a_follow_up
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

TOPS = "SELECT id FROM household WHERE merged_into IS NULL"
HEADS = (UONG, QUYNH, HY)
Given = TypeVar("Given")
TABLES = ("household", "visit", "support", "follow_up", "resident", "consent", "visit_total")
MERGE = st.tuples(st.sampled_from(["merge", "merge", "undo"]), st.integers(0, 2), st.integers(0, 2))
CODE = st.sampled_from(["HN-012", "HN-013", "HN-900", "HN-901", ""])
ROW = st.tuples(
    CODE,
    st.sampled_from([UONG, QUYNH, "Phan Văn Mới", "Lê Thị Tám"]),
    st.sampled_from(["Tổ 3, ngõ 12", "Tổ 9"]),
    st.one_of(st.none(), st.integers(1, 9)),
    st.sampled_from([None, "0900 500 900"]),
    st.sampled_from([None, "x"]),
    st.sampled_from([None, "x"]),
)


class Undone(Exception):
    """Takes an example back, so that the next one starts afresh."""


def gathered(strategy: st.SearchStrategy[Given], examples: int) -> list[Given]:
    """Examples of a strategy, for a test that has to await."""
    found: list[Given] = []

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def gather(one: Given) -> None:
        found.append(one)

    gather()
    return found


async def each(examples: list[Given], play: Callable[[Given], Awaitable[None]]) -> None:
    """Play each example on the world as it was."""
    for one in examples:
        try:
            async with DB.transaction():
                await play(one)
                raise Undone
        except Undone:
            continue


async def stored() -> dict[str, list[dict[str, Any]]]:
    """Everything about households and visits, but for how often it was changed."""
    found = {}
    for table in TABLES:
        lines = [
            {k: v for k, v in r.items() if k != "version"}
            for r in await run(f"SELECT * FROM {table}")
        ]
        found[table] = sorted(lines, key=str)
    return found


async def a_past() -> list[UUID]:
    """Three households that were met on three days; one was promised another visit."""
    days = [clock.today() - timedelta(days=n) for n in (20, 9, 3)]
    visits = [await a_visit(head, day) for head, day in zip(HEADS, days, strict=True)]
    await a_follow_up(visits[0], due_on=clock.today() - timedelta(days=10))
    return [await id_of(head) for head in HEADS]


async def act(by: Who, homes: list[UUID], step: tuple[str, int, int]) -> None:
    """Merge or undo; one that is refused changes nothing."""
    what, one, other = step
    try:
        if what == "merge":
            await merge_households(by, homes[one], MergeForm(gone=homes[other]))
        else:
            await undo_merge(by, homes[one])
    except Refused:
        return


async def households_counted() -> int:
    """The households met, as the figure counts them."""
    figure = households_met(of_team(await id_of(BINH_HOA)), date(2020, 1, 1), date(2100, 1, 1))
    return int((await run("SELECT ({}) AS n", figure))[0]["n"])


async def test_any_order_of_merging_and_undoing_keeps_visits_and_figures() -> None:
    homes, tam, merged = await a_past(), await who_is(TAM), list[int]()
    before = await stored()

    async def play(steps: list[tuple[str, int, int]]) -> None:
        standing = homes
        for step in steps:
            await act(tam, homes, step)
            tops = [
                r["id"] for r in await run("SELECT id FROM household WHERE merged_into IS NULL")
            ]
            standing = [home for home in homes if home in tops]
            shown = [len(await list_household_visits(home)) for home in standing]
            assert (sum(shown), min(shown)) >= (3, 1), step
            assert await households_counted() == len(standing), step
            assert await count_wrong_last_met() == 0, step
            assert await wrong_promises() == [], step
        merged.append(3 - len(standing))
        for home in homes:
            await undo_merge(tam, home)
        assert await stored() == before

    await each(gathered(st.lists(MERGE, min_size=1, max_size=8), 40), play)
    assert {1, 2} <= set(merged)


async def test_any_list_brought_in_twice_is_once_and_undone_is_nothing() -> None:
    before, tam, made = await everything(), await who_is(TAM), list[int]()
    for rows in gathered(st.lists(ROW, min_size=1, max_size=5), 25):
        lines = [(*TOWN, *row) for row in rows]
        plan = await planned(*lines)
        if plan.changes_nothing:
            continue
        file = await imported(*lines)
        made.append(len(await everything()) - len(before))
        assert (await planned(*lines)).changes_nothing
        await undo_import(tam, file)
        assert await everything() == before
    assert sum(made) > 0
