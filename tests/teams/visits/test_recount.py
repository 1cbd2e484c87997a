"""Whatever happens to visits and households, the figures are what a plain recount says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.cast import HAN, HOA, TAM
from kit import clock
from kit.database import DB, run, value
from kit.errors import Refused
from kit.forms import check
from people.permissions import Who
from teams.households.commands import assign_household_team
from teams.households.forms import HouseholdTeamForm, MergeForm
from teams.households.merging import merge_households, undo_merge
from teams.households.queries import find_household
from teams.visits.changing import edit_visit, withdraw_visit
from teams.visits.forms import EditVisitForm, WithdrawForm
from teams.visits.jobs import recount
from teams.visits.queries import find_visit
from teams.visits.totals import count_wrong_last_met, count_wrong_totals
from tests.program import Toso, this_database
from tests.teams.lookups import BINH_HOA, BINH_LOI
from tests.teams.visits.doors import HY, QUYNH, UONG, log
from tests.teams.visits.promised import wrong_promises
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

HEADS = (UONG, QUYNH, HY)
STEP = st.tuples(
    st.sampled_from(["log", "log", "edit", "withdraw", "merge", "separate", "move"]),
    st.integers(0, 2),
    st.integers(0, 2),
    st.integers(0, 20),
    st.sampled_from(["met", "met", "absent", "refused"]),
    st.sampled_from(["consent", "anonymous"]),
    st.lists(
        st.sampled_from(["vneid_2:assisted", "pay_water:pending", "qr_payment:independent"]),
        unique=True,
        max_size=3,
    ),
)
Step = tuple[str, int, int, int, str, str, list[str]]


class Undone(Exception):
    """Takes an example back, so that the next one starts afresh."""


@dataclass
class Story:
    """What was done so far, by a coordinator of the district."""

    by: Who
    visits: list[UUID] = field(default_factory=list)
    done: int = 0


def said(step: Step) -> dict[str, object]:
    """The content of a visit."""
    _act, _home, _other, days, met, consent, services = step
    at = clock.now().astimezone(clock.LOCAL) - timedelta(days=days, minutes=1)
    pairs = [service.partition(":") for service in services] if met == "met" else []
    supports = [{"service": code, "outcome": outcome} for code, _, outcome in pairs]
    basis = consent if met == "met" else None
    again = clock.local_day(at) + timedelta(days=days % 7) if days % 2 else None
    content = {"met": met, "met_at": at, "consent": basis, "supports": supports}
    return {**content, "follow_up_on": again}


async def do_log(story: Story, step: Step) -> None:
    content = said(step)
    logged = await log(story.by, HEADS[step[1]], performed_by=await id_of(HAN.name), **content)
    story.visits.append(logged.id)


async def do_edit(story: Story, step: Step) -> None:
    visit = await find_visit(story.by, story.visits[step[2] % len(story.visits)])
    form = {**said(step), "version": visit.version, "why": "Nhầm ngày"}
    await edit_visit(story.by, visit.id, check(EditVisitForm, form))


async def do_withdraw(story: Story, step: Step) -> None:
    visit = await find_visit(story.by, story.visits[step[2] % len(story.visits)])
    form = WithdrawForm(why="Ghi nhầm hộ", version=visit.version)
    await withdraw_visit(story.by, visit.id, form)


async def do_merge(story: Story, step: Step) -> None:
    keep, gone = await id_of(HEADS[step[1]]), await id_of(HEADS[step[2]])
    await merge_households(story.by, keep, MergeForm(gone=gone))


async def do_separate(story: Story, step: Step) -> None:
    await undo_merge(story.by, await id_of(HEADS[step[1]]))


async def do_move(story: Story, step: Step) -> None:
    home = await find_household(story.by, await id_of(HEADS[step[1]]))
    team = await id_of(BINH_LOI) if step[2] else None
    on = clock.today() - timedelta(days=step[3])
    form = HouseholdTeamForm(team=team, on=on, version=home.version)
    await assign_household_team(story.by, home.id, form)


ACTS: dict[str, Callable[[Story, Step], Awaitable[None]]] = {
    "log": do_log,
    "edit": do_edit,
    "withdraw": do_withdraw,
    "merge": do_merge,
    "separate": do_separate,
    "move": do_move,
}


async def play(story: Story, step: Step) -> None:
    """Do a step; one that is refused leaves everything as it was."""
    act = step[0] if story.visits or step[0] not in ("edit", "withdraw") else "log"
    async with DB.transaction():
        point = await savepoint()
        try:
            await ACTS[act](story, step)
            story.done += 1
        except Refused:
            await point.rollback_to()


async def savepoint() -> Any:
    """A point of the running transaction to fall back to."""
    current = DB.current_transaction.get()
    assert current is not None
    return await current.savepoint()


async def recount_of_days() -> dict[tuple[UUID, date], int]:
    """Visits by team and day, counted one by one in Python."""
    found: dict[tuple[UUID, date], int] = {}
    for visit in await run("SELECT team, day FROM visit WHERE withdrawn_at IS NULL"):
        found[visit["team"], visit["day"]] = found.get((visit["team"], visit["day"]), 0) + 1
    return found


async def days_of_totals() -> dict[tuple[UUID, date], int]:
    """The same from the roll-up."""
    found: dict[tuple[UUID, date], int] = {}
    sql = "SELECT team, day, visits FROM visit_total WHERE service = ''"
    for total in await run(sql):
        key = total["team"], total["day"]
        found[key] = found.get(key, 0) + total["visits"]
    return {key: count for key, count in found.items() if count}


async def test_any_story_of_visits_and_households_keeps_the_figures_right() -> None:
    hoa, steps = await who_is(HOA), 0

    async def example(story: Story, told_steps: list[Step]) -> None:
        try:
            async with DB.transaction():
                for step in told_steps:
                    await play(story, step)
                    assert await count_wrong_totals() == 0, step
                    assert await count_wrong_last_met() == 0, step
                    assert await wrong_promises() == [], step
                assert await recount_of_days() == await days_of_totals()
                raise Undone
        except Undone:
            return

    stories: list[list[Step]] = []

    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEP, min_size=4, max_size=14))
    def gather(story: list[Step]) -> None:
        stories.append(story)

    gather()
    for one in stories:
        story = Story(hoa)
        await example(story, one)
        steps += story.done
    assert steps > 100


async def test_the_night_and_the_doctor_tell_a_difference(tmp_path: Path) -> None:
    await log(await who_is(HAN), UONG)
    toso = Toso(tmp_path, this_database())
    assert await recount() == "totals wrong 0, last meetings wrong 0"
    assert "what the visits say" in toso.works("doctor")
    await run("UPDATE visit_total SET supports = supports + 1 WHERE service <> ''")
    await run("UPDATE household SET last_met_on = NULL WHERE head = {}", UONG)
    assert await recount() == "totals wrong 1, last meetings wrong 1"
    assert "1 totals and 1 days" in toso("doctor").stdout + toso("doctor").stderr


async def test_a_visit_to_a_household_merged_twice_stands_under_the_one_kept() -> None:
    tam, homes = await who_is(TAM), [await id_of(head) for head in HEADS]
    await merge_households(tam, homes[1], MergeForm(gone=homes[0]))
    await merge_households(tam, homes[2], MergeForm(gone=homes[1]))
    logged = await log(await who_is(HAN), UONG)
    assert logged.flags == ["merged"]
    assert (await find_visit(tam, logged.id)).household == homes[2]
    assert await value("SELECT team FROM visit WHERE id = {}", logged.id) == await id_of(BINH_HOA)


async def test_withdrawing_a_visit_of_a_merged_household_mends_the_one_kept() -> None:
    han, tam = await who_is(HAN), await who_is(TAM)
    logged = await log(han, QUYNH)
    keep = await id_of(UONG)
    await merge_households(tam, keep, MergeForm(gone=await id_of(QUYNH)))
    assert (await find_household(tam, keep)).last_met_on == clock.today()
    await withdraw_visit(han, logged.id, WithdrawForm(why="Ghi nhầm hộ", version=1))
    assert (await find_household(tam, keep)).last_met_on is None
    assert await count_wrong_last_met() == 0
