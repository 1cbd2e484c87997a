"""How cells of a list of people are read, whatever else the list holds."""

from __future__ import annotations

from datetime import date

from kit import clock
from kit.days import birth
from kit.i18n import N_
from kit.phones import phone_e164
from kit.sheets import Cell, as_text
from kit.text import fold, proper_name, squeeze

OLDEST = 110
LONGEST = 160
NOT_A_NAME = N_("This is not a name of a person.")
NOT_A_SEX = N_("Write Nam or Nữ.")
TOO_OLD = N_("This birthday lies too far back.")
TOO_LONG = N_("This text is too long.")


def read_name(cell: Cell) -> str:
    """A name as it is stored; ValueError for a number or a stray sign."""
    name = proper_name(as_text(cell))
    if len(name) < 2 or len(name) > 80 or not any(c.isalpha() for c in name):
        raise ValueError(NOT_A_NAME)
    return name


def read_sex(cell: Cell) -> str:
    """female or male; ValueError otherwise."""
    word = fold(as_text(cell))
    if word not in ("nam", "nu"):
        raise ValueError(NOT_A_SEX)
    return "male" if word == "nam" else "female"


def read_birth(cell: Cell) -> tuple[date | None, int | None]:
    """The birthday, or only the year; ValueError otherwise."""
    today = clock.today()
    day, year = birth(cell, today)
    born = day.year if day else year
    if born is not None and born < today.year - OLDEST:
        raise ValueError(TOO_OLD)
    return day, born


def read_phone(cell: Cell) -> str:
    """A phone in E.164; ValueError otherwise."""
    if not isinstance(cell, str | int | float):
        cell = as_text(cell)
    return phone_e164(cell)


def read_words(cell: Cell) -> str:
    """A line of text that fits its column; ValueError otherwise."""
    text = squeeze(as_text(cell))
    if len(text) > LONGEST:
        raise ValueError(TOO_LONG)
    return text
