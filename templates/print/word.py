"""Word templates in the form of Decree 30/2020: what each of them is built of.

The page is A4, the margins are those of decree30.typ, the letters Times New Roman. Words in double
braces are filled in by docxtpl; `head` and `foot` are the dictionaries of sessions/papers.py.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
LONG, SHORT = Mm(297), Mm(210)


def paper(*, wide: bool = False) -> Paper:
    """An empty paper; `wide` lies it on its side."""
    made = Document()
    style: Any = made.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = 1.0
    section = made.sections[0]
    section.page_width, section.page_height = (LONG, SHORT) if wide else (SHORT, LONG)
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(9)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    _field(number, "PAGE")
    return made


def _field(paragraph: Paragraph, name: str) -> None:
    """What Word counts by itself, such as the number of the page."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    paragraph._p.append(field)  # noqa: SLF001  (python-docx knows no fields)


def say(
    where: Paper | _Cell,
    words: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: float = 14,
    align: ALIGN = ALIGN.CENTER,
) -> Paragraph:
    """A paragraph of one kind of letters."""
    paragraph = where.add_paragraph()
    paragraph.alignment = align
    run = paragraph.add_run(words)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    return paragraph


def text(where: Paper, words: str) -> Paragraph:
    """A paragraph of the body: justified, its first line indented."""
    paragraph = say(where, words, align=ALIGN.JUSTIFY)
    paragraph.paragraph_format.first_line_indent = Mm(10)
    paragraph.paragraph_format.space_after = Pt(6)
    return paragraph


def rule(where: Paper | _Cell, room: float, length: float) -> None:
    """A line of a length in the middle of some room, both in millimetres."""
    paragraph = say(where, "", size=3)
    paragraph.paragraph_format.left_indent = Mm((room - length) / 2)
    paragraph.paragraph_format.right_indent = Mm((room - length) / 2)
    paragraph.paragraph_format.space_before = Pt(3)
    paragraph.paragraph_format.line_spacing = Pt(4)
    edges, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    edges.append(top)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001  (nor borders of a paragraph)
    properties.insert_element_before(edges, "w:spacing", "w:ind", "w:jc", "w:rPr")


def columns(made: Paper, *widths: float, rows: int = 1) -> list[list[_Cell]]:
    """Rows without edges, their columns of widths in millimetres; each cell begins empty."""
    found = made.add_table(rows, len(widths))
    _measure(found, widths)
    for row in found.rows:
        _whole(row)
    cells = [list(row.cells) for row in found.rows]
    for cell in (cell for row in cells for cell in row):
        first = cell.paragraphs[0]._p  # noqa: SLF001
        first.getparent().remove(first)
    return cells


def _whole(row: Any) -> None:
    """Let Word not tear a row apart."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001


def _measure(table: Table, widths: Sequence[float]) -> None:
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _pad(table, Mm(1))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _pad(table: Table, width: Length) -> None:
    """Room between the edges at the sides of a cell and its words."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(round(width.twips)))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    properties: Any = table._tbl.tblPr  # noqa: SLF001  (nor margins of cells)
    properties.append(margins)


def head(made: Paper, room: float = 165) -> None:
    """Who writes at the left, the state and its motto at the right, number and day below."""
    right = room - 72
    (first, second), (number, day) = columns(made, 72, right, rows=2)
    say(first, "{%p for line in head.above %}", size=12)
    say(first, "{{ line|upper }}", size=12)
    say(first, "{%p endfor %}", size=12)
    say(first, "{%p for line in head.body %}", size=12)
    say(first, "{{ line|upper }}", bold=True, size=12)
    say(first, "{%p endfor %}", size=12)
    rule(first, 70, 22)
    say(second, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, size=12)
    say(second, "Độc lập - Tự do - Hạnh phúc", bold=True, size=13)
    rule(second, right - 2, 56)
    say(number, "Số:          {{ head.symbol }}", size=13)
    say(day, "{{ head.place_day }}", italic=True, size=13)
    say(made, "", size=10)


def title(made: Paper, kind: str, abstract: str, room: float = 165) -> None:
    """The type of a paper and its abstract, with the rule of the form below."""
    say(made, kind, bold=True)
    say(made, abstract, bold=True)
    rule(made, room, 45)
    say(made, "", size=8)


def foot(made: Paper, room: float = 165) -> None:
    """Nơi nhận at the left, the signature at the right, on the page of what stands before."""
    say(made, "", size=8).paragraph_format.keep_with_next = True
    [(first, second)] = columns(made, room / 2, room / 2)
    say(first, "Nơi nhận:", bold=True, italic=True, size=12, align=ALIGN.LEFT)
    say(first, "{%p for one in foot.receivers %}", size=11, align=ALIGN.LEFT)
    words = "- {{ one }}{% if loop.last %}.{% else %};{% endif %}"
    say(first, words, size=11, align=ALIGN.LEFT)
    say(first, "{%p endfor %}", size=11, align=ALIGN.LEFT)
    say(second, "{%p for line in foot.signing %}", bold=True)
    say(second, "{{ line|upper }}", bold=True)
    say(second, "{%p endfor %}", bold=True)
    for _line in range(4):
        say(second, "")
    say(second, "{{ foot.name }}", bold=True)


def table(made: Paper, heads: Sequence[str], widths: Sequence[float], size: float = 12) -> Table:
    """A table with edges, its bold heads repeated on each page; widths in millimetres."""
    found: Table = made.add_table(1, len(heads))
    found.style = "Table Grid"
    _measure(found, widths)
    mark = OxmlElement("w:tblHeader")
    found.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001  (nor heads that repeat)
    _fill(found.rows[0].cells, heads, (), bold=True, size=size)
    return found


def line(
    found: Table,
    said: Sequence[str],
    words: Sequence[int] = (0,),
    *,
    bold: bool = False,
    size: float = 12,
) -> None:
    """A row of a table that Word does not tear apart: the columns named by `words` at the left,
    numbers in the middle."""
    rows: Any = found
    row = rows.add_row()
    _whole(row)
    _fill(row.cells, said, words, bold=bold, size=size)


def command(found: Table, words: str) -> None:
    """A row that docxtpl takes for a command, such as `{%tr for row in rows %}`."""
    rows: Any = found
    rows.add_row().cells[0].paragraphs[0].add_run(words)


def _fill(
    cells: Sequence[_Cell], said: Sequence[str], words: Sequence[int], *, bold: bool, size: float
) -> None:
    for number, (cell, text_of) in enumerate(zip(cells, said, strict=True)):
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.alignment = ALIGN.LEFT if number in words else ALIGN.CENTER
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        run = paragraph.add_run(text_of)
        run.bold, run.font.size = bold, Pt(size)


def save(made: Paper, name: str) -> None:
    """Write a template beside this file, or where the command line says."""
    made.save(str(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).with_name(name)))
