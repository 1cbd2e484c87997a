"""The codes of certificates: what nobody guesses and everybody can type."""

from __future__ import annotations

import secrets

LETTERS = "2346789ACDEFGHJKMNPQRTVWXY"
"""Signs of which no two look alike on paper: no 0 O, 1 I L, 5 S, and one each of 2 Z, 8 B, U V."""
LENGTH = 16
_ALIKE = str.maketrans("ZBU", "28V")


def new_code() -> str:
    """Sixteen of 26 signs: 75 bits."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def plain_code(typed: str) -> str:
    """A code as it is stored, whatever stands between its letters; "" for what can be none."""
    plain = "".join(sign for sign in typed.upper() if sign.isascii() and sign.isalnum())
    plain = plain.translate(_ALIKE)
    return plain if len(plain) == LENGTH and set(plain) <= set(LETTERS) else ""


def shown_code(code: str) -> str:
    """7KQM-3XPR-V9TD-W4HC, which an eye can compare."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
