"""What every paper of training says at its head and its foot, in the form of Decree 30/2020.

Papers are Vietnamese whatever the reader's language: they go to offices. The number and the day
stay blank, for the clerk gives them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypedDict

from kit import clock
from kit.text import fold
from places.settings.queries import Body

COMMITTEE = "uy ban nhan dan"
_COMMITTEE = re.compile(r"(Ủy ban nhân dân|Uỷ ban nhân dân)\s+(.+)", re.IGNORECASE)
_PLACE = re.compile(
    r"(?:.* )?(?:xã|phường|thị trấn|đặc khu|huyện|tỉnh|thành phố)\s+(.+)", re.IGNORECASE
)


class Head(TypedDict):
    """The head of a paper, as `templates/print/decree30.typ` and the Word templates read it: the
    lines of the body above and of the body, the sign after the number, the place before the day."""

    above: list[str]
    body: list[str]
    symbol: str
    place_day: str


class Foot(TypedDict):
    """The foot of a paper: who gets it, the lines above the signature, the name below it; an
    empty name is left to be written."""

    receivers: list[str]
    signing: list[str]
    name: str


def head_of(body: Body, kind: str) -> Head:
    """The head of a paper of the body; `kind` is the sign of its type: "BC" for a report."""
    writer = "UBND" if is_committee(body) else ""
    year = clock.today().year
    return {
        "above": _lines(body.parent),
        "body": _lines(in_full(body.name)),
        "symbol": f"/{kind}-{writer}",
        "place_day": f"{place_of(body)}, ngày      tháng      năm {year}",
    }


def foot_of(body: Body, receivers: Sequence[str]) -> Foot:
    """The foot of a paper; Lưu: VT closes every list of receivers."""
    signing, name = signing_of(body), body.signer
    return {"receivers": [*receivers, "Lưu: VT"], "signing": signing, "name": name}


def signing_of(body: Body) -> list[str]:
    """The lines above the signature, as the settings say; without them those of the chair."""
    if body.signing:
        return body.signing.splitlines()
    return ["TM. Ủy ban nhân dân", "Chủ tịch"] if is_committee(body) else ["Thủ trưởng đơn vị"]


def _lines(name: str) -> list[str]:
    """A name as a head has it: a committee on one line, its place on the next."""
    found = _COMMITTEE.fullmatch(name)
    return [found[1], found[2]] if found else [name] if name else []


def in_full(name: str) -> str:
    """The name of the body that writes, which the form wants in full; that of the body above may
    be shortened."""
    return re.sub(r"^UBND\b", "Ủy ban nhân dân", name)


def is_committee(body: Body) -> bool:
    """Whether the body is a people's committee, whose papers bear its sign."""
    return fold(body.name).startswith((COMMITTEE, "ubnd"))


def place_of(body: Body) -> str:
    """The name of the place, as it stands before the day; dots where the body has none."""
    found = _PLACE.fullmatch(body.name)
    return found[1] if found else "……………"
