"""The signed words of check-in: taken within their time, refused outside, never another's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from sessions.checkins.passes import (
    GRACE,
    TICKET,
    WINDOW,
    digits_hold,
    make_receipt,
    make_ticket,
    read_pass,
    read_receipt,
    read_ticket,
    seconds_left,
    wall_code,
    wall_digits,
    wall_holds,
)

INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))
SECRETS = st.text("0123456789abcdef", min_size=40, max_size=40)
SECONDS = st.floats(0, 400, allow_nan=False)


def shown_at(instant: datetime) -> datetime:
    """When the wall began to show the code that it shows at an instant."""
    return datetime.fromtimestamp(int(instant.timestamp()) // WINDOW * WINDOW, UTC)


@given(secret=SECRETS, meeting=st.uuids(), shown=INSTANTS, later=SECONDS)
def test_a_code_is_taken_while_shown_and_ninety_seconds_longer(
    secret: str, meeting: UUID, shown: datetime, later: float
) -> None:
    used = shown + timedelta(seconds=later)
    given_pass = read_pass(wall_code(secret, meeting, shown))
    assert given_pass is not None
    holds = used < shown_at(shown) + timedelta(seconds=WINDOW + GRACE)
    assert wall_holds(secret, given_pass, used) == holds
    if holds:
        assert digits_hold(secret, wall_digits(secret, shown), used)


@given(secret=SECRETS, meeting=st.uuids(), shown=INSTANTS, early=st.floats(0.001, 400))
def test_a_code_is_not_taken_before_it_is_shown(
    secret: str, meeting: UUID, shown: datetime, early: float
) -> None:
    given_pass = read_pass(wall_code(secret, meeting, shown))
    assert given_pass is not None
    used = shown_at(shown) - timedelta(seconds=early)
    assert not wall_holds(secret, given_pass, used)


@given(secret=SECRETS, shown=INSTANTS)
def test_the_six_digits_end_with_the_grace(secret: str, shown: datetime) -> None:
    digits = wall_digits(secret, shown)
    assert len(digits) == 6
    assert digits.isdigit()
    after = shown_at(shown) + timedelta(seconds=WINDOW + GRACE)
    later = {wall_digits(secret, after - timedelta(seconds=WINDOW * n)) for n in range(4)}
    assume(digits not in later)  # once in a quarter of a million the same six come again
    assert not digits_hold(secret, digits, after)


@given(secret=SECRETS, instant=INSTANTS)
def test_the_wall_goes_on_to_another_code_when_it_says(secret: str, instant: datetime) -> None:
    left = seconds_left(instant)
    assert 1 <= left <= WINDOW
    meeting = UUID(int=7)
    at = instant.replace(microsecond=0)
    assert wall_code(secret, meeting, at + timedelta(seconds=left - 1)) == wall_code(
        secret, meeting, at
    )
    assert wall_code(secret, meeting, at + timedelta(seconds=left)) != wall_code(
        secret, meeting, at
    )


@given(secret=SECRETS, meeting=st.uuids(), opened=INSTANTS, later=st.floats(0, 2000))
def test_a_ticket_holds_a_quarter_of_an_hour_from_the_opening(
    secret: str, meeting: UUID, opened: datetime, later: float
) -> None:
    opened = opened.replace(microsecond=0)
    given_pass = read_pass(make_ticket(secret, meeting, opened, "00ff" * 4))
    assert given_pass is not None
    used = opened + timedelta(seconds=later)
    ticket = read_ticket(secret, given_pass, used)
    assert (ticket is not None) == (used - opened < TICKET)
    if ticket:
        assert (ticket.opened_at, ticket.device) == (opened, "00ff" * 4)


@given(secret=SECRETS, other=SECRETS, meeting=st.uuids(), instant=INSTANTS)
def test_no_word_opens_another_session_or_another_use(
    secret: str, other: str, meeting: UUID, instant: datetime
) -> None:
    assume(secret != other)
    words = [
        wall_code(secret, meeting, instant),
        make_ticket(secret, meeting, instant, "00" * 8),
        make_receipt(secret, meeting, meeting, again=False),
    ]
    wall, ticket, receipt = [read_pass(word) for word in words]
    assert wall
    assert ticket
    assert receipt
    assert (wall.kind, ticket.kind, receipt.kind) == ("wall", "ticket", "receipt")
    for one in (wall, ticket, receipt):
        assert not wall_holds(other, one, instant)
        assert read_ticket(other, one, instant) is None
        assert read_receipt(other, one) is None
    assert not wall_holds(secret, ticket, instant)
    assert read_ticket(secret, receipt, instant) is None
    assert read_receipt(secret, wall) is None


@given(secret=SECRETS, opened=INSTANTS, place=st.integers(0, 48), sign=st.sampled_from("Az09-_"))
def test_a_changed_letter_spoils_a_ticket(
    secret: str, opened: datetime, place: int, sign: str
) -> None:
    word = make_ticket(secret, UUID(int=1), opened, "00" * 8)
    changed = word[:place] + sign + word[place + 1 :]
    assume(changed != word)
    given_pass = read_pass(changed)
    assert given_pass is None or read_ticket(secret, given_pass, opened) is None


@given(st.text(max_size=80))
def test_any_other_word_is_none(word: str) -> None:
    found = read_pass(word)
    assert found is None or len(found.body) in (16, 28, 33)
