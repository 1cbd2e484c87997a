"""Follow-ups: agreed at a door, seen to by whoever serves the household today."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from demo.cast import HAN, HOA, HOANG, NGHI, SEN, TAM, TOAN, Player
from kit import clock
from kit.database import value
from kit.errors import Forbidden, NotFound, Refused
from kit.forms import check
from people.permissions import MACHINE, Who
from teams.follow_ups.commands import (
    AddFollowUpForm,
    AttemptForm,
    CloseForm,
    ReassignForm,
    add_follow_up,
    close_follow_up,
    note_attempt,
    reassign_follow_up,
)
from teams.follow_ups.queries import (
    FollowUpFilter,
    count_follow_ups,
    find_follow_up,
    list_follow_ups,
)
from teams.households.commands import assign_household_team
from teams.households.forms import HouseholdTeamForm, MergeForm
from teams.households.merging import merge_households
from teams.memberships.commands import (
    EndForm,
    PositionForm,
    change_position,
    end_membership,
)
from tests.queries import few_queries
from tests.teams.lookups import BINH_LOI, how_many, last_line, spell_of
from tests.teams.visits.doors import HY, ON, QUYNH, UONG, log
from tests.things import a_follow_up
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

WEEK = timedelta(days=7)
Act = Callable[[Who, UUID], Awaitable[object]]


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


async def promised(head: str = UONG, due: int = 3, **more: Any) -> UUID:
    """A follow-up of a visit that Hân made."""
    who = await who_is(HAN) if head != ON else MACHINE
    performer = {} if head != ON else {"performed_by": await id_of("Trần Thị Ngọc Trâm")}
    made = await log(who, head, **performer)
    return UUID(await a_follow_up(made.id, due_on=in_days(due), **more))


async def seen(player: Player, **asked: Any) -> list[str]:
    """The households of the follow-ups a player sees."""
    found, _ = await list_follow_ups(await who_is(player), check(FollowUpFilter, asked))
    return [one.title for one in found]


async def attempt(by: Who, one: UUID) -> None:
    await note_attempt(by, one, AttemptForm(due_on=in_days(7), version=1))


async def give(by: Who, one: UUID) -> None:
    form = ReassignForm(assignee=await id_of(HOANG.name), version=1)
    await reassign_follow_up(by, one, form)


async def close(by: Who, one: UUID) -> None:
    await close_follow_up(by, one, CloseForm(reason="done", version=1))


ACTS: list[tuple[str, Act]] = [("attempt", attempt), ("reassign", give), ("close", close)]
EACH = pytest.mark.parametrize(("action", "act"), ACTS, ids=[name for name, _ in ACTS])


@EACH
async def test_the_leader_does_it_and_one_line_stands_in_the_log(action: str, act: Act) -> None:
    one = await promised()
    await act(await who_is(HAN), one)
    line = await last_line(f"follow_up.{action}")
    assert (line["doer"], line["subject"]) == (HAN.name, one)
    assert UONG not in str(line)


@EACH
async def test_twice_from_one_page_is_once(action: str, act: Act) -> None:
    one, han = await promised(), await who_is(HAN)
    await act(han, one)
    await act(han, one)
    assert await how_many(f"follow_up.{action}") == 1


@EACH
async def test_nobody_beyond_reach_sees_it_and_a_reader_does_nothing(action: str, act: Act) -> None:
    one = await promised()
    with pytest.raises(NotFound):
        await act(await who_is(SEN), one)
    with pytest.raises(Forbidden):
        await act(await who_is(TOAN), one)
    assert await how_many(f"follow_up.{action}") == 0


@EACH
async def test_an_outdated_page_or_a_closed_one_is_told(action: str, act: Act) -> None:
    one, tam = await promised(), await who_is(TAM)
    await close_follow_up(tam, one, CloseForm(reason="moved", version=1))
    with pytest.raises(Refused) as refused:
        await act(await who_is(HAN), one)
    assert refused.value.status == 409
    assert await how_many(f"follow_up.{action}") == (action == "close")


async def test_an_attempt_counts_and_sets_the_next_day() -> None:
    one, han = await promised(due=-4), await who_is(HAN)
    assert (await find_follow_up(han, one)).late == 4
    await note_attempt(han, one, AttemptForm(due_on=in_days(2), version=1))
    await note_attempt(han, one, AttemptForm(due_on=in_days(5), version=2))
    found = await find_follow_up(han, one)
    assert (found.attempts, found.due_on, found.late) == (2, in_days(5), 0)
    assert found.last_attempt_on == clock.today()
    with pytest.raises(Refused) as refused:
        await note_attempt(han, one, AttemptForm(due_on=in_days(-1), version=3))
    assert "due_on" in refused.value.fields


async def test_another_reason_is_written_out_and_holds_no_secret() -> None:
    one, han = await promised(), await who_is(HAN)
    with pytest.raises(Refused) as empty:
        await close_follow_up(han, one, CloseForm(reason="other", version=1))
    assert "why" in empty.value.fields
    with pytest.raises(Refused) as secret:
        check(CloseForm, {"reason": "other", "why": "OTP 123456", "version": "1"})
    assert "why" in secret.value.fields
    form = CloseForm(reason="other", why="Con trai đã làm giúp", version=1)
    await close_follow_up(han, one, form)
    assert (await find_follow_up(han, one)).closed_why == "Con trai đã làm giúp"
    assert await seen(HAN, show="closed") == [UONG]
    assert await seen(HAN, show="open") == []


async def test_only_members_of_the_serving_team_are_given_it() -> None:
    one, han = await promised(), await who_is(HAN)
    form = ReassignForm(assignee=await id_of("Phạm Minh Hoàng"), version=1)
    with pytest.raises(Refused) as refused:
        await reassign_follow_up(han, one, form)
    assert "assignee" in refused.value.fields
    await give(han, one)
    await reassign_follow_up(han, one, ReassignForm(assignee=None, version=2))
    assert (await find_follow_up(han, one)).assignee is None


async def test_a_follow_up_is_agreed_once_a_visit_and_again_when_closed() -> None:
    han = await who_is(HAN)
    made = await log(han, UONG)
    form = AddFollowUpForm(due_on=in_days(10), referral="commune_police")
    one = await add_follow_up(han, made.id, form)
    with pytest.raises(Refused) as refused:
        await add_follow_up(han, made.id, form)
    assert refused.value.status == 409
    await close(han, one)
    await add_follow_up(han, made.id, form)
    assert await how_many("follow_up.add") == 2
    for wrong in ({"due_on": in_days(-1)}, {"due_on": in_days(1), "referral": "vneid_2"}):
        with pytest.raises(Refused):
            await add_follow_up(han, made.id, check(AddFollowUpForm, wrong))
    with pytest.raises(NotFound):
        await add_follow_up(await who_is(SEN), made.id, form)
    with pytest.raises(Forbidden):
        await add_follow_up(await who_is(TOAN), made.id, form)


async def test_the_first_one_comes_with_the_visit() -> None:
    await log(await who_is(HOANG), HY, follow_up_on=in_days(2), follow_up_referral="bank")
    found, _ = await list_follow_ups(await who_is(HAN), FollowUpFilter())
    assert [(one.title, one.referral, one.due_on) for one in found] == [(HY, "bank", in_days(2))]


async def test_overdue_ones_come_first_and_far_ones_only_when_asked_for() -> None:
    for head, due in ((UONG, 3), (QUYNH, -2), (HY, 30)):
        await promised(head, due)
    assert await seen(HAN) == [QUYNH, UONG]
    assert await seen(HAN, show="overdue") == [QUYNH]
    assert await seen(HAN, show="open") == [QUYNH, UONG, HY]
    counts = await count_follow_ups(await who_is(HAN), FollowUpFilter())
    assert (counts.overdue, counts.due, counts.open) == (1, 2, 3)


async def test_each_sees_those_within_reach() -> None:
    await promised(UONG)
    await promised(ON)
    assert await seen(HAN) == await seen(HOANG) == [UONG]
    assert await seen(SEN) == [ON]
    assert sorted(await seen(TAM)) == sorted(await seen(HOA)) == sorted([UONG, ON])
    assert await seen(NGHI) == []
    assert await seen(TAM, area=await id_of("Xã Bình Lãng")) == [ON]
    assert await seen(TAM, team=await id_of("Tổ CNSCĐ khu phố Bình Hòa")) == [UONG]


async def test_mine_are_those_given_to_me_and_for_the_leader_those_of_nobody() -> None:
    await promised(UONG)
    await give(await who_is(HAN), await promised(QUYNH))
    assert await seen(HAN, mine=True) == [UONG]
    assert await seen(HOANG, mine=True) == [QUYNH]


async def test_it_goes_with_the_household_to_another_team() -> None:
    one = await promised()
    await give(await who_is(HAN), one)
    team = await id_of(BINH_LOI)
    form = HouseholdTeamForm(team=team, version=1, on=clock.today())
    await assign_household_team(await who_is(TAM), await id_of(UONG), form)
    found = await find_follow_up(await who_is(TAM), one)
    assert (found.team, found.assignee) == (team, None)
    assert await seen(HAN, show="open") == []
    assert await seen(TAM, team=team) == [UONG]


async def test_what_nobody_was_given_goes_with_the_lead_of_the_team() -> None:
    await promised()
    assert (await seen(HAN, mine=True), await seen(HOANG, mine=True)) == ([UONG], [])
    leads = PositionForm(position="leader", on=clock.today(), version=1)
    await change_position(await who_is(TAM), (await spell_of(HOANG.name)).id, leads)
    assert (await seen(HAN, mine=True), await seen(HOANG, mine=True)) == ([], [UONG])
    assert await seen(HAN) == [UONG]


async def test_what_a_member_had_falls_to_the_leader_when_the_member_leaves() -> None:
    one = await promised()
    await give(await who_is(HAN), one)
    assert await seen(HAN, mine=True) == []
    leaving = EndForm(on=clock.today(), reason="Chuyển đi", version=1)
    await end_membership(await who_is(TAM), (await spell_of(HOANG.name)).id, leaving)
    assert await seen(HAN, mine=True) == [UONG]
    assert (await find_follow_up(await who_is(HAN), one)).assignee_name is None


async def test_pages_show_each_once_the_longest_overdue_first() -> None:
    han = await who_is(HAN)
    made = [await log(han, head, met="absent") for head in (UONG, QUYNH, HY) for _ in range(3)]
    for number, one in enumerate(made):
        await a_follow_up(one.id, due_on=in_days(number % 4 - 3))
    shown, cursor = [], ""
    while True:
        found, cursor = await list_follow_ups(han, FollowUpFilter(after=cursor), 2)
        shown += [(one.due_on, one.id) for one in found]
        if not cursor:
            break
    assert shown == sorted(shown)
    assert len(set(shown)) == len(shown) == 9


async def test_a_withdrawn_visit_has_no_follow_up() -> None:
    han = await who_is(HAN)
    made = await log(han, UONG)
    await value(
        "UPDATE visit SET withdrawn_at = {}, withdrawn_why = 'x' WHERE id = {} RETURNING id",
        *(clock.now(), made.id),
    )
    with pytest.raises(Refused):
        await add_follow_up(han, made.id, AddFollowUpForm(due_on=in_days(1)))


async def test_the_pages_show_the_referral_and_act_with_one_tap() -> None:
    one = await promised(due=-2, referral="bank")
    async with await visit(HAN) as han:
        await han.get("/follow-ups")
        with few_queries():
            page = (await han.get("/follow-ups")).text
        assert UONG in page
        assert "Quá hạn 2 ngày" in page
        assert "Ngân hàng" in page
        with few_queries():
            assert (await han.get(f"/follow-ups/{one}")).status_code == 200
        wrong = {"reason": "other", "why": "mã OTP 123456", "version": "1"}
        refused = await han.post(f"/follow-ups/{one}/closing", wrong)
        assert refused.status_code == 422
        assert "mã OTP 123456" in refused.text
        tap = await han.post(f"/follow-ups/{one}/closing", {"reason": "done", "version": "1"})
        assert tap.headers["location"] == "/follow-ups"
        assert UONG not in (await han.get("/follow-ups?show=open")).text
        assert UONG in (await han.get("/follow-ups?show=closed")).text
    async with await visit(TOAN) as toan:
        assert "/closing" not in (await toan.get("/follow-ups?show=open")).text


@pytest.mark.parametrize(
    ("show", "said"),
    [
        ("due", "Không có hẹn nào đến hạn"),
        ("overdue", "Không có hẹn nào quá hạn"),
        ("open", "Không còn hẹn nào chưa xong"),
    ],
)
async def test_an_empty_list_says_what_there_is_none_of(show: str, said: str) -> None:
    async with await visit(HAN) as han:
        assert said in (await han.get(f"/follow-ups?show={show}")).text


async def test_a_visit_without_a_household_has_follow_ups_too() -> None:
    han = await who_is(HAN)
    made = await log(han, UONG, household=None, place="market")
    await add_follow_up(han, made.id, AddFollowUpForm(due_on=in_days(1)))
    assert await seen(HAN) == await seen(HOANG) == ["Khu phố Bình Hòa"]
    assert await seen(SEN) == []
    assert await seen(TAM) == ["Khu phố Bình Hòa"]


async def test_what_was_merged_twice_is_followed_up_by_whoever_serves_the_last() -> None:
    """Ưởng of Bình Hòa is merged into Quỳnh, and Quỳnh into Được of Ấp 1."""
    tam, duoc = await who_is(TAM), await id_of("Bùi Văn Được")
    one = await promised(UONG, due=0)
    await merge_households(tam, await id_of(QUYNH), MergeForm(gone=await id_of(UONG)))
    await log(await who_is(HAN), QUYNH, met="absent")
    await merge_households(tam, duoc, MergeForm(gone=await id_of(QUYNH)))
    assert await seen(SEN) == ["Bùi Văn Được"]
    assert await seen(HAN) == []
    with pytest.raises(NotFound):
        await find_follow_up(await who_is(HAN), one)
    assert (await find_follow_up(tam, one)).team_name == "Tổ CNSCĐ ấp 1"
    assert (await count_follow_ups(await who_is(SEN), FollowUpFilter())).open == 1
