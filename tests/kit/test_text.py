import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.text import fold, initials, nfc, proper_name, sort_key, sort_key_title, squeeze
from tests.kit.alphabet import NAMES, ORDER, VOWELS, name_rank, syllable_rank


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def in_order(names: list[str], key: Callable[[str], str]) -> bool:
    upside_down = names[::-1]
    return sorted(upside_down, key=key) == names


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Nguyễn Thị Ưởng", "nguyen thi uong"),
        ("ĐẶNG ĐÌNH ĐỨC", "dang dinh duc"),
        ("  Tổ\u00a0 CNSCĐ\u200b ấp 10 ", "to cnscd ap 10"),
        ("Ðặng", "dang"),  # the Icelandic letter that some keyboards give
        ("Quê Mỹ Thạnh", "que my thanh"),
        ("André Müller", "andre muller"),
        ("", ""),
    ],
)
def test_a_search_key_has_no_marks(name: str, key: str) -> None:
    assert fold(name) == fold(nfd(name)) == key


@pytest.mark.parametrize("pair", ["hòa hoà", "thúy thuý", "khỏe khoẻ", "HÒA hoà", "tòan toàn"])
def test_both_placements_of_a_tone_are_the_same(pair: str) -> None:
    new, old = pair.split()
    assert fold(new) == fold(old)
    assert sort_key(new) == sort_key(old)
    assert sort_key_title(new) == sort_key_title(old)


def test_tone_decides_only_between_equal_letters() -> None:
    assert sort_key("Hoa") < sort_key("Hòa") < sort_key("Hoài") < sort_key("Hoan")


@given(NAMES)
def test_unicode_forms_give_the_same_keys(name: str) -> None:
    assert fold(name) == fold(nfd(name)) == fold(name.upper())
    assert sort_key(name) == sort_key(nfd(name)) == sort_key(name.upper())
    assert sort_key_title(name) == sort_key_title(nfd(name))
    assert squeeze(nfd(name)) == name


@given(st.text())
def test_any_text_has_stable_keys(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert squeeze(squeeze(text)) == squeeze(text) == nfc(squeeze(text))
    assert sort_key(text).isascii()
    assert sort_key_title(text).isascii()
    assert sort_key(text) == sort_key(nfd(text)) == sort_key(nfc(text))
    assert unicodedata.is_normalized("NFC", proper_name(text))
    assert len(initials(text)) <= 6


@given(NAMES, NAMES)
def test_names_sort_as_the_written_alphabet_says(one: str, two: str) -> None:
    ranks = name_rank(one), name_rank(two)
    keys = sort_key(one).encode(), sort_key(two).encode()
    assert (keys[0] < keys[1]) == (ranks[0] < ranks[1])
    assert (keys[0] == keys[1]) == (ranks[0] == ranks[1])


@given(NAMES, NAMES)
def test_titles_sort_syllable_by_syllable(one: str, two: str) -> None:
    ranks = [[syllable_rank(word) for word in title.split()] for title in (one, two)]
    assert (sort_key_title(one) < sort_key_title(two)) == (ranks[0] < ranks[1])


def test_every_letter_and_tone_has_its_place() -> None:
    letters = list("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")
    assert [letter for letter in letters if letter in ORDER] == ORDER
    assert in_order(letters, sort_key)
    for row in VOWELS:
        assert in_order(list(row), sort_key)


def test_letters_of_other_scripts_come_after_z() -> None:
    names = ["An", "Zung", "Иван", "李"]
    assert in_order(names, sort_key)


def test_real_names_sort_by_given_name() -> None:
    names = [
        "An",
        "Lê Văn An",
        "Nguyễn An",
        "Nguyễn Thị An",
        "Ưng An",
        "Phạm Thị Ánh",
        "Trần Ân",
        "Châu Thị Bích",
        "Võ Văn Danh",
        "Đinh Hải Đăng",
        "Nguyễn Văn Đức",
        "Nguyễn Thị Hoa (Bảy)",
        "Nguyễn Văn Hoa",
        "Võ Văn Hòa",
        "Bùi Minh Hoàng",
        "Đoàn Thị Thu",
        "Lê Thị Thủy",
        "Lê Thị Thúy",
        "Hồ Thị Uyên",
        "Dương Thị Ưởng",
    ]
    assert in_order(names, sort_key)


def test_titles_sort_by_numbers_inside() -> None:
    titles = [
        "Ấp 1",
        "Ấp 2",
        "Ấp 2A",
        "Ấp 10",
        "Ấp Bình An",
        "Khu phố Bình Hòa",
        "Tổ",
        "Tổ 2",
        "Tổ 2.1",
        "Tổ 2.10",
        "Tổ 10",
        "Tổ An",
    ]
    assert in_order(titles, sort_key_title)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_numbers_sort_by_value(one: int, two: int) -> None:
    keys = sort_key_title(f"Tổ {one}"), sort_key_title(f"Tổ {two}")
    assert (keys[0] < keys[1]) == (one < two)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ƯNG VĂN TRUNG", "Ưng Văn Trung"),
        ("đoàn thị  ước", "Đoàn Thị Ước"),
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("Nguyễn Thị McDuy", "Nguyễn Thị McDuy"),
        ("lê Văn An", "lê Văn An"),
        ("NGUYỄN VĂN A", "Nguyễn Văn A"),
        ("", ""),
    ],
)
def test_a_shouted_name_is_written_properly(typed: str, name: str) -> None:
    assert proper_name(typed) == proper_name(nfd(typed)) == name


@given(NAMES)
def test_a_name_survives_capitals(name: str) -> None:
    assert proper_name(nfd(name.upper())) == proper_name(name.lower()) == name


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Nguyễn Thị Ánh", "NA"),
        ("Đặng Ưởng", "ĐƯ"),
        ("Ân", "Â"),
        ("Lê Hoa (Bảy)", "LH"),
        ("lý thường kiệt", "LK"),
        ("", ""),
    ],
)
def test_initials_keep_the_letter_and_drop_the_tone(name: str, letters: str) -> None:
    assert initials(name) == initials(nfd(name)) == letters
