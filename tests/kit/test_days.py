from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import days
from kit.days import birth, parse_day, show_day

DAY = date(1967, 8, 20)


@pytest.mark.parametrize(
    "value",
    [
        "20/08/1967",
        "20/8/1967",
        " 20 / 08 / 1967 ",
        "20-8-1967",
        "20.08.1967",
        "1967-08-20",
        "1967-08-20T00:00:00",
        "20/08/1967 00:00",
        "ngày 20 tháng 8 năm 1967",
        "20 THÁNG 08 NĂM 1967",
        DAY,
        datetime(1967, 8, 20, 7, 30),
    ],
)
def test_a_day_is_read(value: object) -> None:
    assert parse_day(value) == DAY
    assert birth(value) == (DAY, None)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("20-8-67", days.SHORT_YEAR),
        ("20/08/967", days.SHORT_YEAR),
        ("31/02/1967", days.NO_SUCH_DAY),
        ("08/20/1967", days.NO_SUCH_DAY),
        ("00/08/1967", days.NO_SUCH_DAY),
        ("20/08/2967", days.FAR_YEAR),
        ("20/08/0000", days.FAR_YEAR),
        (date(1867, 8, 20), days.FAR_YEAR),
        ("1967", days.NOT_A_DAY),
        ("hôm nay", days.NOT_A_DAY),
        ("", days.NOT_A_DAY),
        (24704.0, days.NOT_A_DAY),
        (None, days.NOT_A_DAY),
    ],
)
def test_what_is_not_a_day_is_refused_with_a_reason(value: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=".") as refused:
        parse_day(value)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "value",
    [
        1985,
        pytest.param(1985.0, id="cell"),
        "1985",
        " 1985 ",
        "1985.0",
        "8/1985",
        "00/00/1985",
        "--/--/1985",
    ],
)
def test_a_bare_year_of_birth_is_kept_as_a_year(value: object) -> None:
    assert birth(value) == (None, 1985)


@pytest.mark.parametrize("value", [None, "", "  ", "\u00a0"])
def test_a_blank_birth_is_unknown(value: object) -> None:
    assert birth(value) == (None, None)


@pytest.mark.parametrize(
    "value",
    [pytest.param(85, id="short"), 1985.5, "85", True, "không rõ", 24704.0, [1985], "13/1985"],
)
def test_other_births_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match="."):
        birth(value)


@pytest.mark.parametrize("value", ["24/11/2026", 2027])
def test_nobody_is_born_tomorrow(value: object) -> None:
    with pytest.raises(ValueError, match="future"):
        birth(value, today=date(2026, 11, 23))


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_shown_day_is_read_back(day: date) -> None:
    assert parse_day(show_day(day)) == parse_day(day.isoformat()) == day


@given(st.text() | st.floats() | st.integers() | st.text(alphabet="0123456789/-. ", max_size=12))
def test_no_input_breaks_it(value: object) -> None:
    for read in (parse_day, birth):
        with suppress(ValueError):
            read(value)


def test_a_day_may_be_typed_without_strokes() -> None:
    assert parse_day("20081967") == date(1967, 8, 20)
    with pytest.raises(ValueError, match="exist"):
        parse_day("32131967")
