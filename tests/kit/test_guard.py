"""Secrets never get into free text; what people write every day does."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import i18n
from kit.errors import Refused
from kit.forms import Form, check
from kit.guard import RULES, Note, finds_secret, is_card, refuse_secrets
from tests.kit.secrets import PASSED, REFUSED

around = st.sampled_from(["", "Bà Ưởng", "ghi lại", "số", "của chú Tư", "nhà 12"])
digits = st.text("0123456789", min_size=1)


class NoteForm(Form):
    """A form with a note."""

    note: Note = ""


@pytest.mark.parametrize("text", REFUSED)
def test_a_secret_is_refused(text: str) -> None:
    assert finds_secret(text)


@pytest.mark.parametrize("text", PASSED)
def test_what_people_write_every_day_passes(text: str) -> None:
    assert refuse_secrets(text) == text


def test_the_refusal_says_why_in_the_readers_language_and_keeps_what_was_typed() -> None:
    i18n.language.set("vi")
    with pytest.raises(Refused) as refused:
        check(NoteForm, {"note": "mã OTP 123456"})
    said = refused.value.fields["note"]
    assert "không ghi số căn cước, số thẻ, mật khẩu hay mã OTP" in said
    assert refused.value.typed == {"note": "mã OTP 123456"}


def test_a_note_is_one_line_of_500_letters() -> None:
    assert check(NoteForm, {"note": " a\n b "}).note == "a b"
    with pytest.raises(Refused):
        check(NoteForm, {"note": "ă" * 501})


@given(before=around, after=around, number=st.text("0123456789", min_size=12, max_size=12))
def test_twelve_digits_are_refused_wherever_they_stand(
    before: str, after: str, number: str
) -> None:
    threes = [number[at : at + 3] for at in range(0, 12, 3)]
    for written in (number, " ".join(threes), ".".join(threes)):
        assert finds_secret(f"{before} {written} {after}"), written


@given(
    before=around,
    first=st.sampled_from("3456"),
    middle=st.text("0123456789", min_size=11, max_size=17),
)
def test_a_card_is_refused_however_it_is_grouped(before: str, first: str, middle: str) -> None:
    number = next(n for d in "0123456789" if is_card(n := first + middle + d))
    fours = [number[at : at + 4] for at in range(0, len(number), 4)]
    for written in (number, " ".join(fours), "-".join(fours)):
        assert finds_secret(f"{before}: {written}"), written


@given(
    word=st.sampled_from(["otp", "OTP", "mật khẩu", "Mat khau", "mã", "ma", "PIN", "mã pin"]),
    between=st.sampled_from([" ", ": ", " là ", " của bà là ", " = ", " vừa gửi về "]),
    code=st.text("0123456789", min_size=4, max_size=8),
)
def test_a_code_beside_its_word_is_refused(word: str, between: str, code: str) -> None:
    assert finds_secret(word + between + code)


@given(
    prefix=st.sampled_from(["03", "05", "07", "08", "09"]),
    rest=st.text("0123456789", min_size=8, max_size=8),
    before=st.sampled_from(["gọi ", "OTP về số ", "nhà 12, ", "quên mật khẩu, đt ", ""]),
)
def test_a_phone_always_passes(prefix: str, rest: str, before: str) -> None:
    phone = prefix + rest
    for written in (phone, f"{phone[:4]} {phone[4:7]} {phone[7:]}", f"+84 {phone[1:]}"):
        assert not finds_secret(before + written), written


@given(day=st.dates().filter(lambda d: 1900 <= d.year < 2100))
def test_a_day_passes_beside_any_word(day: object) -> None:
    assert not finds_secret(f"mã gửi ngày {day:%d/%m/%Y}")


@given(amount=st.integers(1, 99_999_999))
def test_money_passes_beside_any_word(amount: int) -> None:
    dotted = f"{amount:,}".replace(",", ".")
    for written in (f"{dotted} đồng", f"{dotted}đ", f"{amount} đồng", f"{amount}đ"):
        assert not finds_secret(f"quét mã trả {written}"), written


@given(text=st.text(max_size=80))
def test_any_text_passes_whole_or_is_refused(text: str) -> None:
    assert finds_secret(text) or refuse_secrets(text) == text


def test_the_rules_are_words_that_a_script_can_read_too() -> None:
    assert json.loads(json.dumps(RULES)) == RULES
    only_python = re.compile(r"\(\?P|\\A|\\Z|\(\?[aiLmsux]|\(\?#|\(\?\(")
    assert not [p for found in RULES.values() for p in found if only_python.search(p)]
