"""Made-up workbooks, good and bad, for the tests of reading."""

import io
import zipfile
from pathlib import Path

DATA = Path(__file__).parents[2] / "demo" / "data"
MEMBERS = DATA / "thanh-vien-to-cnscd.xlsx"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"


def sheet_xml(rows: str) -> str:
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def with_part(name: str, content: str | bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The members' workbook with one part put in or put in the place of another."""
    made = io.BytesIO()
    with zipfile.ZipFile(MEMBERS) as old, zipfile.ZipFile(made, "w", method) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part))
        new.writestr(name, content)
    return made.getvalue()


def with_rows(rows: str) -> bytes:
    return with_part(SHEET, sheet_xml(rows))


def compound(*names: str) -> bytes:
    """An OLE compound file with these names in its directory."""
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    return head + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names)


def lying_zip(name: str, size: int) -> bytes:
    """A workbook whose part unpacks to `size` bytes while the directory says 10."""
    data = bytearray(with_part(name, b" " * size))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)
