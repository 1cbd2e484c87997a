"""A prefix of the tree in SQL holds just what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.database import run
from kit.spells import within

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

NUMBERS = st.lists(st.sampled_from([1, 2, 9, 10, 11, 12, 19, 99, 100, 120, 121]), max_size=4)
PATHS = NUMBERS.map(lambda numbers: "/" + "".join(f"{number}/" for number in numbers))
GIVEN: list[tuple[list[str], list[str]]] = []


@given(st.lists(PATHS, min_size=1, max_size=12, unique=True), st.lists(PATHS, max_size=3))
def collect(paths: list[str], prefixes: list[str]) -> None:
    """Keep what was drawn, to be asked inside the event loop."""
    GIVEN.append((paths, prefixes))


async def test_within_is_starts_with() -> None:
    GIVEN.clear()
    collect()
    assert len(GIVEN) > 50
    for paths, prefixes in GIVEN:
        rows = " UNION ALL ".join(["SELECT CAST({} AS text) AS path"] * len(paths))
        sql = f"SELECT p.path FROM ({rows}) p WHERE {{}}"
        found = await run(sql, *paths, within("p.path", prefixes))
        wanted = {path for path in paths if path.startswith(tuple(prefixes))}
        assert {row["path"] for row in found} == wanted


async def test_an_area_is_not_within_one_whose_number_begins_alike() -> None:
    for path, inside in (("/1/120/", False), ("/1/12/", True), ("/1/12/3/", True), ("/1/", False)):
        sql = "SELECT 1 AS one FROM (SELECT CAST({} AS text) AS path) p WHERE {}"
        assert bool(await run(sql, path, within("p.path", ["/1/12/"]))) == inside
