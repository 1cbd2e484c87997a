"""Days as people type them and as spreadsheets hold them."""

import re
from datetime import date, datetime

from kit.i18n import N_
from kit.text import fold

NOT_A_DAY = N_("Enter the day as day/month/year, for example 20/08/1967.")
NO_SUCH_DAY = N_("This day does not exist. Check the day and the month.")
SHORT_YEAR = N_("Write the year with four digits, for example 20/08/1967.")
FAR_YEAR = N_("Check the year: it must lie between 1900 and 2100.")
NOT_A_BIRTH = N_("Enter a date of birth such as 20/08/1967, or only the year.")
UNBORN = N_("A date of birth cannot lie in the future.")

YEARS = range(1900, 2101)

_MIDNIGHT = r"(?:[ t]00:00(?::00(?:\.0+)?)?)?"
_DAY_FIRST = re.compile(r"(\d{1,2}) ?[/.\- ] ?(\d{1,2}) ?[/.\- ] ?(\d{4})" + _MIDNIGHT)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})" + _MIDNIGHT)
_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{4})")
_IN_WORDS = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}),? nam (\d{4})")
_DAY_FIRST_WAYS = (_DAY_FIRST, _IN_WORDS, _DIGITS)
_SHORT = re.compile(r"\d{1,2} ?[/.\- ] ?\d{1,2} ?[/.\- ] ?\d{1,3}")
_YEAR_ONLY = re.compile(r"(?:(?:0{1,2}|-{1,2})[/.\-](?:0{1,2}|-{1,2})[/.\-])?(\d{4})(?:\.0)?")
_MONTH_YEAR = re.compile(r"(0?[1-9]|1[0-2]) ?[/.\-] ?(\d{4})")


def parse_day(value: object) -> date:
    """The day that a text ("20/08/1967", "20081967", "1967-08-20"), date or date-time stands for.

    ValueError, with a sentence for the user, for anything else: a bare number, a year of two
    digits, a day that does not exist, a year outside 1900-2100.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _within(value)
    if not isinstance(value, str):
        raise ValueError(NOT_A_DAY)
    text = fold(value)
    if iso := _ISO.fullmatch(text):
        year, month, day = iso.groups()
    elif found := next((m for p in _DAY_FIRST_WAYS if (m := p.fullmatch(text))), None):
        day, month, year = found.groups()
    else:
        raise ValueError(SHORT_YEAR if _SHORT.fullmatch(text) else NOT_A_DAY)
    try:
        return _within(date(int(year) or 1, int(month), int(day)))
    except ValueError as error:
        raise ValueError(FAR_YEAR if str(error) == FAR_YEAR else NO_SUCH_DAY) from None


def _within(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError(FAR_YEAR)
    return day


def birth(value: object, today: date | None = None) -> tuple[date | None, int | None]:
    """(day, None), (None, year) when only the year is known, (None, None) for a blank.

    A year may be a number or a text (1985, 1985.0, "1985"), or stand after a month or zeros
    ("8/1985", "00/00/1985"). ValueError for anything else, and, given today, for a later day.
    """
    if value is None or (isinstance(value, str) and not fold(value)):
        return None, None
    year = _bare_year(value)
    if year is not None:
        if year not in YEARS:
            raise ValueError(FAR_YEAR)
        if today and year > today.year:
            raise ValueError(UNBORN)
        return None, year
    if not isinstance(value, str | date):
        raise ValueError(NOT_A_BIRTH)
    day = parse_day(value)
    if today and day > today:
        raise ValueError(UNBORN)
    return day, None


def _bare_year(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return int(value)
    if not isinstance(value, str):
        return None
    text = fold(value)
    found = _YEAR_ONLY.fullmatch(text) or _MONTH_YEAR.fullmatch(text)
    return int(found.groups()[-1]) if found else None


def show_day(day: date) -> str:
    """A day as "23/11/2026"."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"
