"""Searching in fold keys: part of a name, without marks, anywhere."""

from __future__ import annotations

from kit.database import SQL
from kit.text import fold


def holds(column: str, typed: str) -> SQL:
    """The condition that a fold key holds what was typed; always true for nothing typed.
    `%` and `_` stand for themselves.
    """
    plain = fold(typed).replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return SQL(f"{column} LIKE {{}} ESCAPE '!'", f"%{plain}%") if plain else SQL("1 = 1")
