"""The trainer's side: the link is made, told, replaced and revoked."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from demo.cast import NGHI, SEN, TOAN
from kit import clock
from kit.database import run, value
from kit.errors import Forbidden, NotFound, Refused
from people.permissions import MACHINE
from sessions.courses.commands import (
    CancelForm,
    EditCourseForm,
    QuotaForm,
    cancel_course,
    edit_course,
    set_quota,
)
from sessions.nominations.commands import LinkForm, make_link, make_links, revoke_link
from sessions.nominations.queries import find_link
from tests.courses import a_course
from tests.sessions.lookups import course_of, town
from tests.sessions.nominations.links import LAW, SOON, a_law_office, a_link, an_open_course
from tests.teams.lookups import how_many, last_line
from tests.things import an_office
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def test_a_link_works_until_the_end_of_the_deadline_and_is_kept_as_a_hash_alone() -> None:
    course, office = await an_open_course(), await a_law_office()
    token = await make_link(await who_is(NGHI), course, office, LinkForm())
    found = await find_link(token)
    assert (found.link.office_name, found.course.id) == (LAW, course)
    stored = await run("SELECT * FROM nomination_link")
    assert token not in str([dict(one) for one in stored])
    assert (await last_line("nomination.link"))["doer"] == NGHI.name
    with clock.frozen(clock.midnight(SOON + timedelta(days=1)) - timedelta(minutes=1)):
        await find_link(token)
    with clock.frozen(clock.midnight(SOON + timedelta(days=1))), pytest.raises(NotFound):
        await find_link(token)


async def test_a_new_link_ends_the_old_one_and_a_revoked_one_is_dead() -> None:
    course, office = await an_open_course(), await a_law_office()
    first = await a_link(course, office)
    second = await a_link(course, office)
    with pytest.raises(NotFound):
        await find_link(first)
    await find_link(second)
    nghi = await who_is(NGHI)
    await revoke_link(nghi, course, office)
    await revoke_link(nghi, course, office)
    assert await how_many("nomination.revoke") == 1
    with pytest.raises(NotFound):
        await find_link(second)


async def test_the_link_follows_the_deadline_and_dies_with_the_course() -> None:
    course, office = await an_open_course(), await a_law_office()
    token, now = await a_link(course, office), await course_of(course)
    later = SOON + timedelta(days=7)
    form = {"theme": now.theme, "title": now.title, "area": now.area, "required_periods": 8}
    form |= {"capacity": 30, "deadline": later, "version": now.version}
    await edit_course(MACHINE, course, EditCourseForm.model_validate(form))
    with clock.frozen(clock.midnight(later)):
        await find_link(token)
    gone = CancelForm(reason="Trùng kỳ họp HĐND", version=now.version + 1)
    await cancel_course(MACHINE, course, gone)
    with pytest.raises(NotFound):
        await find_link(token)


async def test_strangers_readers_and_unfit_courses_get_no_link() -> None:
    course, office = await an_open_course(), await a_law_office()
    with pytest.raises(NotFound):
        await make_link(await who_is(SEN), course, office, LinkForm())
    with pytest.raises(Forbidden):
        await make_link(await who_is(TOAN), course, office, LinkForm())
    with pytest.raises(Forbidden):
        await revoke_link(await who_is(TOAN), course, office)
    with pytest.raises(NotFound):
        await make_link(MACHINE, course, course, LinkForm())
    unfit = [
        await an_open_course(None),
        await an_open_course(clock.today() - timedelta(days=1)),
        await a_course(await town(), deadline=SOON),
    ]
    for one in unfit:
        with pytest.raises(Refused) as refused:
            await make_link(MACHINE, one, office, LinkForm())
        assert refused.value.status == 409
    assert await how_many("nomination.link") == 0


async def test_somebody_of_the_office_is_told_and_nobody_else() -> None:
    course, office = await an_open_course(), await a_law_office()
    an = await id_of("Bùi Văn An")
    with pytest.raises(Refused):
        await make_link(MACHINE, course, office, LinkForm(contact=an))
    await value("UPDATE person SET email = {} WHERE id = {} RETURNING id", "an@example.vn", an)
    token = await make_link(MACHINE, course, office, LinkForm(contact=an))
    (told,) = await run("SELECT person, kind, words, link FROM notice")
    assert (told["person"], told["kind"], told["link"]) == (an, "nomination.link", f"/n/{token}")
    assert LAW in json.loads(told["words"])["values"]["office"]
    assert json.loads((await last_line("nomination.link"))["after"])["told"] == "Bùi Văn An"


async def test_the_trainer_sees_the_address_once_with_a_text_for_zalo_and_a_code() -> None:
    course, office = await an_open_course(), await a_law_office()
    at = f"/courses/{course}/nominations"
    async with await visit(NGHI) as nghi:
        assert LAW in (await nghi.get(at)).text
        made = await nghi.post(f"{at}/{office}")
        assert made.status_code == 200
        assert all(word in made.text for word in ("/n/", "<svg", "Zalo"))
        again = await nghi.get(f"{at}/{office}")
        assert "/n/" not in again.text
        assert "Dùng được đến hết ngày" in again.text
        gone = await nghi.post(f"{at}/{office}/revocation")
        assert gone.headers["location"] == f"{at}/{office}"
        plain = await a_course(await town())
        refused = await nghi.post(f"/courses/{plain}/nominations/{office}")
        assert refused.status_code == 409


async def test_every_office_with_places_gets_its_link_at_one_go() -> None:
    course, office = await an_open_course(), await a_law_office()
    other = await an_office("Thanh tra", await town())
    await an_office("Phòng Nội vụ", await town())
    for one in (office, other):
        await set_quota(MACHINE, course, QuotaForm(office=one, places=2))
    old = await a_link(course, other)
    nghi = await who_is(NGHI)
    ((made, token),) = await make_links(nghi, course)
    assert (made.name, (await find_link(token)).link.places) == (LAW, 2)
    await find_link(old)
    assert await make_links(nghi, course) == []
    with pytest.raises(Forbidden):
        await make_links(await who_is(TOAN), course)
    await revoke_link(nghi, course, office)
    async with await visit(NGHI) as page:
        at = f"/courses/{course}/nominations"
        assert "Tạo 1 đường dẫn" in (await page.get(at)).text
        shown = await page.post(at)
        assert all(word in shown.text for word in (LAW, "/n/", "Zalo"))
        assert "/n/" not in (await page.post(at)).text
        plain = await a_course(await town())
        assert (await page.post(f"/courses/{plain}/nominations")).status_code == 409
