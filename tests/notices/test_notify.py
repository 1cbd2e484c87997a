"""Somebody is told: once, in the transaction of what is told, by the ways they want."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from demo.cast import HAN, HOANG
from kit import clock, i18n
from kit.clock import LOCAL
from kit.database import run, transaction, value
from kit.settings import settings
from notices.commands import notify
from notices.kinds import offer_kind
from notices.words import Word, Words, say_words
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world", "by_mail")]
DAY = datetime(2026, 11, 25, 9, 0, tzinfo=LOCAL)
NIGHT = datetime(2026, 11, 25, 22, 0, tzinfo=LOCAL)
WORDS = Words("Home", "Day", {"day": date(2026, 11, 26)})
KIND = offer_kind("test.thing", "Home")
LOUD = offer_kind("test.loud", "Home", quiet=False)


@pytest.fixture
def by_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mail is set up; nothing is sent here."""
    monkeypatch.setattr(settings(), "smtp_url", "smtp://127.0.0.1:9")


async def with_mail(name: str) -> UUID:
    """A person who has an address."""
    person = await id_of(name)
    await run("UPDATE person SET email = {} WHERE id = {}", "ai@toso.test", person)
    return person


async def ways(person: UUID) -> list[tuple[str, str]]:
    """The deliveries to a person: way and state."""
    found = await run(
        "SELECT d.channel, d.state FROM delivery d JOIN notice n ON n.id = d.notice"
        " WHERE n.person = {} ORDER BY d.channel",
        person,
    )
    return [(row["channel"], row["state"]) for row in found]


async def test_han_is_told_once_however_often_it_is_called() -> None:
    han = await with_mail(HAN.name)
    with clock.frozen(DAY):
        told = [await notify([han], KIND.key, "a", "1", WORDS, "/teams") for _ in range(3)]
        told.append(await notify([han, han], KIND.key, "a", "2", WORDS, "/teams"))
    assert told == [1, 0, 0, 1]
    assert await ways(han) == [("email", "waiting")] * 2 + [("page", "sent")] * 2


async def test_three_at_once_tell_everybody_once() -> None:
    both = [await with_mail(HAN.name), await with_mail(HOANG.name)]
    calls = [notify(order, KIND.key, "a", "", WORDS, "/") for order in (both, both[::-1], both)]
    assert sum(await asyncio.gather(*calls)) == 2
    assert await value("SELECT count(*) FROM notice") == 2


async def test_who_rolls_back_has_told_nobody() -> None:
    han = await with_mail(HAN.name)

    async def tell_and_fail() -> None:
        async with transaction():
            await notify([han], KIND.key, "a", "", WORDS, "/")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await tell_and_fail()
    assert await value("SELECT count(*) FROM notice") == 0
    assert await value("SELECT count(*) FROM delivery") == 0


async def test_who_has_no_address_finds_it_in_the_inbox_alone() -> None:
    hoang = await id_of(HOANG.name)
    await notify([hoang], KIND.key, "a", "", WORDS, "/")
    assert await ways(hoang) == [("page", "sent")]


async def test_without_a_mail_server_no_mail_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "smtp_url", "")
    han = await with_mail(HAN.name)
    await notify([han], KIND.key, "a", "", WORDS, "/")
    assert await ways(han) == [("page", "sent")]


async def test_at_night_mail_waits_for_the_morning_unless_it_is_urgent() -> None:
    han = await with_mail(HAN.name)
    with clock.frozen(NIGHT):
        await notify([han], KIND.key, "a", "", WORDS, "/")
        await notify([han], LOUD.key, "a", "", WORDS, "/")
    due = [
        row["next_at"]
        for row in await run(
            "SELECT next_at FROM delivery WHERE channel = 'email' ORDER BY next_at"
        )
    ]
    assert due == [NIGHT, datetime(2026, 11, 26, 6, 30, tzinfo=LOCAL)]


async def test_an_unknown_kind_and_a_foreign_link_are_faults() -> None:
    han = await id_of(HAN.name)
    with pytest.raises(KeyError):
        await notify([han], "no.such", "a", "", WORDS, "/")
    with pytest.raises(ValueError, match="elsewhere"):
        await notify([han], KIND.key, "a", "", WORDS, "//elsewhere.test")
    with pytest.raises(ValueError, match="fax"):
        offer_kind("test.fax", "Home", ("fax",))


async def test_a_notice_is_said_in_the_language_of_its_reader() -> None:
    packed = Words(
        "%(num)s member leaves with it. The history stays.",
        "Belongs to",
        {"num": 3, "role": Word("team leader"), "at": DAY},
        "%(num)s members leave with it. The history stays.",
    ).packed()
    token = i18n.language.set("en")
    assert say_words(packed).title == "3 members leave with it. The history stays."
    i18n.language.set("vi")
    said = say_words(packed)
    i18n.language.reset(token)
    assert said.title.startswith("3 ")
    assert said.body == "Thuộc"


CALLS = st.lists(
    st.tuples(
        st.sets(st.integers(0, 2), min_size=1),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["", "1"]),
    ),
    max_size=8,
)


@settings_of(max_examples=25)
@given(calls=CALLS)
async def test_any_calls_leave_one_notice_a_key(
    calls: list[tuple[set[int], str, str]],
) -> None:
    await run("DELETE FROM notice")
    names = (HAN.name, HOANG.name, "Cao Thị Ánh")
    persons = [await id_of(name) for name in names]
    tasks = [
        notify([persons[i] for i in sorted(who)], KIND.key, subject, slot, WORDS, "/")
        for who, subject, slot in calls
    ]
    told = sum(await asyncio.gather(*tasks))
    keys = {(subject, slot, i) for who, subject, slot in calls for i in who}
    assert told == len(keys)
    assert await value("SELECT count(*) FROM notice") == len(keys)
    assert await value("SELECT count(*) FROM delivery WHERE channel = 'page'") == len(keys)
