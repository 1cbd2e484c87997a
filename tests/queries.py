"""How many questions a page asks the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kit.database import DB

MOST = 6


@contextmanager
def few_queries(most: int = MOST) -> Iterator[None]:
    """Fail when more than `most` queries run inside."""
    before = DB.queries_run
    yield
    asked = DB.queries_run - before
    assert asked <= most, f"{asked} queries"
