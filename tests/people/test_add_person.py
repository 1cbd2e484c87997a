"""Persons: found without marks, added unless there already, changed by one at a time."""

from __future__ import annotations

import unicodedata

import pytest

from demo.cast import NGHI, SEN, TAM
from kit.errors import Forbidden, NotFound, Refused
from people.permissions import MACHINE
from people.persons.commands import AddPersonForm, EditPersonForm, add_person, edit_person
from people.persons.queries import PersonFilter, PersonFound, list_persons
from tests.teams.lookups import BINH_LOI, how_many, last_line, spell_of, team_path
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def names(**asked: object) -> list[str]:
    """Whom a filter finds for the district's coordinator."""
    found, _ = await list_persons(await who_is(TAM), PersonFilter.model_validate(asked))
    return [person.name for person in found]


@pytest.mark.parametrize("stored", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["nguyen thi uong", "Nguyễn Thị Ưởng", "thi uong"])
async def test_search_finds_nguyen_thi_uong(typed: str, stored: str) -> None:
    town = await id_of("Thị trấn Tân Trụ")
    name = unicodedata.normalize(stored, "Nguyễn Thị Ưởng")  # type: ignore[arg-type]
    await add_person(await who_is(TAM), AddPersonForm(name=name, area=town))
    assert await names(q=typed) == ["Nguyễn Thị Ưởng"]
    assert await names(q=unicodedata.normalize("NFD", typed)) == ["Nguyễn Thị Ưởng"]


async def test_the_last_digits_of_a_phone_find_their_owner() -> None:
    assert await names(q="000 016") == ["Trần Thị Ngọc Trâm"]
    assert await names(q="0900000101") == ["Cao Thị Ánh"]
    found = await names(team="none")
    assert "Cao Thị Ánh" in found
    assert "Hồ Minh Hoàng" not in found


async def test_people_stand_in_vietnamese_order_page_after_page() -> None:
    town = await id_of("Thị trấn Tân Trụ")
    given = ["An", "Án", "Ạn", "Ăn", "Ân", "Danh", "Đang", "Oanh", "Ôn", "Ơn", "Uyên", "Ưng", "Ý"]
    for name in reversed(given):
        await add_person(MACHINE, AddPersonForm(name=f"Thử Nghiệm {name}", area=town))
    seen: list[str] = []
    tam, cursor = await who_is(TAM), ""
    while True:
        found, cursor = await list_persons(tam, PersonFilter(q="thu nghiem", after=cursor), 3)
        seen += [person.name.rsplit(" ", 1)[1] for person in found]
        if not cursor:
            break
    assert seen == given


async def test_a_likely_twin_is_shown_and_can_be_denied() -> None:
    area = str(await id_of("Thị trấn Tân Trụ"))
    sent = {"name": "CAO THỊ ÁNH", "born_year": "1988", "area": area}
    async with await visit(TAM) as tam:
        first = await tam.post("/people/new", sent)
        assert first.status_code == 409
        assert "Có thể trùng" in first.text
        assert "0900\xa0000\xa0101" in first.text
        second = await tam.post("/people/new", {**sent, "really_new": "1"})
        assert second.status_code == 303
    assert (await names(q="cao thi anh")) == ["Cao Thị Ánh", "Cao Thị Ánh"]


async def test_the_later_editor_sees_both_values() -> None:
    person, tam = await id_of("Cao Thị Ánh"), await who_is(TAM)
    area = await id_of("Thị trấn Tân Trụ")
    form = EditPersonForm(name="Cao Thị Ánh", organisation="Trạm y tế", area=area, version=1)
    await edit_person(tam, person, form)
    with pytest.raises(Refused) as refused:
        await edit_person(tam, person, form.model_copy(update={"organisation": "Công an"}))
    assert isinstance(refused.value.details, PersonFound)
    assert refused.value.details.organisation == "Trạm y tế"
    async with await visit(TAM) as visitor:
        sent = {"name": "Cao Thị Ánh", "organisation": "Công an", "version": "1"}
        page = await visitor.post(f"/people/{person}/edit", {**sent, "area": str(area)})
    assert page.status_code == 409
    assert "Trạm y tế" in page.text
    assert "Công an" in page.text
    assert (await last_line("person.edit"))["doer"] == TAM.name


async def test_strangers_do_not_find_and_readers_do_not_change() -> None:
    person = await id_of("Cao Thị Ánh")
    form = EditPersonForm(name="Cao Thị Ánh", version=1)
    with pytest.raises(NotFound):
        await edit_person(await who_is(SEN), person, form)
    with pytest.raises(Forbidden):
        await edit_person(await who_is(NGHI), person, form)


async def test_a_member_is_looked_up_or_written_down_new() -> None:
    path = await team_path(BINH_LOI)
    person = str(await id_of("Cao Thị Ánh"))
    async with await visit(TAM) as tam:
        assert "Cao Thị Ánh" in (await tam.get(f"{path}/members/new?q=cao")).text
        joins = {"person": person, "position": "deputy", "on": "2026-03-02"}
        assert (await tam.post(f"{path}/members/new", joins)).status_code == 303
        clash = {"name": "Người Mới", "born_year": "1990", "position": "leader", "on": "2026-03-02"}
        assert (await tam.post(f"{path}/newcomers/new", clash)).status_code == 409
        clash["position"] = "member"
        assert (await tam.post(f"{path}/newcomers/new", clash)).status_code == 303
    assert (await spell_of("Cao Thị Ánh")).position == "deputy"
    assert (await spell_of("Người Mới")).team_name == BINH_LOI
    assert await names(q="nguoi moi") == ["Người Mới"]
    assert await how_many("person.add") >= 1
