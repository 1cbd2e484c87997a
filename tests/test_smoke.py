"""The house stands: the cast can come in."""

import pytest

from demo.cast import HAN, HOA, SEN
from tests.visitor import visit, who_is

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def test_a_stranger_is_led_to_the_sign_in() -> None:
    async with await visit(None) as stranger:
        answer = await stranger.post("/sign-out")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/sign-in"


async def test_rights_follow_from_grants_and_memberships() -> None:
    assert (await who_is(HOA)).everywhere("settings.edit")
    assert (await who_is(SEN)).may("member.assign")
    assert not (await who_is(SEN)).everywhere("member.assign")
    han = await who_is(HAN)
    assert han.roles == ["leader"]
    assert han.own_team
    assert not han.may("member.assign")
