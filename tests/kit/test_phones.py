import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.phones import digits_tail, phone_e164, phone_shown


@pytest.mark.parametrize(
    "typed",
    [
        "0900000014",
        "0900.000.014",
        "0900 000 014",
        "0900-000-014",
        "0900\u2013000\u2013014",
        " +84 900 000 014 ",
        "+84900000014",
        "(+84) 900 000 014",
        "+84 (0)900 000 014",
        "84900000014",
        "0084 900 000 014",
        "900000014",
        "\u202a0900\u00a0000\u00a0014\u202c",
        "０９００００００１４",
        "900000014.0",
        900000014,
        900000014.0,
        84900000014.0,
    ],
)
def test_a_number_is_read_however_it_is_written(typed: str | int | float) -> None:
    assert phone_e164(typed) == "+84900000014"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "không có",
        "0900 000 01",
        "0900 000 0141",
        "0900000001 / 0900000002",
        "0900000001, 0900000002",
        "0900ABCDEF",
        "0168 123 4567",
        "1022",
        "+999 123",
        "+",
        "0",
        -900000014,
        900000014.5,
        float("nan"),
        float("inf"),
        True,
        0,
    ],
)
def test_anything_else_is_refused(typed: str | int | float) -> None:
    with pytest.raises(ValueError, match="phone number"):
        phone_e164(typed)


@given(st.text() | st.floats() | st.integers())
def test_no_input_breaks_it(typed: str | int | float) -> None:
    try:
        stored = phone_e164(typed)
    except ValueError:
        return
    assert phone_e164(stored) == stored


@given(st.integers(0, 9_999_999))
def test_shown_and_stored_are_the_same_number(last: int) -> None:
    stored = f"+8490{last:07}"
    assert phone_e164(phone_shown(stored)) == stored
    assert phone_e164(float(stored[3:])) == stored


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("+84900000001", "0900 000 001"),
        ("+842723867123", "0272 3867 123"),
        ("+842838221234", "028 3822 1234"),
        ("+8419001234", "1900 1234"),
        ("+16502530000", "+1 650-253-0000"),
        ("1022", "1022"),
        ("", ""),
    ],
)
def test_a_number_is_shown_as_people_write_it(stored: str, shown: str) -> None:
    assert phone_shown(stored) == shown


@pytest.mark.parametrize(
    "typed", ["0900 000 014", "+84 900", "84900000014", "0084900", "090", "000 014", "14", "014"]
)
def test_part_of_a_number_is_found_in_the_stored_one(typed: str) -> None:
    assert digits_tail(typed)
    assert digits_tail(typed) in "+84900000014"


def test_a_name_has_no_digits_to_look_for() -> None:
    assert digits_tail("Hòa") == ""
    assert digits_tail("²") in ("", "2")
