"""The register as a workbook holds it: title rows, then people under headings of commune and team.

Pure reading of cells: nothing here knows what is stored. Call it in a thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kit.days import parse_day
from kit.i18n import N_
from kit.sheets import Cell, Header, Line, Row, Sheet, as_text, find_header, read_lines, sheet_total
from kit.text import fold, nfc, proper_name, squeeze
from people.imports.kinds import Words, texts, words
from teams.imports.columns import COLUMNS

NO_NAME = N_("The name is missing.")
NO_POSITION = N_("The position in the team is missing.")
NO_PLACE = N_("No heading above this row says which team it belongs to.")
LOST = N_("The heading “%(heading)s” was not understood, so the team is not known.")

_NUMBERING = re.compile(r"^(?:[IVXLC]+|\d+|[A-ZĐ])\s*[.)/:\-–]\s*(?=\S)")
_BODY = re.compile(r"^(?:ủy ban nhân dân|uỷ ban nhân dân|ubnd)\s+(.+)$", re.IGNORECASE)
_DECISION = re.compile(
    r"(?:quyết định|qđ)\s*(?:số)?\s*:?\s*([\w/.\-]*\d[\w/.\-]*),?\s+ngày\s+"
    r"(\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{4}|\d{1,2} tháng \d{1,2},? năm \d{4})",
    re.IGNORECASE,
)
COMMUNES = ("xã", "phường", "thị trấn", "đặc khu")
HAMLETS = (
    "tổ dân phố", "khu phố", "khu vực", "khóm", "xóm", "thôn", "ấp", "bản", "buôn", "làng",
)  # fmt: skip
ABOVE = ("tỉnh", "thành phố", "huyện", "quận", "thị xã")
_HAMLET_INSIDE = re.compile(rf"\b({'|'.join(HAMLETS)})\s+\S.*$", re.IGNORECASE)


@dataclass(frozen=True)
class Head:
    """What the title rows say: the body's area, the founding decision and its day."""

    body: str = ""
    decision: str = ""
    decided_on: date | None = None


@dataclass
class MemberRow:
    """A person's row: its values, its faults, and the place the headings or its cells give."""

    number: int
    values: dict[str, Any]
    wrong: list[Words]
    commune: str
    hamlet: str
    team: str
    cells: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name as read, or as it stands."""
        return str(self.values.get("name") or self.cells[_NAME_AT])

    @property
    def place(self) -> str:
        """Where it stands, for the eye."""
        return ", ".join(part for part in (self.team or self.hamlet, self.commune) if part)


_NAME_AT = [column.key for column in COLUMNS].index("name")


@dataclass(frozen=True)
class Register:
    """A whole sheet, read; `totals` is what its last row says: {"to": 43, "thanh vien": 215}."""

    head: Head
    rows: list[MemberRow]
    totals: dict[str, int]


def read_register(sheet: Sheet) -> Register:
    """The register in a sheet. Raises SheetError when headers are missing."""
    header = find_header(sheet.rows, COLUMNS)
    rows = list(_people(sheet.rows, header))
    return Register(read_head(sheet.rows, header.row), rows, sheet_total(sheet.rows))


def read_head(rows: Sequence[Row], before: int) -> Head:
    """What the rows above the headers say."""
    titles = [squeeze(c) for n, cells in rows if n < before for c in cells if isinstance(c, str)]
    body = next((found[1] for title in titles if (found := _BODY.match(title))), "")
    found = _DECISION.search(" ".join(titles))
    try:
        day = parse_day(found[2]) if found else None
    except ValueError:
        day = None
    return Head(place_name(body) if body else "", found[1].strip(".") if found else "", day)


def place_name(name: str) -> str:
    """A place as it is written: "THỊ TRẤN TÂN TRỤ" is "Thị trấn Tân Trụ", "ấp 1" is "Ấp 1"."""
    name = proper_name(name)
    kind = place_kind(name)
    if kind:
        name = kind + name[len(kind) :]
    return name[:1].upper() + name[1:]


def place_kind(name: str) -> str:
    """The word a place's name begins with ("thị trấn"), or an empty string."""
    lower = nfc(name).lower()
    every = (*COMMUNES, *HAMLETS, *ABOVE)
    return next((word for word in every if lower.startswith(word + " ")), "")


def hamlet_of(team: str) -> str:
    """The hamlet a team's name ends with, or an empty string."""
    found = _HAMLET_INSIDE.search(nfc(team))
    return place_name(found[0]) if found else ""


def team_name(text: str, hamlet: str) -> str:
    """A team's name; one typed all in capitals is made from its hamlet."""
    if hamlet and text and text == text.upper():
        return f"Tổ CNSCĐ {hamlet[:1].lower()}{hamlet[1:]}"
    return text[:1].upper() + text[1:]


@dataclass
class _Place:
    """Where the rows that follow stand."""

    commune: str = ""
    hamlet: str = ""
    team: str = ""
    lost: str = ""

    def enter(self, heading: str) -> None:
        """Go on below a heading."""
        text = _NUMBERING.sub("", heading)
        key = fold(text)
        kind = place_kind(text)
        self.lost = ""
        if kind in COMMUNES:
            self.commune, self.hamlet, self.team = place_name(text), "", ""
        elif kind in HAMLETS:
            self.hamlet, self.team = place_name(text), ""
        elif key.startswith("to "):
            self.team = text
            self.hamlet = hamlet_of(text) or self.hamlet
        else:
            self.hamlet, self.team, self.lost = "", "", text


def _people(rows: Sequence[Row], header: Header) -> Iterator[MemberRow]:
    place, over = _Place(), False
    for line in read_lines(rows, header, COLUMNS):
        heading = _heading(line.cells)
        if heading is None and not _blank(line, header):
            yield _member(line, header, place)
        elif heading and re.match(r"(tong|cong)\b.*\d", fold(heading)):
            over = True
        elif heading and not over:
            place.enter(heading)


def _heading(cells: Sequence[Cell]) -> str | None:
    """The text of a row that holds nothing but a text, or a number and a text."""
    held = [cell for cell in cells if cell is not None]
    if len(held) == 1 and isinstance(held[0], str):
        return squeeze(held[0])
    if len(held) == 2 and isinstance(held[1], str):
        number, text = as_text(held[0]), squeeze(held[1])
        if re.fullmatch(r"[IVXLC]+|\d+|[A-Z]", number) and (
            place_kind(text) or fold(text).startswith("to ")
        ):
            return text
        if re.match(r"(tong|cong)\b", fold(number)):
            return f"{number} {text}"
    return None


def _blank(line: Line, header: Header) -> bool:
    """Whether nothing stands in any column we know, only a running number perhaps."""
    held = {at for at, cell in enumerate(line.cells) if cell is not None}
    return not held & set(header.places.values())


def _member(line: Line, header: Header, place: _Place) -> MemberRow:
    values = line.values
    wrong = [words(sentence) for sentence in line.wrong.values()]
    for key, sentence in (("name", NO_NAME), ("position", NO_POSITION)):
        if values[key] is None and key not in line.wrong:
            wrong.append(words(sentence))
    commune = place_name(values["commune"]) if values["commune"] else place.commune
    own = values["hamlet"] or (hamlet_of(values["team"]) if values["team"] else "")
    hamlet = place_name(own) if own else ("" if values["team"] else place.hamlet)
    text = _NUMBERING.sub("", values["team"] or ("" if own else place.team))
    if place.lost and not (values["commune"] or own or text):
        wrong.append(words(LOST, heading=place.lost[:60]))
    elif not (commune or hamlet or text):
        wrong.append(words(NO_PLACE))
    return MemberRow(
        line.number,
        values,
        wrong,
        commune,
        hamlet,
        team_name(text, hamlet),
        list(texts((line.number, line.cells), header.places, COLUMNS).values()),
    )
