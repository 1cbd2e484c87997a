"""A link that was mailed: its secret stays in the outbox until the letter needs it no more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from uuid import UUID

import pytest

from demo.cast import HAN, NGHI
from kit import clock
from kit.database import run, value
from notices.deliveries.commands import drop_delivery, resend_delivery
from notices.sending import send_deliveries
from people.permissions import MACHINE
from sessions.nominations.commands import LinkForm, make_link
from sessions.nominations.queries import find_link
from tests.mailbox import Mailbox, mailbox
from tests.sessions.nominations.links import a_law_office, an_open_course
from tests.visitor import visit
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world", "morning")]
AN = "Bùi Văn An"


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server on loopback."""
    with mailbox(monkeypatch) as served:
        yield served


@pytest.fixture
async def morning(world: object) -> AsyncIterator[None]:  # noqa: ARG001  (the world comes first)
    """An hour that is not quiet."""
    with clock.frozen(clock.midnight(clock.today()).replace(hour=9)):
        yield


async def a_mailed_link() -> str:
    """The token of a link that An of the law office is to be mailed."""
    course, office = await an_open_course(), await a_law_office()
    an = await id_of(AN)
    await run("UPDATE person SET email = 'an@toso.test' WHERE id = {}", an)
    return await make_link(MACHINE, course, office, LinkForm(contact=an))


async def kept(token: str) -> bool:
    """Whether the secret stands anywhere in what notices store."""
    stored = [await run(f"SELECT * FROM {table}") for table in ("notice", "delivery")]
    return token in str([[dict(one) for one in lines] for lines in stored])


async def the_mail() -> tuple[UUID, str]:
    """The one mail and its state."""
    (mail,) = await run("SELECT id, state FROM delivery WHERE channel = 'email'")
    return mail["id"], mail["state"]


async def test_after_the_letter_went_out_only_the_letter_has_the_secret(box: Mailbox) -> None:
    token = await a_mailed_link()
    assert await kept(token)
    assert await send_deliveries() == "sent 1"
    body = box.letters[0].get_body(("plain",))
    assert body
    assert f"/n/{token}" in body.get_content()
    assert not await kept(token)
    assert (await the_mail())[1] == "sent"
    await find_link(token)
    link = await value("SELECT link FROM notice WHERE kind = 'nomination.link'")
    async with await visit(HAN) as han:
        page = await han.get(link)
    assert page.status_code == 200
    assert "Đường dẫn nằm trong thư" in page.text


async def test_mail_is_offered_only_where_it_goes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    course, office = await an_open_course(), await a_law_office()
    sql = "UPDATE person SET email = 'an@toso.test' WHERE id IN (SELECT person FROM official)"
    await run(sql)
    at = f"/courses/{course}/nominations/{office}"
    async with await visit(NGHI) as nghi:
        assert 'name="contact"' not in (await nghi.get(at)).text
        with mailbox(monkeypatch):
            assert 'name="contact"' in (await nghi.get(at)).text


async def test_a_letter_that_may_go_out_again_keeps_its_secret(box: Mailbox) -> None:
    token = await a_mailed_link()
    box.answer = lambda stage, _: "550 no such user" if stage == "RCPT" else ""
    assert await send_deliveries() == "dead 1"
    assert await kept(token)
    box.answer = lambda *_: ""
    await resend_delivery(MACHINE, (await the_mail())[0])
    assert await send_deliveries() == "sent 1"
    assert len(box.letters) == 1
    assert not await kept(token)


async def test_a_letter_dropped_by_hand_takes_its_secret_along(box: Mailbox) -> None:
    token = await a_mailed_link()
    await drop_delivery(MACHINE, (await the_mail())[0])
    assert (await the_mail())[1] == "dropped"
    assert not await kept(token)
    assert box.letters == []
