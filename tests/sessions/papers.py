"""What papers say: the tables of a page, a workbook and a Word file, the words of a PDF."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import Any

import python_calamine
from docx import Document
from pypdf import PdfReader

from sessions.results.grids import shown


def lines_of_page(text: str) -> list[list[str]]:
    """The rows of all tables of a page, as text."""
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", text, re.DOTALL)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in found]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def lines_of_book(data: bytes) -> list[list[str]]:
    """The rows of all sheets, as the page would write them."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return [[written(cell) for cell in row] for sheet in sheets for row in sheet]


def written(cell: Any) -> str:
    """A cell of a workbook as the page writes it."""
    whole = isinstance(cell, float) and cell.is_integer()
    return shown(int(cell) if whole else Decimal(str(cell)) if isinstance(cell, float) else cell)


def short(cell: str) -> str:
    """A figure of the page as a workbook and the API know it: numbers, without zeros at the end."""
    return re.sub(r",0+$|(,\d*[1-9])0+$", r"\1", cell)


def lines_of_word(data: bytes) -> list[list[str]]:
    """The rows of all tables of a Word file, those of head and foot aside."""
    tables = Document(io.BytesIO(data)).tables
    return [[cell.text for cell in row.cells] for table in tables for row in table.rows]


def words_of_pdf(data: bytes) -> list[str]:
    """The words of a PDF in their order."""
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split()


def has_run(words: list[str], run_of: list[str]) -> bool:
    """Whether words stand in a row somewhere."""
    return any(words[at : at + len(run_of)] == run_of for at in range(len(words) - len(run_of) + 1))
