"""Rows pasted from a spreadsheet: a name, and whatever else of phone, job and category stands
beside it, in any order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kit.i18n import gettext as _
from kit.phones import phone_e164
from kit.text import fold, proper_name, squeeze
from sessions.officials.columns import read_category

MOST = 200
LONGEST = 160
_HEADS = {"ho va ten", "ho ten", "ho, ten", "ten", "stt", "chuc vu", "so dien thoai"}


@dataclass(frozen=True)
class NamedRow:
    """Somebody as the office wrote it. `number` is the line, 0 for the form of one person."""

    number: int
    name: str
    phone: str | None = None
    job: str = ""
    category: str = ""


@dataclass
class Pasted:
    """The rows of a pasted text, and a sentence for each line that cannot be read."""

    rows: list[NamedRow] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def read_pasted(text: str) -> Pasted:
    """Read lines of cells parted by tabs (or semicolons), in any Unicode form. Blank lines, a line
    of headers and running numbers are passed over."""
    found = Pasted()
    for number, line in enumerate(text.splitlines()[: MOST + 20], 1):
        cells = [squeeze(cell) for cell in re.split(r"\t|;", line)]
        filled = [cell for cell in cells if cell and not re.fullmatch(r"\d{1,4}[.)]?", cell)]
        if not filled or {fold(cell) for cell in filled} & _HEADS:
            continue
        row = _row(number, filled)
        if row is None:
            found.wrong.append(_("Line %(num)s: no name was found.", num=number))
        else:
            found.rows.append(row)
    return found


def _row(number: int, cells: list[str]) -> NamedRow | None:
    phone, category, texts = None, "", []
    for cell in cells:
        if phone is None and (as_phone := _phone(cell)):
            phone = as_phone
        elif not category and (as_category := _category(cell)):
            category = as_category
        else:
            texts.append(cell)
    name = proper_name(texts[0]) if texts else ""
    if not 2 <= len(name) <= 80 or not any(sign.isalpha() for sign in name):
        return None
    job = next((text for text in texts[1:] if "@" not in text), "")
    return NamedRow(number, name, phone, job[:LONGEST], category)


def _phone(cell: str) -> str | None:
    try:
        return phone_e164(cell)
    except ValueError:
        return None


def _category(cell: str) -> str:
    try:
        return read_category(cell)
    except ValueError:
        return ""
