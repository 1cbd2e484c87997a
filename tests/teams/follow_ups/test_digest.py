"""The leader's morning: one word a day on what is due, nothing when nothing is, no name in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from demo.cast import HAN, HOANG
from kit import clock
from kit.database import run, value
from kit.scheduler import TOO_LATE, run_job
from notices.sending import send_deliveries
from people.permissions import MACHINE
from teams.follow_ups.digest import list_mornings
from teams.follow_ups.jobs import DIGEST
from teams.households.forms import MergeForm
from teams.households.merging import merge_households
from teams.memberships.commands import EndForm, end_membership
from tests.mailbox import Mailbox, mailbox
from tests.queries import few_queries
from tests.teams.lookups import spell_of
from tests.teams.visits.doors import HY, QUYNH, UONG, log, told
from tests.things import a_follow_up
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

TODAY = clock.today()
TOMORROW = TODAY + timedelta(days=1)


def at(hours: float, days: int = 1) -> datetime:
    """A local hour of tomorrow, or of another day."""
    return clock.midnight(TODAY + timedelta(days=days)) + timedelta(hours=hours)


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server on loopback."""
    with mailbox(monkeypatch) as served:
        yield served


async def promise(head: str, days: int) -> None:
    """A visit of Hân's today to a household where nobody was at home, and the day to come back."""
    made = await log(await who_is(HAN), head, met="absent")
    await a_follow_up(made.id, due_on=TODAY + timedelta(days=days))


async def mornings() -> list[str]:
    """Who was told, by name, in the order of telling."""
    found = await run(
        "SELECT p.name FROM notice n JOIN person p ON p.id = n.person"
        " WHERE n.kind = 'visit.morning' ORDER BY n.id"
    )
    return [line["name"] for line in found]


async def run_at(instant: datetime) -> None:
    with clock.frozen(instant):
        await run_job(DIGEST)


async def test_the_leader_is_told_at_seven_how_many_and_finds_the_names_behind_the_link(
    box: Mailbox,
) -> None:
    await run("UPDATE person SET email = 'han@toso.test' WHERE id = {}", await id_of(HAN.name))
    for head, days in ((UONG, 0), (UONG, 1), (QUYNH, 1), (HY, 2)):
        await promise(head, days)
    await run_at(at(7))
    await run_at(at(7.5))
    assert await mornings() == [HAN.name]
    with clock.frozen(at(7.6)):
        assert await send_deliveries() == "sent 1"
    (letter,) = box.letters
    assert letter["Subject"] == "Hôm nay có 2 hộ cần thăm"
    for part in ("plain", "html"):
        body = letter.get_body((part,))
        assert body
        text = body.get_content()
        assert "Hẹn hôm nay: 1. Quá hẹn: 1." in text
        assert not [head for head in (UONG, QUYNH, HY) if head in text]
    async with await visit(HAN) as han:
        assert "Hôm nay có 2 hộ cần thăm" in (await han.get("/notices")).text
        link = await value("SELECT link FROM notice WHERE kind = 'visit.morning'")
        page = await han.get(link)
    assert UONG in page.text
    assert QUYNH in page.text


async def test_nobody_is_told_when_nothing_is_due() -> None:
    await promise(UONG, 2)
    await run_at(at(7))
    assert await mornings() == []
    await run_at(at(7, days=2))
    await run_at(at(7, days=3))
    assert await mornings() == [HAN.name, HAN.name]


async def test_what_was_met_again_closed_or_paused_is_not_owed_any_more() -> None:
    for head in (UONG, QUYNH, HY):
        await promise(head, 0)
    await run("UPDATE follow_up SET closed_at = {}, closed_why = 'done' WHERE household = {}",
              clock.now(), await id_of(QUYNH))  # fmt: skip
    await run(
        "UPDATE household SET muted_since = {}, mute_reason = 'Đi xa' WHERE id = {}",
        *(TODAY, await id_of(HY)),
    )
    later = (await told(UONG)).model_copy(update={"met_at": at(9, days=1)})
    with clock.frozen(at(9.1)):
        await log(MACHINE, UONG, met_at=later.met_at, performed_by=await id_of(HAN.name))
    await run_at(at(7, days=2))
    assert await mornings() == []


async def test_households_merged_one_into_another_are_one_to_visit() -> None:
    await promise(UONG, 0)
    await promise(HY, 0)
    uong, quynh, hy = [await id_of(head) for head in (UONG, QUYNH, HY)]
    await merge_households(MACHINE, quynh, MergeForm(gone=uong))
    await merge_households(MACHINE, hy, MergeForm(gone=quynh))
    assert [one.homes for one in await list_mornings(TODAY)] == [1]


async def test_without_a_leader_the_deputy_is_told() -> None:
    await promise(UONG, 0)
    spell = await spell_of(HAN.name)
    form = EndForm.model_validate({"on": TODAY, "reason": "Nghỉ", "version": spell.version})
    await end_membership(MACHINE, spell.id, form)
    await run_at(at(7))
    assert await mornings() == ["Đoàn Văn Thắng"]


async def test_a_morning_missed_is_made_up_for_by_day_and_dropped_in_the_evening(
    caplog: pytest.LogCaptureFixture,
) -> None:
    await promise(UONG, 0)
    await run_at(at(16.9))
    assert await mornings() == [HAN.name]
    await run_at(at(17.1, days=2))
    await run_at(at(17.2, days=2))
    assert await mornings() == [HAN.name]
    assert [one.message for one in caplog.records if "dropped" in one.message] == ["job dropped"]
    outcomes = await run("SELECT outcome FROM job_run ORDER BY slot")
    assert [line["outcome"] for line in outcomes] == ["told 1", TOO_LATE]


async def test_a_clock_that_jumps_tells_a_morning_once() -> None:
    await promise(UONG, 0)
    for instant in (at(7), at(7, days=3), at(7.2), at(6.9), at(7, days=2), at(7, days=3)):
        await run_at(instant)
    assert await mornings() == [HAN.name] * 3
    slots = await run("SELECT DISTINCT slot FROM notice WHERE kind = 'visit.morning'")
    assert len(slots) == 3


async def test_all_teams_are_asked_in_one_question() -> None:
    for head in (UONG, QUYNH):
        await promise(head, 0)
    await run_at(at(7))
    with clock.frozen(at(7)), few_queries(2):
        await DIGEST.work()
    assert HOANG.name not in await mornings()
