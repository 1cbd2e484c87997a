"""A visit keeps what was promised at the door, whichever way and in whichever order it comes in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from demo.cast import HAN, HOANG, TAM
from kit import clock
from kit.database import run
from teams.follow_ups.commands import (
    AttemptForm,
    CloseForm,
    ReassignForm,
    close_follow_up,
    note_attempt,
    reassign_follow_up,
)
from teams.follow_ups.queries import FollowUpFilter, FollowUpFound, list_follow_ups
from teams.households.forms import MergeForm
from teams.households.merging import merge_households, undo_merge
from teams.households.queries import find_household
from teams.visits.batches import SyncForm, take_batch
from teams.visits.changing import edit_visit, withdraw_visit
from teams.visits.commands import log_visit, log_visits
from teams.visits.forms import WithdrawForm
from tests.teams.lookups import BINH_HOA, how_many
from tests.teams.visits.doors import HY, QUYNH, UONG, as_record, log, this_morning, told
from tests.teams.visits.promised import wrong_promises
from tests.teams.visits.test_change_visit import mended
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


def on(days_ago: int) -> datetime:
    """The local moment some days ago."""
    return this_morning() - timedelta(days=days_ago)


def day(days_ago: int) -> date:
    return clock.local_day(on(days_ago))


async def promised(days_ago: int = 10, due: int = 3, head: str = UONG, **more: Any) -> UUID:
    """The visit of Hân at which somebody was promised to see her again, `due` days ago."""
    form = {"met_at": on(days_ago), "follow_up_on": day(due), **more}
    return (await log(await who_is(HAN), head, **form)).id


async def state(show: str = "open", head: str = UONG) -> list[FollowUpFound]:
    asked = FollowUpFilter.model_validate({"show": show})
    found, _ = await list_follow_ups(await who_is(HAN), asked)
    return [one for one in found if one.head == head]


async def test_a_visit_on_the_day_closes_it_with_the_visit_as_the_reason() -> None:
    await promised()
    made = await log(await who_is(HOANG), UONG, met_at=on(3))
    assert await state() == []
    [closed] = await state("closed")
    assert (closed.closed_why, closed.kept_by) == ("visited", made.id)
    assert (closed.closed_by, closed.late) == (HOANG.name, 0)
    assert await how_many("follow_up.close") == 0


async def test_a_visit_before_the_day_leaves_it_open() -> None:
    await promised()
    await log(await who_is(HAN), UONG, met_at=on(4))
    [still] = await state()
    assert (still.late, still.attempts) == (3, 0)


async def test_a_door_that_stays_shut_is_an_attempt_more() -> None:
    await promised()
    for days_ago in (3, 1):
        await log(await who_is(HAN), UONG, met="absent", met_at=on(days_ago))
    [still] = await state()
    assert (still.attempts, still.last_attempt_on, still.late) == (2, day(1), 3)
    await note_attempt(await who_is(HAN), still.id, AttemptForm(due_on=clock.today(), version=1))
    [still] = await state()
    assert (still.attempts, still.last_attempt_on) == (3, clock.today())


async def test_a_door_that_stays_shut_with_another_day_agrees_it_anew() -> None:
    await promised()
    made = await log(
        await who_is(HAN), UONG, met="absent", met_at=on(2), follow_up_on=clock.today()
    )
    [now] = await state()
    assert (now.visit, now.due_on, now.attempts) == (made.id, clock.today(), 1)
    [before] = await state("closed")
    assert (before.closed_why, before.kept_by) == ("again", made.id)


async def test_who_was_sent_on_is_not_helped_by_a_visit() -> None:
    await promised(follow_up_referral="bank")
    await log(await who_is(HAN), UONG, met_at=on(1))
    assert [one.referral for one in await state()] == ["bank"]


@pytest.mark.parametrize("way", ["page", "sync", "paper", "api", "batch"])
async def test_any_way_in_closes_it(way: str) -> None:
    await promised()
    han = await who_is(HAN)
    if way == "batch":
        record = await as_record(UONG)
        synced = await take_batch(han, SyncForm(visits=[record]))
        assert synced.results[0].status == "created"
    else:
        await log_visit(han, await told(UONG), way)
    assert await state() == []


async def test_paper_typed_in_at_the_page_closes_it() -> None:
    await promised()
    async with await visit(HAN) as han:
        page = (await han.get("/visits/transcription")).text
        number = page.split('name="id-1" value="')[1].split('"')[0]
        line = {
            "team": str(await id_of(BINH_HOA)),
            "performed_by": str(await id_of(HOANG.name)),
            "id-1": number,
            "household-1": "HN-012",
            "day-1": f"{day(1):%d/%m/%Y}",
            "met-1": "met",
            "consent-1": "consent",
            "supports-1": "1t",
        }
        answer = await han.post("/visits/transcription", line)
    assert answer.status_code == 303, answer.text
    [closed] = await state("closed")
    assert closed.closed_by == HOANG.name


@pytest.mark.parametrize("order", list(permutations(range(4))))
async def test_the_order_of_arrival_does_not_matter(order: tuple[int, ...]) -> None:
    said: list[dict[str, Any]] = [
        {"met_at": on(9), "follow_up_on": day(6)},
        {"met_at": on(6), "met": "absent", "follow_up_on": day(4)},
        {"met_at": on(4), "met": "refused"},
        {"met_at": on(3)},
    ]
    forms = [await told(UONG, **one) for one in said]
    for index in order:
        await log_visit(await who_is(HAN), forms[index], "sync")
    assert await state() == []
    assert sorted(one.closed_why for one in await state("closed")) == ["again", "visited"]
    assert await wrong_promises() == []


async def test_a_call_that_brings_the_promise_and_the_visit_that_keeps_it() -> None:
    forms = [await told(UONG, met_at=on(8), follow_up_on=day(5)), await told(UONG, met_at=on(2))]
    await log_visits(await who_is(HAN), forms, "sync")
    assert await state() == []


async def test_a_withdrawn_visit_keeps_nothing() -> None:
    await promised()
    made = await log(await who_is(HAN), UONG, met_at=on(1))
    await withdraw_visit(await who_is(HAN), made.id, WithdrawForm(why="Ghi nhầm hộ", version=1))
    [still] = await state()
    assert (still.late, still.kept_by) == (3, None)


async def test_a_visit_moved_before_the_day_keeps_nothing() -> None:
    await promised()
    han = await who_is(HAN)
    made = await log(han, UONG, met_at=on(1))
    await edit_visit(han, made.id, mended(met_at=on(5)))
    assert len(await state()) == 1
    await edit_visit(han, made.id, mended(version=2, met_at=on(3)))
    assert await state() == []


async def test_what_was_closed_by_hand_stays_closed() -> None:
    await promised()
    [one] = await state()
    await close_follow_up(await who_is(HAN), one.id, CloseForm(reason="done", version=1))
    made = await log(await who_is(HAN), UONG, met_at=on(1))
    await withdraw_visit(await who_is(HAN), made.id, WithdrawForm(why="Ghi nhầm hộ", version=1))
    [closed] = await state("closed")
    assert (closed.closed_why, closed.kept_by) == ("done", None)


async def test_merging_lets_the_other_visit_keep_it_and_undoing_lets_it_stand_again() -> None:
    await promised()
    await log(await who_is(HAN), QUYNH, met_at=on(1))
    tam, gone = await who_is(TAM), await id_of(UONG)
    before = await run("SELECT id, due_on, closed_at FROM follow_up ORDER BY id")
    await merge_households(tam, await id_of(QUYNH), MergeForm(gone=gone))
    assert await state(head=QUYNH) == []
    await undo_merge(tam, gone)
    assert len(await state()) == 1
    assert await run("SELECT id, due_on, closed_at FROM follow_up ORDER BY id") == before


async def test_editing_moves_the_day_and_leaves_who_sees_to_it() -> None:
    made = await promised(days_ago=2, due=-3)
    [one] = await state()
    form = ReassignForm(assignee=await id_of(HOANG.name), version=1)
    await reassign_follow_up(await who_is(HAN), one.id, form)
    han, later = await who_is(HAN), day(-8)
    await edit_visit(han, made, mended(met_at=on(2), follow_up_on=later))
    [moved] = await state()
    assert (moved.id, moved.due_on, moved.assignee_name) == (one.id, later, HOANG.name)
    await edit_visit(han, made, mended(version=2, met_at=on(2)))
    [ended] = await state("closed")
    assert (ended.id, ended.closed_why) == (one.id, "changed")
    async with await visit(HAN) as page:
        assert "Lượt hỗ trợ đã được sửa" in (await page.get(f"/visits/{made}")).text


async def test_home_list_and_card_tell_the_same_days() -> None:
    await promised(due=4)
    await promised(due=-2, head=HY)
    async with await visit(HAN) as han:
        home, overdue = (await han.get("/")).text, (await han.get("/follow-ups?show=overdue")).text
        card = (await han.get(f"/households/{await id_of(UONG)}")).text
        for page in (home, overdue, card):
            assert "Quá hạn 4 ngày" in page
        assert HY not in overdue
        await log(await who_is(HAN), UONG)
        for path in ("/", "/follow-ups?show=open", f"/households/{await id_of(UONG)}"):
            assert "Quá hạn 4 ngày" not in (await han.get(path)).text
    home_now = await find_household(await who_is(HAN), await id_of(UONG))
    assert home_now.last_met_on == clock.today()
