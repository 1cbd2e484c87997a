"""Builds `summons.docx`, the Word template of the summons of a course."""

from __future__ import annotations

from typing import Any

from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt
from docx.table import Table

from templates.print.word import command, foot, head, line, paper, save, say, table, text, title


def build() -> Paper:
    """The template."""
    made = paper()
    head(made)
    title(made, "GIẤY TRIỆU TẬP", "{{ title }}")
    text(made, "{{ opening }}")
    _each(made, "points")
    say(made, "{%p if sessions %}")
    _timetable(made)
    say(made, "", size=6)
    say(made, "{%p endif %}")
    _each(made, "closing")
    foot(made)
    _annex(made)
    return made


def _each(made: Paper, name: str) -> None:
    """A paragraph for each line of a list."""
    say(made, f"{{%p for line in {name} %}}")
    text(made, "{{ line }}")
    say(made, "{%p endfor %}")


def _timetable(made: Paper) -> None:
    heads = ("Buổi", "Ngày", "Giờ", "Địa điểm", "Nội dung", "Số tiết")
    found = table(made, heads, (12, 34, 27, 40, 38, 14))
    command(found, "{%tr for row in sessions %}")
    line(found, [f"{{{{ row[{at}] }}}}" for at in range(len(heads))], words=(3, 4))
    command(found, "{%tr endfor %}")


def _annex(made: Paper) -> None:
    """The list by office, on a page of its own."""
    first = say(made, "DANH SÁCH HỌC VIÊN", bold=True)
    first.paragraph_format.page_break_before = True
    say(made, "{{ annex }}", italic=True, size=13).paragraph_format.space_after = Pt(8)
    found = table(made, ("STT", "Họ và tên", "Chức vụ", "Ghi chú"), (14, 62, 55, 34), 13)
    command(found, "{%tr for office in list %}")
    _office(found)
    command(found, "{%tr for row in office.rows %}")
    cells = ["{{ row[0] }}", "{{ row[1] }}", "{{ row[2] }}", ""]
    line(found, cells, words=(1, 2), size=13)
    command(found, "{%tr endfor %}")
    command(found, "{%tr endfor %}")


def _office(found: Table) -> None:
    """The row that names an office, across the whole table."""
    rows: Any = found
    cells = rows.add_row().cells
    whole = cells[0].merge(cells[-1])
    words = whole.paragraphs[0]
    words.alignment = ALIGN.LEFT
    words.paragraph_format.space_before = words.paragraph_format.space_after = Pt(2)
    words.paragraph_format.keep_with_next = True
    run = words.add_run("{{ office.name }}")
    run.bold, run.font.size = True, Pt(13)
    whole.width = Mm(165)


if __name__ == "__main__":
    save(build(), "summons.docx")
