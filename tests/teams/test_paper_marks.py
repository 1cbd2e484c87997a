"""What a cell of a paper form says: numbers of services, letters of outcomes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from teams.papers.services import LETTERS, Service, read_marks

SERVICES = [
    Service(n, f"service_{n}", f"Việc {n}", f"Service {n}", date(2020, 1, 1), None)
    for n in range(1, 15)
]
OLD = Service(15, "old", "Việc cũ", "Old", date(2020, 1, 1), date(2025, 1, 1))
DAY = date(2026, 11, 20)


@given(
    some.lists(
        some.tuples(some.integers(1, 14), some.sampled_from(sorted(LETTERS))),
        unique_by=lambda pair: pair[0],
        max_size=12,
    ),
    some.sampled_from([" ", "", ", ", "; "]),
)
def test_what_is_written_with_numbers_and_letters_is_read_again(
    pairs: list[tuple[int, str]], between: str
) -> None:
    typed = between.join(f"{number}{LETTERS[outcome]}" for number, outcome in pairs)
    read = read_marks(typed, SERVICES, DAY)
    assert read == [(f"service_{number}", outcome) for number, outcome in pairs]


@pytest.mark.parametrize("typed", ["1", "1z", "99t", "15t", "t1", "1t 1h", "abc", "1t?"])
def test_what_cannot_be_read_is_said_in_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\."):
        read_marks(typed, [*SERVICES, OLD], DAY)
