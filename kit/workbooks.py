"""Checks an untrusted .xlsx before anything reads it.

The spreadsheet reader trusts what a file says of itself: one cell at the far corner of a sheet
makes it ask for half a terabyte, a wrong count for 20 GB, and that ends the whole process. So
each file is unpacked here under limits, its parts are walked, and only what was walked is packed
again for the reader: nothing it sees has gone unchecked.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat

from kit.i18n import N_

SENTENCES = {
    "empty": N_("The file is empty. Choose the workbook that holds the list."),
    "too_large": N_("The file is larger than %(limit)s MB. Keep only the list and save it again."),
    "not_xlsx": N_("This is not an Excel workbook (.xlsx). Save the list as .xlsx and try again."),
    "old_xls": N_("This is an old Excel file (.xls). Save it as .xlsx and try again."),
    "password": N_("The workbook has a password. Take the password off and try again."),
    "broken": N_("The workbook is damaged. Open it in Excel, save it again and try once more."),
    "bomb": N_("The workbook unpacks to far too much. Copy the list into a new workbook."),
    "spread": N_("Cells far from the list make the sheet too large. Copy the list to a new sheet."),
    "too_many_rows": N_("The sheet has more than %(limit)s rows. Split it into several files."),
    "headers": N_("These columns were not found: %(missing)s. Compare with the sample file."),
}


class SheetError(ValueError):
    """A refused workbook: a stable `code`, a sentence to translate and what to fill it with."""

    def __init__(self, code: str, **details: str | int) -> None:
        self.code = code
        self.sentence = SENTENCES[code]
        self.details = details
        super().__init__(self.say())

    def say(self, translate: Callable[[str], str] = str) -> str:
        """The filled sentence in the language of `translate` (a gettext function)."""
        return translate(self.sentence) % self.details


@dataclass(frozen=True)
class Limits:
    """What an upload may cost; sizes in bytes."""

    upload: int = 10 * 1024 * 1024
    unpacked: int = 64 * 1024 * 1024
    parts: int = 2_000
    ratio: int = 200
    rows: int = 20_000
    grid: int = 2_000_000
    text: int = 256_000_000


LIMITS = Limits()

_CFB = bytes.fromhex("d0cf11e0a1b11ae1")
_STEP = 64 * 1024
_SMALL = 1024 * 1024
_SHARED_TEXT = re.compile(rb"[<:]si[\s/>]")
_REF = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    UnicodeError,
    ValueError,
)


def checked(data: bytes, limits: Limits = LIMITS) -> bytes:
    """The same workbook with only its XML parts, each one unpacked and walked; or SheetError."""
    if not data:
        raise SheetError("empty")
    if len(data) > limits.upload:
        raise SheetError("too_large", limit=limits.upload // (1024 * 1024))
    if data.startswith(_CFB):
        raise SheetError(_kind_of_compound(data))
    if not data.startswith(b"PK"):
        raise SheetError("not_xlsx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _repacked(archive, limits)
    except SheetError:
        raise
    except _DAMAGE:
        raise SheetError("broken") from None


def _kind_of_compound(data: bytes) -> str:
    """What an OLE compound file is, by the names in its directory."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "password"
    books = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
    return "old_xls" if any(book in data for book in books) else "not_xlsx"


def _repacked(archive: zipfile.ZipFile, limits: Limits) -> bytes:
    parts = archive.infolist()
    _refuse_by_directory(parts, limits)
    left = limits.unpacked
    clean = io.BytesIO()
    walk = _Walk()
    with zipfile.ZipFile(clean, "w") as copy:
        for part in parts:
            if part.filename.lower().endswith((".xml", ".rels")):
                content = _unpacked(archive, part, left)
                left -= len(content)
                walk.part(content, limits)
                copy.writestr(part.filename, content)
    if walk.longest * walk.shared > limits.text:
        raise SheetError("bomb")
    return clean.getvalue()


def _refuse_by_directory(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    """What the directory admits by itself; what it hides is caught while unpacking."""
    names = {part.filename.lower() for part in parts}
    if "xl/workbook.xml" not in names:
        raise SheetError("not_xlsx")
    if any(part.flag_bits & 1 for part in parts):
        raise SheetError("password")
    if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.unpacked:
        raise SheetError("bomb")
    if any(p.file_size > max(_SMALL, limits.ratio * p.compress_size) for p in parts):
        raise SheetError("bomb")
    methods = {part.compress_type for part in parts}
    if len(names) < len(parts) or not methods <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise SheetError("broken")


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> bytes:
    """A part's content, given up as soon as it is longer than `left`."""
    content = bytearray()
    with archive.open(part) as packed:
        while piece := packed.read(_STEP):
            content += piece
            if len(content) > left:
                raise SheetError("bomb")
    return bytes(content)


class _Walk:
    """Counts, over all parts, what the reader would make of them.

    The reader keeps a full rectangle up to the last filled cell of a sheet, and a copy of a
    shared text for each cell that names it.
    """

    def __init__(self) -> None:
        self.longest = 0
        """Length of the longest shared text."""
        self.shared = 0
        """How many cells of the widest sheet hold text."""

    def part(self, content: bytes, limits: Limits) -> None:
        """Walk one part; SheetError when it is damaged or would cost too much."""
        is_sheet = b"sheetData" in content
        if b"\0" in content or (is_sheet and _SHARED_TEXT.search(content)):
            raise SheetError("broken")
        walk = _SheetWalk(limits) if is_sheet else _TextWalk(limits)
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.StartElementHandler = walk.start
        if isinstance(walk, _TextWalk):
            parser.CharacterDataHandler = walk.text
        try:
            parser.Parse(content, True)
        except expat.ExpatError:
            raise SheetError("broken") from None
        self.longest = max(self.longest, walk.longest)
        self.shared = max(self.shared, walk.shared)


def _no_doctype(*_parts: object) -> None:
    raise SheetError("broken")


class _PartWalk:
    """What any part may not do: announce more things than fit, for which room would be made."""

    def __init__(self, limits: Limits) -> None:
        self.longest = 0
        self.shared = 0
        self._limits = limits

    def _refuse_counts(self, attributes: dict[str, str]) -> None:
        for name in ("count", "uniqueCount"):
            announced = attributes.get(name, "")
            if len(announced) > 9 or (announced.isdecimal() and int(announced) > self._limits.grid):
                raise SheetError("bomb")


class _TextWalk(_PartWalk):
    """Finds the longest of the shared texts."""

    _length = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._refuse_counts(attributes)
        if tag.rpartition(":")[2] == "si":
            self._length = 0

    def text(self, piece: str) -> None:
        self._length += len(piece)
        self.longest = max(self.longest, self._length)


class _SheetWalk(_PartWalk):
    """Follows the filled cells of one sheet and refuses it when they reach too far."""

    _row = _column = _height = _width = _filled = 0
    _pending = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "row":
                self._row = _whole(attributes["r"]) if "r" in attributes else self._row + 1
                self._column = 0
                self._pending = False
            case "c":
                self._place(attributes.get("r"))
                self.shared += attributes.get("t") == "s"
                self._pending = True
            case _ if self._pending:
                self._pending = False
                self._fill()
            case _:
                self._refuse_counts(attributes)

    def _place(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
            return
        found = _REF.fullmatch(reference)
        if not found:
            raise SheetError("broken")
        self._row = int(found[2])
        self._column = 0
        for letter in found[1].upper():
            self._column = self._column * 26 + ord(letter) - 64

    def _fill(self) -> None:
        self._filled += 1
        self._height = max(self._height, self._row)
        self._width = max(self._width, self._column)
        if self._height * self._width > self._limits.grid:
            if self._filled * 4 < self._limits.grid:
                raise SheetError("spread")
            raise SheetError("too_many_rows", limit=self._limits.rows)


def _whole(digits: str) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", digits):
        raise SheetError("broken")
    return int(digits)
