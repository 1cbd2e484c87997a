"""The log of what went to whom, the dead letters in it, and what a person wants by mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from uuid import UUID

import pytest

from demo.cast import HAN, HOA, HOANG, SEN, TAM
from kit.database import run, value
from notices.choices.commands import TRIAL
from notices.commands import notify
from notices.hours import QuietHours, find_quiet_hours
from notices.sending import send_deliveries
from notices.words import Words
from places.settings.commands import FIELDS
from places.settings.queries import read_settings, settings_stamp
from tests.mailbox import Mailbox, mailbox
from tests.queries import few_queries
from tests.visitor import visit
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server on loopback."""
    with mailbox(monkeypatch) as served:
        yield served


async def tell(name: str) -> UUID:
    """Tell a person who has an address; the mail."""
    person = await id_of(name)
    await run("UPDATE person SET email = 'ai@toso.test' WHERE id = {}", person)
    await notify([person], TRIAL.key, "thing", "", Words("Settings changed"), "/teams")
    found = await value("SELECT id FROM delivery WHERE channel = 'email'")
    return UUID(str(found))


async def dead(box: Mailbox) -> UUID:
    """Mail to Hân that the server refused for good."""
    mail = await tell(HAN.name)
    box.answer = lambda stage, _: "550 no such user" if stage == "RCPT" else ""
    assert await send_deliveries() == "dead 1"
    box.answer = lambda *_: ""
    return mail


async def lines(action: str) -> int:
    """How many lines of an act are in the log."""
    return int(await value("SELECT count(*) FROM audit_line WHERE action = {}", action))


async def state() -> str:
    """The state of the one mail."""
    return str(await value("SELECT state FROM delivery WHERE channel = 'email'"))


async def test_tam_sees_the_dead_letter_with_its_reason_and_sends_it_again(box: Mailbox) -> None:
    mail = await dead(box)
    async with await visit(TAM) as tam:
        await tam.get("/notices/deliveries")
        with few_queries():
            shown = (await tam.get("/notices/deliveries?state=dead")).text
        assert "Máy chủ thư trả lời: 550 no such user" in shown
        for _ in range(2):
            answer = await tam.post(f"/notices/deliveries/{mail}/resending")
            assert answer.status_code == 303
        assert await send_deliveries() == "sent 1"
        assert (await tam.post(f"/notices/deliveries/{mail}/resending")).status_code == 303
        assert (await tam.post(f"/notices/deliveries/{mail}/dropping")).status_code == 409
    assert box.to == ["ai@toso.test"]
    assert await lines("delivery.resend") == 1
    assert await lines("delivery.view") == 1


async def test_tam_drops_it_and_it_stays_so(box: Mailbox) -> None:
    mail = await dead(box)
    async with await visit(TAM) as tam:
        for _ in range(2):
            assert (await tam.post(f"/notices/deliveries/{mail}/dropping")).status_code == 303
        assert (await tam.post(f"/notices/deliveries/{mail}/resending")).status_code == 409
    assert await send_deliveries() == ""
    assert await state() == "dropped"
    assert await lines("delivery.drop") == 1


async def test_sen_sees_nothing_of_other_communes_and_han_no_log_at_all(box: Mailbox) -> None:
    mail = await dead(box)
    async with await visit(SEN) as sen:
        assert HAN.name not in (await sen.get("/notices/deliveries")).text
        assert (await sen.post(f"/notices/deliveries/{mail}/resending")).status_code == 404
    async with await visit(HAN) as han:
        assert (await han.get("/notices/deliveries")).status_code == 403
        assert (await han.post(f"/notices/deliveries/{mail}/dropping")).status_code == 403
    assert await state() == "dead"


@pytest.mark.usefixtures("box")
async def test_what_han_does_not_want_by_mail_is_not_sent_and_what_waits_is_dropped() -> None:
    await tell(HAN.name)
    async with await visit(HAN) as han:
        assert "checked" in (await han.get("/me/notices")).text
        for _ in range(2):
            assert (await han.post("/me/notices", {"email": "something.else"})).status_code == 303
        assert await state() == "dropped"
        await notify([await id_of(HAN.name)], TRIAL.key, "other", "", Words("Day"), "/")
        assert await value("SELECT count(*) FROM delivery WHERE channel = 'email'") == 1
        assert (await han.post("/me/notices", {"email": TRIAL.key})).status_code == 303
    await notify([await id_of(HAN.name)], TRIAL.key, "third", "", Words("Day"), "/")
    assert await value("SELECT count(*) FROM delivery WHERE channel = 'email'") == 2
    assert await lines("notice.choose") == 2


async def test_han_tries_whether_mail_reaches_her(box: Mailbox) -> None:
    async with await visit(HAN) as han:
        refused = await han.post("/me/notices/trial")
        assert refused.status_code == 422
        assert "Bạn chưa có địa chỉ thư điện tử" in refused.text
        await run("UPDATE person SET email = 'han@toso.test' WHERE name = {}", HAN.name)
        assert (await han.post("/me/notices/trial")).status_code == 303
    await send_deliveries()
    assert box.letters[0]["Subject"] == "Thư thử đã đến"


async def test_without_a_mail_server_the_trial_is_refused() -> None:
    async with await visit(HOANG) as hoang:
        assert (await hoang.post("/me/notices/trial")).status_code == 422


async def test_hoa_sets_the_quiet_hours_and_a_time_that_is_none_is_refused() -> None:
    now = await read_settings()
    form = {field: now[key] for field, key in FIELDS.items()} | {"stamp": await settings_stamp()}
    async with await visit(HOA) as hoa:
        wrong = await hoa.post("/settings", form | {"quiet_from": "25:00"})
        assert wrong.status_code == 422
        assert "Nhập giờ dạng 21:00." in wrong.text
        assert (await hoa.post("/settings", form | {"quiet_from": "22:15"})).status_code == 303
    assert await find_quiet_hours() == QuietHours(time(22, 15), time(6, 30))


async def test_a_notice_in_the_app_that_nobody_can_read_is_not_called_sent() -> None:
    for name in (HAN.name, "Bùi Văn An"):
        words = Words("Settings changed")
        await notify([await id_of(name)], TRIAL.key, "thing", "", words, "/teams")
    async with await visit(TAM) as tam:
        read = (await tam.get("/notices/deliveries?q=han")).text
        unread = (await tam.get("/notices/deliveries?q=bui+van+an")).text
    assert "Đã gửi</span>" in read
    assert "Không xem được" not in read
    assert "Không xem được" in unread
    assert "Đã gửi</span>" not in unread
