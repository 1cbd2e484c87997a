"""What may never be kept, kept out of free text: numbers of papers and cards, passwords, codes.

`RULES` says all of it in regular expressions that Python and JavaScript read alike, so that the
phone can mirror `finds_secret` line by line and say the same before anything is sent:

1. lower case, composed (NFC); blank out what `not_code_word` finds ("mà" is no "mã");
2. fold: no marks, đ as d, blanks squeezed;
3. blank out what the patterns of `spared` find, in their order: days, money, phones, houses;
4. refuse what `id` or `code` finds, and any number found by `card` that passes the Luhn check.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from kit.forms import Line
from kit.i18n import N_
from kit.i18n import gettext as _
from kit.text import fold, nfc

REFUSAL = N_(
    "To keep residents safe, do not write ID numbers, card numbers, passwords or OTP codes here."
    " Take the number out, then save again."
)
BLANK = " * "

_START, _END = r"(?<![0-9])", r"(?![0-9])"
_CODE = rf"{_START}[0-9](?:[ .-]?[0-9]){{3,7}}{_END}"
_YEAR = r"(?:19|20)[0-9]{2}"
_CODE_WORD = r"\b(?:otp|mat khau|mat ma|password|passcode|pass|mk|pin|ma)\b"
_WORDS = r"(?:[^0-9a-z.;!?*]+[a-z]+){0,%s}[^0-9a-z.;!?*]{1,4}"

RULES: dict[str, list[str]] = {
    "not_code_word": [r"(?:^|(?<=\s))m[àáảạ](?=\s|$)"],
    "spared": [
        # The code of a household, and what is numbered by a word before it.
        rf"{_START}[0-9]{{5}}-[0-9]{{2}}-[0-9]{{4}}{_END}",
        (
            r"\bma (?:so )?(?:ho|ap|xa|to|khu pho|don vi|buu chinh|buu dien|khach hang|thu tuc"
            rf"|dich vu|bien lai|lop)(?: cong)?(?: so| la|:)* ?[0-9][0-9.]{{0,9}}{_END}"
        ),
        (
            rf"\b(?:so nha|nha so|hem|ngo|ngach|duong|quoc lo|tinh lo|thua|ban do)(?: so)? ?:?"
            rf" ?[0-9]{{1,5}}{_END}(?:/[0-9]{{1,5}})*"
        ),
        rf"\b(?:tong dai|hotline|duong day nong)(?: so)? ?:? ?[0-9]{{3,8}}{_END}",
        rf"{_START}[0-9]{{1,6}}/(?:{_YEAR}/)?[a-z]",
        # Days, years, hours.
        rf"{_START}(?:0?[1-9]|[12][0-9]|3[01]) ?[/.-] ?(?:0?[1-9]|1[0-2]) ?[/.-] ?{_YEAR}{_END}",
        rf"{_START}{_YEAR}-[0-9]{{1,2}}-[0-9]{{1,2}}{_END}",
        rf"\b(?:nam|sinh|sn|thang [0-9]{{1,2}}|[0-9]{{1,2}}/)(?: nam)? ?/?{_YEAR}{_END}",
        # Money; "đồng ý" is no money.
        (
            rf"{_START}(?:[0-9]{{1,3}}(?:[.,][0-9]{{3}}){{1,3}}|[0-9]{{1,11}})(?:[.,][0-9]{{1,2}})?"
            r"(?:(?:d|k|tr)\b| ?(?:dong(?! y\b)|vnd|nghin|ngan|trieu|ty)\b)"
        ),
        rf"{_START}(?<![0-9][.,])[0-9]{{1,3}}(?:[.,][0-9]{{3}})?[.,]000(?![.,]?[0-9])",
        rf"{_START}[0-9]{{3,6}} ?(?:mah|kwh|m2|m3|ho|nguoi|luot)\b",
        # Phones, as they are usually grouped.
        (
            rf"{_START}(?<![0-9]{{4}}[ .-])(?:\+?84[ .-]?|0)[35789]"
            r"(?:[0-9]{8}|[0-9][ .-]?[0-9]{7}"
            r"|[0-9][ .-]?[0-9]{3}[ .-]?[0-9]{4}|[0-9]{2}[ .-]?[0-9]{6}"
            r"|[0-9]{2}[ .-]?[0-9]{3}[ .-]?[0-9]{3}|[0-9]{2}(?:[ .-]?[0-9]{2}){3}"
            rf"|[0-9]{{2}}[ .-]?[0-9]{{2}}[ .-]?[0-9]{{4}}){_END}"
        ),
        (
            rf"{_START}02[0-9]{{2}}[ .-]?(?:[0-9]{{3}}[ .-]?[0-9]{{4}}|[0-9]{{4}}[ .-]?[0-9]{{3}})"
            rf"{_END}"
        ),
        rf"{_START}02[48][ .-]?[0-9]{{4}}[ .-]?[0-9]{{4}}{_END}",
    ],
    "id": [rf"{_START}[0-9](?:[ .]?[0-9]){{11}}{_END}"],
    "card": [
        rf"{_START}(?=([2-69](?:[ .-]?[0-9]){{{length - 1}}}){_END})" for length in range(13, 20)
    ],
    "code": [
        _CODE_WORD + _WORDS % 6 + _CODE,
        rf"{_START}(?!{_YEAR}{_END}){_CODE}" + _WORDS % 3 + _CODE_WORD,
    ],
}
"""Patterns by what they find, for the phone to mirror; see the steps above."""

_READ = {name: [re.compile(pattern) for pattern in found] for name, found in RULES.items()}


def finds_secret(text: str) -> bool:
    """Whether a text seems to hold the number of a paper or a card, a password or a code."""
    plain = nfc(text).lower()
    for pattern in _READ["not_code_word"]:
        plain = pattern.sub(BLANK, plain)
    plain = fold(plain)
    for pattern in _READ["spared"]:
        plain = pattern.sub(BLANK, plain)
    if any(pattern.search(plain) for pattern in _READ["id"] + _READ["code"]):
        return True
    return any(is_card(found[1]) for card in _READ["card"] for found in card.finditer(plain))


def is_card(number: str) -> bool:
    """Whether the digits of a number pass the Luhn check, as those of every bank card do."""
    digits = [int(letter) for letter in reversed(number) if letter in "0123456789"]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def refuse_secrets(text: str) -> str:
    """The text as it is. Raises ValueError, with a sentence for the reader, when it holds a
    secret: there is no field for one, so there is none in a note either."""
    if finds_secret(text):
        raise ValueError(_(REFUSAL))
    return text


SafeLine = Annotated[Line, AfterValidator(refuse_secrets)]
"""A line of free text without secrets, however long: addresses, reasons."""
Note = Annotated[SafeLine, Field(max_length=500)]
"""A note: one line of at most 500 letters without secrets."""
