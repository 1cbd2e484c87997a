"""By naming and taking back, nobody writes more into the register than an office could mean."""

from __future__ import annotations

from uuid import UUID

import pytest

from kit.database import value
from kit.errors import Refused
from people.permissions import MACHINE
from sessions.courses.commands import QuotaForm, set_quota
from sessions.nominations.commands import LinkForm, make_link
from sessions.nominations.naming import (
    NameForm,
    NewcomerForm,
    RowsForm,
    TakeBackForm,
    name_newcomer,
    name_pasted,
    name_people,
    take_back,
)
from sessions.nominations.queries import SPARE
from tests.sessions.lookups import enrolled
from tests.sessions.nominations.links import HERE, a_law_office, a_link, an_open_course
from tests.teams.lookups import how_many
from tests.visitor import visit
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
ALL = 2 * 1 + SPARE
"""The names that an office with one place may give."""


def somebody(number: int) -> NewcomerForm:
    return NewcomerForm(name=f"Lê Văn {number}", phone=f"0900 700 {number:03}", category="cadre")


async def people() -> int:
    return int(await value("SELECT count(*) FROM person"))


async def name_and_take_back(token: str, course: UUID, number: int) -> None:
    await name_newcomer(token, somebody(number), HERE)
    (named,) = await enrolled(course)
    await take_back(token, TakeBackForm(enrolment=named.id), HERE)


async def test_names_given_and_taken_back_come_to_an_end() -> None:
    course, office = await an_open_course(), await a_law_office()
    token, before = await a_link(course, office, 1), await people()
    for number in range(ALL):
        await name_and_take_back(token, course, number)
    assert await people() == before + ALL
    with pytest.raises(Refused) as refused:
        await name_newcomer(token, somebody(99), HERE)
    assert f"{ALL} lượt" in refused.value.fields["name"]
    token = await make_link(MACHINE, course, office, LinkForm())  # begins nothing anew
    with pytest.raises(Refused):
        await name_newcomer(token, somebody(99), HERE)
    with pytest.raises(Refused) as pasted:
        await name_pasted(token, RowsForm(rows="Lê Văn Dán\t0900700098\tCán bộ"), HERE)
    assert "rows" in pasted.value.fields
    with pytest.raises(Refused) as chosen:
        await name_people(token, NameForm(people=[await id_of("Bùi Văn An")]), HERE)
    assert "people" in chosen.value.fields
    assert await people() == before + ALL
    assert await how_many("nomination.name") == ALL
    await set_quota(MACHINE, course, QuotaForm(office=office, places=2))
    assert await name_newcomer(token, somebody(99), HERE) == (1, 0)


async def test_the_same_person_named_again_is_written_down_once() -> None:
    course, office = await an_open_course(), await a_law_office()
    token, before = await a_link(course, office, 1), await people()
    for _time in range(3):
        await name_and_take_back(token, course, 7)
    assert await people() == before + 1


async def test_the_page_says_whom_to_ask_and_keeps_what_was_typed() -> None:
    course, office = await an_open_course(), await a_law_office()
    token = await a_link(course, office, 1)
    for number in range(ALL):
        await name_and_take_back(token, course, number)
    async with await visit(None) as phone:
        sent = {"name": "Lê Văn Nữa", "phone": "0900700097", "category": "cadre"}
        answer = await phone.post(f"/n/{token}/newcomers", sent)
    assert answer.status_code == 422
    assert "Lê Văn Nữa" in answer.text
    assert "người gửi địa chỉ này" in answer.text
