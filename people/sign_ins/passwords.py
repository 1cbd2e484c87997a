"""Passwords: argon2id, in threads, a few at a time, so that a rush cannot eat the machine."""

import asyncio
import unicodedata
from weakref import WeakKeyDictionary

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 8
LONGEST = 1000
_AT_ONCE = 2
_hasher = PasswordHasher()
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
_NOBODY = _hasher.hash("nobody has this password")
_ROWS = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnop", "qwertyuiop")
_COMMON = {"password", "matkhau", "iloveyou", "vietnam", "admin"}


def _turn() -> asyncio.Semaphore:
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE))


def typed_password(password: str) -> str:
    """The password whichever keyboard wrote it: one form of each letter, no spaces around it."""
    return unicodedata.normalize("NFKC", password).strip()


def is_guessable(password: str, phone: str = "") -> bool:
    """Whether anybody would try it first: few letters, a row of keys, one's own phone."""
    plain = typed_password(password).casefold()
    own = phone.removeprefix("+84")
    return (
        len(set(plain)) < 4
        or any(plain in row for row in _ROWS)
        or plain.strip("0123456789@!.") in _COMMON
        or (bool(own) and plain.removeprefix("+84").removeprefix("0") == own)
    )


async def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    async with _turn():
        return await asyncio.to_thread(_hasher.hash, typed_password(password))


async def is_password(stored: str | None, password: str) -> bool:
    """Whether the password fits; takes as long when there is no account or no password."""
    async with _turn():
        fits = await asyncio.to_thread(_verify, stored or _NOBODY, typed_password(password))
    return fits and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
