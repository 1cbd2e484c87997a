"""How many questions a page asks the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kit.database import DB
from places.settings.queries import find_body
from teams.catalogues.queries import find_catalogues
from teams.households.due import due_rule

MOST = 6


async def warm() -> None:
    """Let the process read what it keeps for some seconds: settings, catalogues, holidays."""
    await find_body()
    await find_catalogues()
    await due_rule()


@contextmanager
def few_queries(most: int = MOST) -> Iterator[None]:
    """Fail when more than `most` queries run inside."""
    before = DB.queries_run
    yield
    asked = DB.queries_run - before
    assert asked <= most, f"{asked} queries"
