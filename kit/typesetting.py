"""Papers to print: PDF from a typst template, Word from a .docx template.

Both take their data as values, never pasted into the template's text. Templates stand in
`templates/print/`, the fonts beside them, so that every machine sets the same letters. All
functions are plain and synchronous: call them in a thread.
"""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typst
from docxtpl import DocxTemplate
from pypdf import PdfWriter

PRINT = Path(__file__).parent.parent / "templates" / "print"


def to_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """The PDF that `templates/print/<template>` makes of the data.

    The template reads it as `json(bytes(sys.inputs.data))`: days and numbers come as the caller
    wants them shown.
    """
    return typst.compile(
        PRINT / template,
        root=PRINT,
        font_paths=[PRINT / "fonts"],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )


def to_word(template: str, data: Mapping[str, Any]) -> bytes:
    """The Word file that `templates/print/<template>` makes of the data; words are escaped."""
    document = DocxTemplate(PRINT / template)
    document.render(dict(data), autoescape=True)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def join_pdfs(parts: Sequence[bytes]) -> bytes:
    """The pages of several PDFs as one file; fonts and drawings they share are kept once."""
    if len(parts) == 1:
        return parts[0]
    whole = PdfWriter()
    for part in parts:
        whole.append(io.BytesIO(part))
    whole.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    made = io.BytesIO()
    whole.write(made)
    return made.getvalue()
