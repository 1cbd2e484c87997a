"""The pages of a list together are the list, whatever is added meanwhile."""

from __future__ import annotations

import random

import httpx
import pytest

from demo.cast import HOA
from kit.database import value
from kit.text import sort_key
from people.permissions import MACHINE
from people.persons.commands import AddPersonForm, add_person
from tests.programs import V1, all_items, program
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

SYLLABLES = ("An", "Ánh", "Ấm", "Đạt", "Dung", "Ơn", "Ưng", "Ý", "Yên", "hòa", "Hoà", "Nguyễn")


async def add(dice: random.Random) -> str:
    """A person of a random name; names repeat, so that the id must decide."""
    name = " ".join(dice.choice(SYLLABLES) for _ in range(dice.choice((2, 2, 3))))
    area = await id_of("Ấp 1")
    form = AddPersonForm(name=name, area=area, organisation="x", really_new=True)
    return str(await add_person(MACHINE, form))


@pytest.mark.parametrize("seed", range(4))
async def test_pages_together_are_the_whole(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(20):
        await add(dice)
    whole = await value("SELECT count(*) AS n FROM person")
    async with await program(HOA) as hoa:
        for limit in (1, 3, 7, whole, 200):
            found = await all_items(hoa, "/persons", limit)
            assert len({person["id"] for person in found}) == len(found) == whole
            keys = [sort_key(person["name"]) for person in found]
            assert keys == sorted(keys)


@pytest.mark.parametrize("seed", range(4))
async def test_nobody_is_lost_or_doubled_while_others_are_added(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(15):
        await add(dice)
    async with await program(HOA) as hoa:
        before = {person["id"] for person in await all_items(hoa, "/persons")}
        found: list[str] = []
        after: str | None = None
        while True:
            asked = {"limit": "4", **({"after": after} if after else {})}
            page = (await hoa.get(httpx.URL(f"{V1}/persons", params=asked))).json()
            found += [person["id"] for person in page["items"]]
            after = page["next"]
            if after is None:
                break
            await add(dice)
        assert len(found) == len(set(found))
        assert before <= set(found)


@pytest.mark.parametrize("path", ["/teams", "/areas", "/memberships", "/persons"])
async def test_every_list_is_the_same_in_small_pages(path: str) -> None:
    async with await program(HOA) as hoa:
        whole = await all_items(hoa, path)
        assert await all_items(hoa, path, limit=2) == whole
        assert len({item["id"] for item in whole}) == len(whole) > 3
