"""The snapshot, the shell and the worker as the server gives them; their weight."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from demo.cast import CAST, HAN, HOANG, NGHI
from kit.database import value
from kit.static import SCRIPT, files
from teams.offline.shell import FILES
from tests.browser import offline
from tests.visitor import visit
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


def packed(path: str) -> int:
    """The bytes of a file on its way."""
    file = files()[path]
    return len(file.packed or file.body)


async def test_hans_snapshot_holds_her_households_and_is_not_sent_twice() -> None:
    async with await visit(HAN) as han:
        first = await han.get("/api/v1/offline/snapshot")
        tag = first.headers["etag"]
        again = await han.get("/api/v1/offline/snapshot", headers={"if-none-match": tag})
    told = first.json()
    assert told["user"] == str(await id_of(HAN.name))
    assert {home["head"] for home in told["households"]} >= {"Nguyễn Thị Ưởng"}
    assert [mate["name"] for mate in told["mates"]].count("Hồ Minh Hoàng") == 1
    assert told["areas"]
    assert first.headers["cache-control"] == "private, no-store"
    assert (again.status_code, again.content) == (304, b"")
    asked = "SELECT count(*) AS n FROM audit_line WHERE action = {}"
    assert await value(asked, "household.list") == 1


async def test_each_user_has_a_snapshot_of_their_own_and_a_trainer_none() -> None:
    async with await visit(HAN) as han, await visit(HOANG) as hoang, await visit(NGHI) as nghi:
        tag = (await han.get("/api/v1/offline/snapshot")).headers["etag"]
        other = await hoang.get("/api/v1/offline/snapshot", headers={"if-none-match": tag})
        none = await nghi.get("/api/v1/offline/snapshot")
    assert other.status_code == 200
    assert other.json()["user"] != str(await id_of(HAN.name))
    assert none.status_code == 403


async def test_the_shell_is_the_same_for_everybody_and_names_nobody() -> None:
    async with await visit(HAN) as han, await visit(None) as stranger:
        texts = {(await it.get("/m/log?language=vi")).text for it in (han, stranger)}
        english = (await han.get("/m/log?language=en")).text
    assert len(texts) == 1
    whole = texts.pop() + english
    assert 'lang="en"' in english
    assert [player.name for player in CAST if player.name in whole] == []


async def test_the_worker_keeps_what_the_shell_needs_and_changes_with_it() -> None:
    async with await visit(None) as stranger:
        worker = await stranger.get("/sw.js")
        kept = json.loads(re.findall(r"FILES = (\[.*?\])", worker.text)[0])
        for path in kept:
            assert (await stranger.get(path)).status_code == 200
        shell = (await stranger.get("/m/log?language=vi")).text
    assert worker.headers["cache-control"] == "no-cache"
    assert worker.headers["content-type"].startswith("text/javascript")
    needed = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', shell))
    assert needed - set(kept) == set()


async def test_our_script_and_the_first_load_are_light() -> None:
    """One script is the pages, the shell and the worker; the first load brings the worker too."""
    assert packed(SCRIPT) <= 12 * 1024, packed(SCRIPT)
    async with await visit(HAN) as han:
        page = await han.get(f"/households/{await id_of('Nguyễn Thị Ưởng')}/visits/new")
    whole = len(gzip.compress(page.content, 5)) + sum(packed(path) for path in FILES)
    assert whole <= 110 * 1024, whole


async def test_every_way_a_visit_could_be_lost_names_tests_that_exist() -> None:
    told = str(offline.__doc__)
    ways = {int(number) for number in re.findall(r"(?m)(?:^|; )(\d+) ", told)}
    assert ways == set(range(1, 31))
    named = re.findall(r"(test_\w+)\.(test_\w+)", told)
    folder = Path(str(offline.__file__)).parent
    texts = {module: (folder / f"{module}.py").read_text("utf-8") for module, _name in named}
    assert [name for module, name in named if f"def {name}(" not in texts[module]] == []
