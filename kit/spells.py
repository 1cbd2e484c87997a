"""Time and the tree in SQL: what held on a day, and what lies under a path."""

from collections.abc import Iterable
from uuid import UUID

from kit.database import SQL, Day, any_of

EVERYWHERE = "/"


def as_of(alias: str, day: Day, since: str = "since", until: str = "until") -> SQL:
    """The condition that a spell (`until` is the first day after it) holds on a day."""
    return SQL(
        f"({alias}.{since} <= {{}} AND ({alias}.{until} IS NULL OR {{}} < {alias}.{until}))",
        day,
        day,
    )


def last_known(alias: str, day: Day) -> SQL:
    """The condition that a spell of an area holds on a day, or was the last to hold before it: what
    happened there stays where it was when the area has ended."""
    return SQL(
        f"{alias}.since = (SELECT max(z.since) FROM area_spell z"
        f" WHERE z.area = {alias}.area AND z.since <= {{}})",
        day,
    )


def within(column: str, prefixes: Iterable[str]) -> SQL:
    """The condition that a path column lies under one of the prefixes; an index serves it.

    `/1/12/` covers everything up to, not including, `/1/120`: `0` is the letter after `/`.
    """
    return any_of(
        SQL("1 = 1")
        if prefix == EVERYWHERE
        else SQL(f"({column} >= {{}} AND {column} < {{}})", prefix, prefix[:-1] + "0")
        for prefix in prefixes
    )


def under(column: str, area: UUID, day: Day) -> SQL:
    """The condition that a path column lies in an area as it stood on a day.

    The ends of the range are looked up once, before the rows, so that the index of paths serves.
    """
    first = SQL("f.area = {} AND {}", area, as_of("f", day))
    return SQL(
        f"({column} >= (SELECT f.path FROM area_spell f WHERE {{}}) AND {column} <"
        " (SELECT substr(f.path, 1, length(f.path) - 1) || '0' FROM area_spell f WHERE {}))",
        first,
        first,
    )
