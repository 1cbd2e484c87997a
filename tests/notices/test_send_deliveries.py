"""Mail leaves through a real server: once, in Vietnamese, again when it failed, never at night."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.cast import HAN, HOANG, SEN
from kit import clock
from kit.clock import LOCAL
from kit.database import run, value
from kit.settings import settings
from notices.commands import notify
from notices.hours import MOST_ATTEMPTS, WAITS, QuietHours, find_quiet_hours, next_try
from notices.kinds import offer_kind
from notices.mail import POLICY
from notices.sending import LEASE, claim_due, send_deliveries
from notices.words import Words
from tests.mailbox import Mailbox, mailbox
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
DAY = datetime(2026, 11, 25, 9, 0, tzinfo=LOCAL)
KIND = offer_kind("test.thing", "Home")
LOUD = offer_kind("test.loud", "Home", quiet=False)
WORDS = Words("Day of decision", "Settings changed")


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server on loopback."""
    with mailbox(monkeypatch) as served:
        yield served


async def tell(*names: str, kind: str = KIND.key) -> list[UUID]:
    """Tell persons who have an address each."""
    persons = [await id_of(name) for name in names]
    for number, person in enumerate(persons):
        await run("UPDATE person SET email = {} WHERE id = {}", f"{number}@toso.test", person)
    await notify(persons, kind, "thing", "", WORDS, "/teams")
    return persons


async def state() -> tuple[str, int, str]:
    """The state, the tries and the result of the one mail."""
    found = await run("SELECT state, attempts, result FROM delivery WHERE channel = 'email'")
    assert len(found) == 1
    return found[0]["state"], found[0]["attempts"], found[0]["result"]


def part(letter: EmailMessage, kind: str) -> str:
    """A part of a letter as text."""
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())


async def test_the_letter_is_vietnamese_in_text_and_html(box: Mailbox) -> None:
    with clock.frozen(DAY):
        await tell(HAN.name)
        assert await send_deliveries() == "sent 1"
        assert await send_deliveries() == ""
    (letter,) = box.letters
    assert letter["Subject"] == "Ngày quyết định"
    assert letter["To"] == f"{HAN.name} <0@toso.test>"
    assert letter["From"].addresses[0].addr_spec == "so@toso.test"
    assert letter["List-Unsubscribe"] == "<http://so.test/me/notices>"
    for kind in ("plain", "html"):
        text = part(letter, kind)
        assert HAN.name in text
        assert "Thay đổi cài đặt" in text or "cài đặt" in text.lower()
        assert "http://so.test/teams" in text
    assert await state() == ("sent", 1, "250")


async def test_who_cannot_sign_in_gets_no_link_that_asks_for_it(box: Mailbox) -> None:
    with clock.frozen(DAY):
        await tell("Bùi Văn An")
        await send_deliveries()
    (letter,) = box.letters
    assert letter["List-Unsubscribe"] is None
    for kind in ("plain", "html"):
        assert "Bùi Văn An" in part(letter, kind)
        assert "http" not in part(letter, kind)


async def test_an_english_reader_gets_english(box: Mailbox) -> None:
    await run("UPDATE account SET language = 'en'")
    with clock.frozen(DAY):
        await tell(HAN.name)
        await send_deliveries()
    assert box.letters[0]["Subject"] == "Day of decision"
    assert "Settings changed" in part(box.letters[0], "plain")


async def test_two_sweeps_at_once_send_each_letter_once(box: Mailbox) -> None:
    with clock.frozen(DAY):
        await tell(HAN.name, HOANG.name, SEN.name)
        await asyncio.gather(send_deliveries(), send_deliveries(), send_deliveries())
    assert box.to == ["0@toso.test", "1@toso.test", "2@toso.test"]


async def test_a_server_that_is_busy_is_tried_again_and_then_given_up(box: Mailbox) -> None:
    box.answer = lambda stage, _: "451 later" if stage == "DATA" else ""
    now = DAY
    with clock.frozen(now):
        await tell(HAN.name, kind=LOUD.key)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        with clock.frozen(now):
            await send_deliveries()
            assert await send_deliveries() == ""
        assert (await state())[:2] == ("dead" if attempt == MOST_ATTEMPTS else "waiting", attempt)
        if attempt <= len(WAITS):
            now += WAITS[attempt - 1]
    assert (await state())[2] == "SMTPException 451 later"
    with clock.frozen(now + timedelta(days=1)):
        assert await send_deliveries() == ""


async def test_it_goes_out_once_the_server_is_back(
    box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "smtp_url", "smtp://127.0.0.1:9")
    with clock.frozen(DAY):
        await tell(HAN.name)
        assert await send_deliveries() == "again 1"
    assert (await state())[2].startswith("ConnectionRefusedError")
    monkeypatch.setattr(settings(), "smtp_url", box.url)
    with clock.frozen(DAY + WAITS[0] - timedelta(seconds=1)):
        assert await send_deliveries() == ""
    with clock.frozen(DAY + WAITS[0]):
        assert await send_deliveries() == "sent 1"
    assert await state() == ("sent", 2, "250")


async def test_a_mailbox_that_does_not_exist_is_not_tried_again(box: Mailbox) -> None:
    box.answer = lambda stage, to: "550 no such user" if (stage, to[0]) == ("RCPT", "0") else ""
    with clock.frozen(DAY):
        await tell(HAN.name, HOANG.name)
        assert await send_deliveries() == "dead 1, sent 1"
    assert box.to == ["1@toso.test"]
    assert await value("SELECT result FROM delivery WHERE state = 'dead'") == "550 no such user"


async def test_an_address_that_is_none_and_one_that_went_away_hold_nobody_up(box: Mailbox) -> None:
    with clock.frozen(DAY):
        han, hoang, _ = await tell(HAN.name, HOANG.name, SEN.name)
        await run("UPDATE person SET email = 'không có' WHERE id = {}", han)
        await run("UPDATE person SET email = NULL WHERE id = {}", hoang)
        assert await send_deliveries() == "dead 1, dropped 1, sent 1"
    assert box.to == ["2@toso.test"]


@pytest.mark.parametrize(
    "address", ["a@b..vn", "a@b.vn.", "(a@b.vn", "<a@b.vn", "a@[b.vn", "a,b@c.vn", "ấp@xã.vn"]
)
async def test_an_address_that_no_server_takes_holds_nobody_up(box: Mailbox, address: str) -> None:
    with clock.frozen(DAY):
        han, _ = await tell(HAN.name, SEN.name)
        await run("UPDATE person SET email = {} WHERE id = {}", address, han)
        assert await send_deliveries() == "dead 1, sent 1"
    assert box.to == ["1@toso.test"]


async def test_a_letter_that_cannot_be_written_is_tried_again_and_holds_nobody_up(
    box: Mailbox,
) -> None:
    with clock.frozen(DAY):
        han, sen = await tell(HAN.name, SEN.name)
        broken = Words("%(missing)s", values={"other": 1}).packed()
        await run("UPDATE notice SET words = {} WHERE person = {}", broken, han)
        assert await send_deliveries() == "again 1, sent 1"
    assert box.to == ["1@toso.test"]
    told = "SELECT d.result FROM delivery d JOIN notice n ON n.id = d.notice WHERE n.person = {}"
    assert await value(told + " AND d.channel = 'email'", han) == "fault KeyError"
    assert await value(told + " AND d.channel = 'email'", sen) == "250"


async def test_nothing_leaves_at_night_even_what_was_due_before(box: Mailbox) -> None:
    with clock.frozen(DAY.replace(hour=20, minute=59)):
        await tell(HAN.name)
        await tell(HOANG.name, kind=LOUD.key)
    for night in (
        DAY.replace(hour=21),
        DAY.replace(hour=23),
        DAY + timedelta(hours=21, minutes=29),
    ):
        with clock.frozen(night):
            await send_deliveries()
        assert len(box.letters) == 1  # the one that cannot wait
    with clock.frozen(DAY + timedelta(hours=21, minutes=30)):
        assert await send_deliveries() == "sent 1"


async def test_who_died_before_the_server_took_it_is_stood_in_for_once(box: Mailbox) -> None:
    with clock.frozen(DAY):
        await tell(HAN.name)
        assert len(await claim_due(UUID(int=1), await find_quiet_hours())) == 1  # and dies
        assert await send_deliveries() == ""
    with clock.frozen(DAY + LEASE):
        assert await send_deliveries() == "sent 1"
        assert await send_deliveries() == ""
    assert len(box.letters) == 1


async def test_who_died_after_the_server_took_it_leaves_a_letter_that_can_be_recognised(
    box: Mailbox,
) -> None:
    with clock.frozen(DAY):
        await tell(HAN.name)
        await send_deliveries()
    await run(
        "UPDATE delivery SET state = 'sending', sent_at = NULL, lease_until = {}, result = ''"
        " WHERE channel = 'email'",
        DAY,
    )  # as if the result had never been written
    with clock.frozen(DAY + timedelta(minutes=1)):
        assert await send_deliveries() == "sent 1"
    first, second = (letter["Message-ID"] for letter in box.letters)
    assert first == second


async def test_whom_it_kills_eight_times_is_given_up(box: Mailbox) -> None:
    now = DAY
    with clock.frozen(now):
        await tell(HAN.name)
    for number in range(MOST_ATTEMPTS):
        with clock.frozen(now):
            assert await claim_due(UUID(int=number + 1), await find_quiet_hours())
        now += LEASE
    with clock.frozen(now):
        await send_deliveries()
    assert box.letters == []
    assert await state() == ("dead", MOST_ATTEMPTS, "lost")


WORDS_OF = (
    *(
        "Kỹ",
        "năng",
        "số",
        "cơ",
        "bản",
        "cho",
        "cán",
        "bộ,",
        "công",
        "chức",
        "cấp",
        "xã",
        "–",
        "lớp",
    ),
    *("lớp", "2", "(đợt", "1)", "trên", "địa", "bàn", "huyện"),
)


@given(st.lists(st.sampled_from(WORDS_OF), min_size=1, max_size=30).map(" ".join))
async def test_a_long_subject_and_a_long_name_keep_their_blanks(text: str) -> None:
    letter = EmailMessage(policy=POLICY)
    letter["Subject"] = text
    letter["To"] = Address(name := text.replace("(", "").replace(")", ""), addr_spec="a@toso.test")
    letter.set_content("x")
    raw = letter.as_bytes()
    assert max(len(line) for line in raw.splitlines()) <= 78
    assert raw.isascii()
    read = message_from_bytes(raw)  # as mailboxes read it, by RFC 2047 alone
    assert str(make_header(decode_header(read["Subject"]))) == text
    assert str(make_header(decode_header(read["To"]))) == f"{name} <a@toso.test>"


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(
    lambda naive: naive.replace(tzinfo=LOCAL)
)
TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))


@given(instant=INSTANTS, since=TIMES, until=TIMES)
async def test_never_within_the_quiet_hours_and_never_later_than_their_end(
    instant: datetime, since: object, until: object
) -> None:
    hours = QuietHours(since, until)  # type: ignore[arg-type]
    due = hours.after(instant)
    assert not hours.holds(due)
    assert instant <= due < instant + timedelta(days=1)
    if due != instant:
        assert hours.holds(instant)
        assert due.astimezone(LOCAL).time() == until
        minutes = int((due - instant).total_seconds() // 60)
        between = (instant + timedelta(minutes=n) for n in range(0, minutes, 7))
        assert all(hours.holds(one) for one in between)


@given(failed_at=INSTANTS, attempts=st.integers(1, 12))
async def test_waits_grow_end_and_keep_the_night(failed_at: datetime, attempts: int) -> None:
    hours = QuietHours(datetime(2026, 1, 1, 21).time(), datetime(2026, 1, 1, 6, 30).time())
    due, loud = next_try(failed_at, attempts, hours), next_try(failed_at, attempts, None)
    if attempts >= MOST_ATTEMPTS:
        assert due is None
        assert loud is None
        return
    assert due is not None
    assert loud is not None
    assert loud - failed_at == WAITS[attempts - 1]
    assert not hours.holds(due)
    assert due >= loud
    assert list(WAITS) == sorted(WAITS)
    assert (WAITS[0], WAITS[-1]) == (timedelta(minutes=1), timedelta(hours=6))
