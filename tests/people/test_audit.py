"""The log: every act has a sentence, and each reader finds the lines of the own area."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from demo.cast import HOA, SEN, TAM
from kit import clock
from kit.database import value
from kit.settings import ROOT
from people.accounts.commands import lock_account
from people.audit.commands import record_view
from people.audit.queries import AuditFilter, AuditShown, list_audit
from people.audit.words import ACTIONS
from tests.accounts import account_of
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
ROOMS = ("people", "places", "teams", "sessions", "reports", "demo")


def acts_of(file: Path) -> set[str]:
    """The acts that a file records, as far as it spells them out."""
    tree = ast.parse(file.read_text("utf-8"))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
    ours = [c for c in calls if getattr(c.func, "id", "") in ("record", "record_view")]
    texts = {
        part.value
        for call in ours
        for argument in call.args[1:2]
        for part in ast.walk(argument)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }
    named = {
        part.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "action"
        for part in ast.walk(node.value)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }
    return {text for text in texts | named if "." in text.strip(".")}


async def test_every_act_that_the_code_records_has_a_sentence() -> None:
    files = [f for room in ROOMS for f in (ROOT / room).rglob("*.py")]
    acts = set().union(*(acts_of(file) for file in files))
    assert {"account.lock", "team.found", "member.add"} <= acts
    assert sorted(acts - set(ACTIONS)) == []


async def lines(player: object, **asked: object) -> list[AuditShown]:
    """What a player reads in the log."""
    found, _ = await list_audit(
        await who_is(player),  # type: ignore[arg-type]
        AuditFilter.model_validate(asked),
    )
    return found


async def lock(name: str) -> None:
    """Tâm locks somebody's account."""
    await lock_account(await who_is(TAM), await account_of(await id_of(name)), locked=True)


async def test_hoa_reads_what_tam_did_in_words() -> None:
    await lock("Hồ Minh Hoàng")
    found = await lines(HOA, who="le minh tam", action="account.lock", subject="minh hoang")
    assert [(line.sentence, line.doer) for line in found] == [
        ("Khóa tài khoản: Hồ Minh Hoàng", "Lê Minh Tâm")
    ]


async def test_sen_reads_the_lines_of_binh_lang_alone() -> None:
    await lock("Hồ Minh Hoàng")
    await lock("Trần Thị Ngọc Trâm")
    found = [line.sentence for line in await lines(SEN, action="account.lock")]
    assert found == ["Khóa tài khoản: Trần Thị Ngọc Trâm"]


async def test_changes_are_shown_with_names_and_days() -> None:
    found = await lines(HOA, action="team.found", subject="to cnscd ap 1")
    changes = {field: after for field, _, after in found[0].changes}
    assert changes["Địa bàn"] == "Ấp 1"
    assert changes["Ngày thành lập"] == "10/10/2024"


async def test_days_are_those_of_viet_nam_and_both_included() -> None:
    today = clock.today()
    assert await lines(HOA, since=today, until=today)
    assert not await lines(HOA, until=today - timedelta(days=1))
    assert not await lines(HOA, since=today + timedelta(days=1))


async def test_the_log_goes_on_where_it_stopped() -> None:
    hoa = await who_is(HOA)
    first, after = await list_audit(hoa, AuditFilter(), limit=5)
    second, _ = await list_audit(hoa, AuditFilter(after=after), limit=5)
    both, _ = await list_audit(hoa, AuditFilter(), limit=10)
    assert [*first, *second] == both


async def test_a_look_at_a_list_is_written_once_a_day() -> None:
    sen, count = await who_is(SEN), "SELECT count(*) FROM audit_line WHERE action = 'member.list'"
    for _ in range(2):
        await record_view(sen, "member.list", "Tổ CNSCĐ ấp 1", "/1/")
    assert await value(count) == 1
    await record_view(sen, "member.list", "Tổ CNSCĐ ấp 2", "/1/")
    with clock.frozen(clock.now() + timedelta(days=1)):
        await record_view(sen, "member.list", "Tổ CNSCĐ ấp 1", "/1/")
    assert await value(count) == 3


async def test_a_wrong_day_gets_a_sentence() -> None:
    async with await visit(HOA) as hoa:
        answer = await hoa.get("/audit?since=yesterday")
        assert answer.status_code == 422
        assert "since-wrong" in answer.text
