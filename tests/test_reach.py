"""What is out of reach is not there, whatever is sent to it."""

from __future__ import annotations

import re

import pytest

from tests.policy import COLUMNS, policy, things
from tests.test_policy import word
from tests.visitor import visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

AT_THE_DOOR = ("household", "visit", "resident", "consent", "follow_up")
WRITES = ("POST", "PATCH")
FIELDS = (
    "version on reason why verdict gone team due_on assignee head area met met_at day people"
    " age_band consent_method service outcome"
)
NONSENSE = dict.fromkeys(FIELDS.split(), "x" * 2000)
ELSEWHERE = [column for column in COLUMNS if "elsewhere" in column[0]]
ROUTES = {
    route: words
    for route, words in policy().items()
    if route.startswith(WRITES) and any(f"{{{name}}}" in route for name in AT_THE_DOOR)
}


async def test_the_table_hides_every_thing_from_those_elsewhere() -> None:
    columns = [COLUMNS.index(column) for column in ELSEWHERE]
    shown = [
        route
        for route, words in ROUTES.items()
        if {words[column] for column in columns} - {"404", "403"}
    ]
    assert len(ROUTES) > 15
    assert shown == []


@pytest.mark.parametrize(("who", "player", "where"), ELSEWHERE, ids=[c[0] for c in ELSEWHERE])
async def test_nonsense_sent_to_what_is_out_of_reach_is_answered_like_nothing(
    who: str, player: object, where: str
) -> None:
    column, names = [c[0] for c in COLUMNS].index(who), await things(where)
    async with await visit(player) as visitor:  # type: ignore[arg-type]
        for route, words in ROUTES.items():
            method, _, path = route.partition(" ")
            filled = re.sub(r"\{(\w+)\}", lambda name: names[name[1]], path)
            sent = {"json": NONSENSE} if path.startswith("/api") else {"data": NONSENSE}
            answer = await visitor.http.request(method, filled, **sent)  # type: ignore[arg-type]
            assert word(answer) == words[column], f"{route}: {who}"
