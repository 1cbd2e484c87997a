"""Signed words of check-in: the code of the wall, the ticket of an opened page, the receipt.

All are made of the secret of a training session by HMAC-SHA256, so nothing is stored for them. A
code of the wall is shown for 30 s and taken for 90 s more; whoever opens its page in that time
gets a ticket of a quarter of an hour, so that a slow phone is not thrown out.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

WINDOW = 30
"""Seconds for which the wall shows a code."""
GRACE = 90
"""Seconds for which a code is taken after the wall has gone on to the next."""
TICKET = timedelta(minutes=15)
DIGITS = 6
_ID, _MAC, _DEVICE, _TIME = 16, 9, 8, 4
_WALL = _ID + _MAC
_TICKET = _ID + _TIME + _DEVICE + _MAC
_RECEIPT = _ID + _ID + 1 + _MAC
_KINDS: dict[int, Literal["wall", "ticket", "receipt"]] = {
    _WALL: "wall",
    _TICKET: "ticket",
    _RECEIPT: "receipt",
}


@dataclass(frozen=True)
class Pass:
    """A word as it came, unchecked: of which session it claims to be."""

    kind: Literal["wall", "ticket", "receipt"]
    meeting: UUID
    body: bytes
    mac: bytes


@dataclass(frozen=True)
class Ticket:
    """A page opened in time: when, and on which device (a hash in hexadecimal)."""

    opened_at: datetime
    device: str


@dataclass(frozen=True)
class Receipt:
    """Who checked in, and whether that person was in already."""

    enrolment: UUID
    again: bool


def window_of(instant: datetime) -> int:
    """The number of the half minute in which an instant falls."""
    return int(instant.timestamp()) // WINDOW


def seconds_left(instant: datetime) -> int:
    """Whole seconds until the wall shows the next code, 1 to 30."""
    return WINDOW - int(instant.timestamp()) % WINDOW


def wall_code(secret: str, meeting: UUID, instant: datetime) -> str:
    """What the QR code of the wall holds in this half minute."""
    body = meeting.bytes
    return _written(body, _sealed(secret, "wall", body + _number(window_of(instant))))


def wall_digits(secret: str, instant: datetime) -> str:
    """The six digits beside it."""
    return _digits(secret, window_of(instant))


def digits_hold(secret: str, digits: str, instant: datetime) -> bool:
    """Whether the wall shows these digits, or showed them within the grace."""
    shown = [_digits(secret, window) for window in _accepted(instant)]
    return any(hmac.compare_digest(digits.encode(), one.encode()) for one in shown)


def read_pass(word: str) -> Pass | None:
    """A word of the three kinds, unchecked; None for anything else."""
    try:
        raw = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    kind = _KINDS.get(len(raw))
    if kind is None:
        return None
    return Pass(kind, UUID(bytes=raw[:_ID]), raw[:-_MAC], raw[-_MAC:])


def wall_holds(secret: str, given: Pass, instant: datetime) -> bool:
    """Whether a code of the wall is the one shown, or was within the grace."""
    if given.kind != "wall":
        return False
    macs = [_sealed(secret, "wall", given.body + _number(one)) for one in _accepted(instant)]
    return any(hmac.compare_digest(given.mac, mac) for mac in macs)


def make_ticket(secret: str, meeting: UUID, opened_at: datetime, device: str) -> str:
    """The ticket of a page opened at an instant on a device (16 hexadecimal digits)."""
    seconds = int(opened_at.timestamp()).to_bytes(_TIME, "big")
    body = meeting.bytes + seconds + bytes.fromhex(device)
    return _written(body, _sealed(secret, "ticket", body))


def read_ticket(secret: str, given: Pass, instant: datetime) -> Ticket | None:
    """What a ticket says; None for one that is not ours, or too old."""
    if given.kind != "ticket" or not _is_ours(secret, given):
        return None
    seconds = int.from_bytes(given.body[_ID : _ID + _TIME], "big")
    opened_at = datetime.fromtimestamp(seconds, UTC)
    if not timedelta(seconds=-1) <= instant - opened_at < TICKET:
        return None
    return Ticket(opened_at, given.body[_ID + _TIME :].hex())


def make_receipt(secret: str, meeting: UUID, enrolment: UUID, *, again: bool) -> str:
    """The address of "you are in", which the trainee may open again."""
    body = meeting.bytes + enrolment.bytes + bytes([again])
    return _written(body, _sealed(secret, "receipt", body))


def read_receipt(secret: str, given: Pass) -> Receipt | None:
    """What a receipt says; None for one that is not ours."""
    if given.kind != "receipt" or not _is_ours(secret, given):
        return None
    return Receipt(UUID(bytes=given.body[_ID : 2 * _ID]), bool(given.body[-1]))


def _accepted(instant: datetime) -> range:
    """The half minutes whose codes hold at an instant: this one, and those within the grace."""
    now = window_of(instant)
    return range(now - GRACE // WINDOW, now + 1)


def _digits(secret: str, window: int) -> str:
    number = int.from_bytes(_sealed(secret, "digits", _number(window)), "big")
    return f"{number % 10**DIGITS:0{DIGITS}}"


def _is_ours(secret: str, given: Pass) -> bool:
    return hmac.compare_digest(given.mac, _sealed(secret, given.kind, given.body))


def _sealed(secret: str, use: str, body: bytes) -> bytes:
    """The seal of a word; each use has seals of its own."""
    return hmac.digest(secret.encode(), use.encode() + b"\0" + body, "sha256")[:_MAC]


def _number(window: int) -> bytes:
    return window.to_bytes(8, "big", signed=True)


def _written(body: bytes, mac: bytes) -> str:
    return base64.urlsafe_b64encode(body + mac).decode().rstrip("=")
