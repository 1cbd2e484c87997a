"""Spreadsheets in and out, without knowing what they are about.

A caller describes its columns (`Column`) and gets typed values and sentences for each row.
All functions are plain and synchronous: call them in a thread.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import python_calamine
import xlsxwriter

from kit.days import show_day
from kit.i18n import N_
from kit.text import fold, squeeze
from kit.workbooks import LIMITS, Limits, SheetError, checked

__all__ = [
    "Cell", "Column", "Header", "Line", "Row", "Sheet", "SheetError",
    "Written", "as_count", "as_mark", "as_text", "find_header", "only_text", "read_lines",
    "read_sheet", "sheet_total", "write_book", "write_sheet",
]  # fmt: skip

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""A blank cell is None; a whole number may come as 12.0."""
Row = tuple[int, list[Cell]]
"""The number of the row as Excel shows it, and its cells from column A on."""

TAIL = 60
"""A total stands among the last rows, with signatures below it."""

NOT_A_COUNT = N_("Enter a whole number.")
NOT_A_MARK = N_("Mark with x for yes, or leave the cell blank.")
MISSING = N_("Fill in this cell.")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows that are not blank, and the titles of all visible sheets."""

    title: str
    rows: list[Row]
    titles: tuple[str, ...] = ()


def read_sheet(data: bytes, limits: Limits = LIMITS) -> Sheet:
    """The first visible sheet that holds anything; SheetError when the upload is refused."""
    book = _opened(checked(data, limits))
    kinds, seen = python_calamine.SheetTypeEnum, python_calamine.SheetVisibleEnum
    titles = tuple(
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == kinds.WorkSheet and sheet.visible == seen.Visible
    )
    for title in titles:
        if rows := _rows(book, title):
            if len(rows) > limits.rows:
                raise SheetError("too_many_rows", limit=limits.rows)
            return Sheet(title, rows, titles)
    raise SheetError("empty")


def _opened(data: bytes) -> python_calamine.CalamineWorkbook:
    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except python_calamine.CalamineError:
        raise SheetError("broken") from None


def _rows(book: python_calamine.CalamineWorkbook, title: str) -> list[Row]:
    try:
        grid = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
    except python_calamine.CalamineError:
        raise SheetError("broken") from None
    cleaned = ((number, [_cell(cell) for cell in cells]) for number, cells in enumerate(grid, 1))
    return [row for row in cleaned if any(cell is not None for cell in row[1])]


def _cell(value: Cell) -> Cell:
    return None if isinstance(value, str) and not squeeze(value) else value


def as_text(cell: Cell) -> str:
    """A cell as one line of text; numbers without ".0", days as dd/mm/yyyy."""
    if isinstance(cell, datetime | date):
        return show_day(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else squeeze(str(cell))


def as_count(cell: Cell) -> int:
    """A whole number from 0 on; ValueError otherwise."""
    text = as_text(cell)
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError(NOT_A_COUNT)
    return int(text)


def as_mark(cell: Cell) -> bool:
    """A cross, "có" or 1 is True, "không" or 0 is False; ValueError otherwise."""
    text = fold(as_text(cell))
    if text not in _MARKS:
        raise ValueError(NOT_A_MARK)
    return _MARKS[text]


_YES, _NO = ("x", "co", "1", "true", "yes", "v", "✓", "✔"), ("", "khong", "0", "false", "no", "-")
_MARKS = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)


@dataclass(frozen=True)
class Column:
    """One column a caller wants.

    `headers` are the names it goes by, the first one the proper one; a sheet without a
    `required` column is refused; a row whose `filled` cell is blank is wrong. `parse` turns a
    cell that is not blank into a value, or raises ValueError with an English msgid.
    """

    key: str
    headers: tuple[str, ...]
    required: bool = True
    filled: bool = False
    parse: Callable[[Any], object] = as_text


@dataclass(frozen=True)
class Header:
    """The row the headers stand in, and for each column key found its place from 0 on."""

    row: int
    places: dict[str, int]


def find_header(rows: Iterable[Row], columns: Sequence[Column], within: int = 40) -> Header:
    """The best header row among the first ones; SheetError "headers" naming what is missing."""
    best: Header | None = None
    for number, cells in list(rows)[:within]:
        places = _places(cells, columns)
        if best is None or len(places) > len(best.places):
            best = Header(number, places)
    found = best.places if best else {}
    missing = [c.headers[0] for c in columns if c.required and c.key not in found]
    if best is None or missing or not found:
        raise SheetError("headers", missing=", ".join(missing))
    return best


def _places(cells: list[Cell], columns: Sequence[Column]) -> dict[str, int]:
    names = [_header_key(as_text(cell)) for cell in cells]
    places = {}
    for column in columns:
        keys = [_header_key(header) for header in column.headers]
        at = next((names.index(key) for key in keys if key in names), None)
        if at is not None:
            places[column.key] = at
    return places


def _header_key(text: str) -> str:
    """A header without marks, punctuation and notes in brackets."""
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"\(.*?\)", " ", fold(text))))


@dataclass(frozen=True)
class Line:
    """One row below the header: its values by key, the msgid of what is wrong by key, its cells.

    A blank cell, and a column the sheet does not have, gives None.
    """

    number: int
    values: dict[str, Any]
    wrong: dict[str, str] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)


def read_lines(rows: Iterable[Row], header: Header, columns: Sequence[Column]) -> Iterator[Line]:
    """Every row below the header, read by the columns' descriptions; never raises."""
    for number, cells in rows:
        if number > header.row:
            line = Line(number, {}, {}, cells)
            for column in columns:
                at = header.places.get(column.key, len(cells))
                _read_cell(line, column, cells[at] if at < len(cells) else None)
            yield line


def _read_cell(line: Line, column: Column, cell: Cell) -> None:
    line.values[column.key] = None
    if cell is None:
        if column.filled:
            line.wrong[column.key] = MISSING
        return
    try:
        line.values[column.key] = column.parse(cell)
    except ValueError as error:
        line.wrong[column.key] = str(error)


def only_text(cells: Sequence[Cell]) -> str | None:
    """The text of a row that holds one text and nothing else (a title or a section)."""
    held = [cell for cell in cells if cell is not None]
    return squeeze(held[0]) if len(held) == 1 and isinstance(held[0], str) else None


def sheet_total(rows: Sequence[Row]) -> dict[str, int]:
    """What the sheet's last total row says: "Tổng cộng: 43 Tổ, 215 thành viên" gives
    {"to": 43, "thanh vien": 215}; a number without a noun has the key ""; {} if there is none.
    """
    for _number, cells in reversed(rows[-TAIL:]):
        text = fold(" ".join(as_text(cell) for cell in cells if cell is not None))
        if re.match(r"(tong|cong)\b", text):
            pairs = re.findall(r"(\d+(?:\.\d{3})*)\s*([a-z]+(?: [a-z]+)*)?", text)
            return {noun: int(number.replace(".", "")) for number, noun in pairs}
    return {}


@dataclass(frozen=True)
class Written:
    """A sheet to write: bold frozen headers, then rows; widths are in characters."""

    title: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Cell | Decimal]]
    widths: Sequence[int] = ()


def write_sheet(
    title: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[Cell | Decimal]],
    widths: Sequence[int] = (),
) -> bytes:
    """An .xlsx with one sheet; see `write_book`."""
    return write_book([Written(title, headers, rows, widths)])


def write_book(sheets: Iterable[Written]) -> bytes:
    """An .xlsx: bold frozen headers, filters, true days and numbers.

    Nothing becomes a formula or a link. Date-times are local, without a zone.
    """
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"constant_memory": True})
    for written in sheets:
        sheet = book.add_worksheet(_sheet_title(written.title))
        for column, width in enumerate(written.widths):
            sheet.set_column(column, column, width)
        _fill(_Writer(book, sheet), sheet, written)
    book.close()
    return made.getvalue()


def _fill(writer: Any, sheet: Any, written: Written) -> None:
    writer.write_headers(written.headers)
    last = 0
    for last, row in enumerate(written.rows, 1):
        for column, cell in enumerate(row):
            writer.write(last, column, cell)
    if written.headers:
        sheet.autofilter(0, 0, last, len(written.headers) - 1)


def _sheet_title(title: str) -> str:
    """A title as Excel allows it: 31 UTF-16 units, some signs forbidden."""
    plain = squeeze(re.sub(r"[\[\]:*?/\\']", " ", title))
    return plain.encode("utf-16-le")[:62].decode("utf-16-le", "ignore").strip() or "1"


class _Writer:
    """Writes cells of any kind with the formats of one book."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self._sheet = sheet
        self._head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._text = book.add_format({"num_format": "@"})
        self._quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        self._day = book.add_format({"num_format": "dd/mm/yyyy"})
        self._hour = book.add_format({"num_format": "hh:mm"})
        self._moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})

    def write_headers(self, headers: Sequence[str]) -> None:
        self._sheet.freeze_panes(1, 0)
        self._sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        for column, header in enumerate(headers):
            self._sheet.write_string(0, column, header, self._head)

    def write(self, row: int, column: int, cell: Cell | Decimal) -> None:
        if isinstance(cell, bool):
            self._sheet.write_boolean(row, column, cell)
        elif isinstance(cell, int | float | Decimal):
            self._number(row, column, cell)
        elif isinstance(cell, datetime):
            self._sheet.write_datetime(row, column, cell, self._moment)
        elif isinstance(cell, date):
            self._sheet.write_datetime(row, column, cell, self._day)
        elif isinstance(cell, time):
            self._sheet.write_datetime(row, column, cell, self._hour)
        elif cell is not None:
            self._string(row, column, str(cell))

    def _number(self, row: int, column: int, cell: float | Decimal) -> None:
        """Numbers beyond what a cell can hold exactly are written as text."""
        if -(10**15) < cell < 10**15:
            self._sheet.write_number(row, column, cell)
        else:
            self._string(row, column, str(cell))

    def _string(self, row: int, column: int, text: str) -> None:
        quoted = text.startswith(("=", "+", "-", "@", "\t", "\r"))
        self._sheet.write_string(row, column, text[:32767], self._quoted if quoted else self._text)
