"""Taking marks back: ten seconds without a word, later with a reason, never a deletion."""

from __future__ import annotations

from datetime import timedelta

import pytest

from demo.cast import NGHI, SEN, TAM, TOAN
from kit import clock
from kit.database import value
from kit.errors import Forbidden, NotFound, Refused
from sessions.attendance.commands import mark_rest
from sessions.attendance.forms import UndoForm
from sessions.attendance.undoing import undo_marks
from tests.sessions.classroom import AN, ANH, HOANG_M, a_classroom, ledger, mark, states
from tests.teams.lookups import how_many
from tests.visitor import who_is

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
LATER = timedelta(seconds=16)


async def by_nonce(nonce: str, reason: str = "") -> UndoForm:
    return UndoForm.model_validate({"nonce": nonce, "reason": reason})


async def test_the_first_mark_taken_back_is_not_taken() -> None:
    room, nghi = await a_classroom(), await who_is(NGHI)
    made = await mark(nghi, room, ANH)
    assert await undo_marks(nghi, room.meeting, await by_nonce(made.nonce)) == 1
    assert await undo_marks(nghi, room.meeting, await by_nonce(made.nonce)) == 0
    assert (await states(room))[ANH] is None
    assert await ledger(room, ANH) == ["cleared", "present"]
    assert await how_many("attendance.undo") == 1


async def test_a_correction_taken_back_is_the_state_before() -> None:
    room, nghi = await a_classroom(), await who_is(NGHI)
    await mark(nghi, room, ANH, "late", minutes=20)
    made = await mark(nghi, room, ANH, "unexcused")
    await undo_marks(nghi, room.meeting, await by_nonce(made.nonce))
    assert await ledger(room, ANH) == ["late", "unexcused", "late"]
    assert await value("SELECT minutes FROM mark ORDER BY marked_at DESC LIMIT 1") == 20


async def test_after_ten_seconds_a_reason_is_asked() -> None:
    room, nghi = await a_classroom(), await who_is(NGHI)
    made = await mark(nghi, room, ANH)
    with clock.frozen(clock.now() + LATER):
        with pytest.raises(Refused) as refused:
            await undo_marks(nghi, room.meeting, await by_nonce(made.nonce))
        assert "reason" in refused.value.fields
        form = await by_nonce(made.nonce, "Chạm nhầm dòng")
        assert await undo_marks(nghi, room.meeting, form) == 1
    assert await ledger(room, ANH) == ["cleared", "present"]


async def test_another_ones_mark_asks_a_reason_at_once() -> None:
    room, nghi, tam = await a_classroom(), await who_is(NGHI), await who_is(TAM)
    made = await mark(tam, room, ANH)
    with pytest.raises(Refused):
        await undo_marks(nghi, room.meeting, await by_nonce(made.nonce))


async def test_the_rest_taken_back_leaves_who_was_marked_before_and_since() -> None:
    room, nghi = await a_classroom(), await who_is(NGHI)
    await mark(nghi, room, ANH, "excused")
    number, instant = await mark_rest(nghi, room.meeting)
    await mark(nghi, room, AN, "late")
    assert number == 2
    assert await undo_marks(nghi, room.meeting, UndoForm(at=instant)) == 1
    assert await states(room) == {AN: "late", ANH: "excused", HOANG_M: None}


async def test_one_takes_back_only_what_is_there_and_within_reach() -> None:
    room, nghi = await a_classroom(), await who_is(NGHI)
    made = await mark(nghi, room, ANH)
    with pytest.raises(NotFound):
        await undo_marks(nghi, room.meeting, UndoForm(at=clock.now()))
    with pytest.raises(NotFound):
        await undo_marks(await who_is(SEN), room.meeting, await by_nonce(made.nonce))
    with pytest.raises(Forbidden):
        await undo_marks(await who_is(TOAN), room.meeting, await by_nonce(made.nonce))


async def test_what_is_locked_is_taken_back_by_a_coordinator_only() -> None:
    room = await a_classroom(day=clock.today() - timedelta(days=9))
    nghi, tam = await who_is(NGHI), await who_is(TAM)
    made = await mark(tam, room, ANH, reason="Theo danh sách ký")
    with pytest.raises(Refused):
        await undo_marks(nghi, room.meeting, await by_nonce(made.nonce, "Chạm nhầm"))
    assert await undo_marks(tam, room.meeting, await by_nonce(made.nonce)) == 1
