"""Phone numbers: stored in E.164, shown as Vietnamese users write them."""

import re
import unicodedata
from functools import lru_cache

import phonenumbers

from kit.i18n import N_

HOME = "VN"
NOT_A_PHONE = N_("Enter a phone number of 10 digits that starts with 0.")
_TYPED = re.compile(r"\+?[\d\s().\-]+")
_EXPORTED = re.compile(r"(\d{9,12})\.0")


def phone_e164(value: str | int | float) -> str:
    """E.164 form of one valid number, "+84900000014"; ValueError for anything else.

    Takes blanks, dots, dashes and brackets, 0084 or 84 before the number, and the number of a
    spreadsheet cell that has lost its first zero. A foreign number needs its "+".
    """
    digits = _digits_typed(value)
    try:
        number = phonenumbers.parse(digits, HOME)
    except phonenumbers.NumberParseException:
        raise ValueError(NOT_A_PHONE) from None
    if not phonenumbers.is_valid_number(number):
        raise ValueError(NOT_A_PHONE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _digits_typed(value: str | int | float) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool | float) or (isinstance(value, int) and value < 0):
        raise ValueError(NOT_A_PHONE)
    text = str(value)
    text = unicodedata.normalize("NFKC", text).strip()
    text = "".join("-" if unicodedata.category(c) == "Pd" else c for c in text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    if exported := _EXPORTED.fullmatch(text):
        return exported[1]
    if not _TYPED.fullmatch(text.replace("(+", "+(")):
        raise ValueError(NOT_A_PHONE)
    return text


@lru_cache(16_384)
def phone_shown(e164: str) -> str:
    """A stored number for the eye: "0900 000 001", "0272 3867 123", foreign ones with "+".

    Text that is no number is returned as it is.
    """
    try:
        number = phonenumbers.parse(e164, HOME)
    except phonenumbers.NumberParseException:
        return e164
    home = number.country_code == phonenumbers.country_code_for_region(HOME)
    forms = phonenumbers.PhoneNumberFormat
    shown = phonenumbers.format_number(number, forms.NATIONAL if home else forms.INTERNATIONAL)
    digits = re.sub(r"\D", "", shown)
    if home and len(digits) == 10 and digits[0] == "0":
        return f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    return shown


def digits_tail(typed: str) -> str:
    """The part of a typed (whole or partial) number that a stored one holds too; "" if no digit.

    Blanks and signs go, and so does what stands before the national number: +84, 0084, 84 (when
    the number is whole) or the first 0. Look for it anywhere in the stored text.
    """
    plain = unicodedata.normalize("NFKC", typed)
    digits = "".join(str(unicodedata.digit(c)) for c in plain if c.isdigit())
    if digits.startswith("0084"):
        digits = digits[4:]
    elif digits.startswith("84") and ("+" in plain or len(digits) >= 11):
        digits = digits[2:]
    return digits[1:] if re.match(r"0[1-9]", digits) else digits
