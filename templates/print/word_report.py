"""Builds `report.docx`, the Word template of the results report of a course."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from templates.print.word import command, foot, head, line, paper, save, say, table, text, title

SMALL = 10


def build() -> Paper:
    """The template."""
    made = paper()
    head(made)
    title(made, "BÁO CÁO", "{{ title }}")
    text(made, "{{ opening }}")
    _heading(made, "I. THÔNG TIN CHUNG")
    _each(made, "course")
    _heading(made, "II. CHUYÊN CẦN")
    text(made, "{{ attendance }}")
    _caption(made, "1. Theo buổi")
    _grid(made, "by_session", [15, 23, *[12.7] * 10], words=())
    _caption(made, "2. Theo cơ quan, đơn vị")
    _grid(made, "by_office", [40, *[12.5] * 10])
    say(made, "{%p if of_substitutes.rows %}")
    _caption(made, "3. Người dự thay")
    _grid(made, "of_substitutes", [15, 23, 42, 45, 40], words=(2, 3, 4), total=False)
    say(made, "{%p endif %}")
    _heading(made, "III. KẾT QUẢ")
    _each(made, "results")
    _grid(made, "of_test", [53, *[16] * 7])
    foot(made)
    _caption(made, "PHỤ LỤC").paragraph_format.page_break_before = True
    _caption(made, "{{ by_person.title }}")
    _grid(made, "by_person", [11, 36, 37, 12, 12, 13, 15, 29], words=(1, 2, 7), total=False)
    return made


def _heading(made: Paper, words: str) -> None:
    found = say(made, words, bold=True, align=ALIGN.LEFT)
    found.paragraph_format.first_line_indent = Mm(10)
    found.paragraph_format.space_before = found.paragraph_format.space_after = Pt(6)
    found.paragraph_format.keep_with_next = True


def _caption(made: Paper, words: str) -> Paragraph:
    found = say(made, words, bold=True, size=13)
    found.paragraph_format.space_before = found.paragraph_format.space_after = Pt(4)
    found.paragraph_format.keep_with_next = True
    return found


def _each(made: Paper, name: str) -> None:
    """A paragraph for each line of a list."""
    say(made, f"{{%p for line in {name} %}}")
    text(made, "{{ line }}")
    say(made, "{%p endfor %}")


def _grid(
    made: Paper,
    name: str,
    widths: Sequence[float],
    words: Sequence[int] = (0,),
    *,
    total: bool = True,
) -> None:
    """A table of sessions/results/grids.py with so many columns; `words` are those of words."""
    places = range(len(widths))
    found = table(made, [f"{{{{ {name}.heads[{at}] }}}}" for at in places], widths, SMALL)
    command(found, f"{{%tr for row in {name}.rows %}}")
    line(found, [f"{{{{ row[{at}] }}}}" for at in places], words, size=SMALL)
    command(found, "{%tr endfor %}")
    if total:
        sums = [f"{{{{ {name}.total[{at}] }}}}" for at in places]
        line(found, sums, words, bold=True, size=SMALL)
    say(made, "", size=6)


if __name__ == "__main__":
    save(build(), "report.docx")
