"""A team to choose: two hamlets may share a name, and so may their teams."""

from __future__ import annotations

import re
from html import unescape

import pytest

from demo.cast import TAM
from kit.database import run
from tests.courses import a_course
from tests.teams.lookups import AP_1, AP_2, BINH_HOA
from tests.teams.visits.doors import UONG
from tests.visitor import visit
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


@pytest.mark.parametrize(
    "at",
    [
        "/visits",
        "/households",
        "/participation",
        "/visits/paper",
        "/visits/transcription",
        "/households/{home}/team",
        "/courses/{course}/enrolments/new",
    ],
)
async def test_teams_that_share_a_name_say_where_they_are(at: str) -> None:
    await run("UPDATE team SET name = {} WHERE name = 'Tổ CNSCĐ khu phố Bình Lợi'", AP_1)
    where = {"home": await id_of(UONG)}
    if "course" in at:
        where["course"] = await a_course(await id_of("Huyện Tân Trụ"))
    async with await visit(TAM) as tam:
        shown = unescape((await tam.get(at.format(**where))).text)
    offered = set(re.findall(r"<option [^>]*>(Tổ CNSCĐ[^<]*)</option>", shown))
    assert offered == {BINH_HOA, AP_2, f"{AP_1}, Xã Bình Lãng", f"{AP_1}, Thị trấn Tân Trụ"}
