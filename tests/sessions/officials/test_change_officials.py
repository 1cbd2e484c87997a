"""Taking up, changing and ending officials by hand, and the pages that show them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from demo.cast import HAN, HOANG, NGHI, SEN, TAM, TOAN
from kit import clock
from kit.database import value
from kit.errors import Forbidden, NotFound, Refused
from people.persons.commands import EditPersonForm, edit_person
from people.persons.queries import find_person
from sessions.officials.commands import (
    AppointForm,
    ChangeOfficialForm,
    EndOfficialForm,
    appoint_official,
    change_official,
    end_official,
)
from sessions.officials.queries import OfficialFilter, find_official, list_officials
from tests.queries import few_queries, warm
from tests.sessions.lookups import town
from tests.sessions.officials.lists import LAW, spells
from tests.teams.lookups import how_many, last_line
from tests.things import an_office, an_official
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
START = date(2024, 3, 1)


async def form(office: UUID, **more: object) -> AppointForm:
    """Somebody new in an office."""
    known = {"name": "Lê Văn Mới", "phone": "0900 700 001", "category": "cadre", "since": START}
    return AppointForm.model_validate({"office": office, "job": "Chuyên viên", **known, **more})


async def test_a_trainer_takes_up_somebody_new_who_then_stands_in_the_list() -> None:
    office, nghi = await an_office(LAW, await town()), await who_is(NGHI)
    official = await appoint_official(nghi, await form(office))
    found = await find_official(nghi, official)
    assert (found.name, found.office_name, found.since) == ("Lê Văn Mới", LAW, START)
    assert (await last_line("official.appoint"))["doer"] == NGHI.name
    names = [one.name for one in (await list_officials(nghi, OfficialFilter(q="le van moi")))[0]]
    assert names == ["Lê Văn Mới"]
    with pytest.raises(Refused):
        await appoint_official(nghi, await form(office))
    assert await how_many("official.appoint") == 1


async def test_who_is_in_a_team_is_asked_for_and_stays_one_person() -> None:
    office, nghi = await an_office(LAW, await town()), await who_is(NGHI)
    people = await value("SELECT count(*) FROM person")
    same = {"name": HOANG.name, "phone": HOANG.phone}
    with pytest.raises(Refused) as asked:
        await appoint_official(nghi, await form(office, **same))
    assert [one.name for one in asked.value.details] == [HOANG.name]  # type: ignore[attr-defined]
    hoang = await id_of(HOANG.name)
    await appoint_official(nghi, await form(office, **same, person=hoang))
    assert await value("SELECT count(*) FROM person") == people
    assert [one["office"] for one in await spells(HOANG.name)] == [LAW]
    await appoint_official(nghi, await form(office, **same, really_new=True))
    assert await value("SELECT count(*) FROM person") == people + 1


async def test_nobody_takes_up_for_an_office_or_a_person_beyond_reach() -> None:
    office = await an_office(LAW, await town())
    lang = await an_office("UBND xã Bình Lãng", await id_of("Xã Bình Lãng"))
    sen = await who_is(SEN)
    with pytest.raises(Refused) as there:
        await appoint_official(sen, await form(office))
    assert "office" in there.value.fields
    with pytest.raises(NotFound):
        await appoint_official(sen, await form(lang, person=await id_of(HOANG.name)))
    with pytest.raises(Refused) as ahead:
        await appoint_official(sen, await form(lang, since=clock.today() + timedelta(days=1)))
    assert "since" in ahead.value.fields
    assert await how_many("official.appoint") == 0


async def test_a_change_from_a_day_on_keeps_what_was_before() -> None:
    office, inspectors = (
        (await an_office(LAW, await town())),
        await an_office("Thanh tra", await town()),
    )
    official = await an_official(await id_of("Bùi Văn An"), office)
    tam = await who_is(TAM)
    same = {"office": office, "category": "civil_servant", "job": "Phó phòng"}
    first = date(2020, 1, 1)
    await change_official(
        tam, official, ChangeOfficialForm.model_validate({**same, "since": first, "version": 1})
    )
    assert [one["job"] for one in await spells("Bùi Văn An")] == ["Phó phòng"]
    moved = {**same, "office": inspectors, "since": START, "version": 2}
    await change_official(tam, official, ChangeOfficialForm.model_validate(moved))
    before, now = await spells("Bùi Văn An")
    assert (before["office"], before["until"]) == (LAW, START)
    assert (now["office"], now["since"], now["until"]) == ("Thanh tra", START, None)
    with pytest.raises(Refused) as late:
        await change_official(tam, official, ChangeOfficialForm.model_validate(moved))
    assert late.value.status == 409
    assert await how_many("official.change") == 2


async def test_strangers_readers_and_slow_ones_change_nothing() -> None:
    office = await an_office(LAW, await town())
    official = await an_official(await id_of("Bùi Văn An"), office)
    new = {"office": office, "category": "cadre", "since": START, "version": 1}
    change = ChangeOfficialForm.model_validate(new)
    with pytest.raises(NotFound):
        await change_official(await who_is(SEN), official, change)
    with pytest.raises(Forbidden):
        await change_official(await who_is(TOAN), official, change)
    stale = ChangeOfficialForm.model_validate({**new, "version": 7})
    with pytest.raises(Refused) as slow:
        await change_official(await who_is(TAM), official, stale)
    assert slow.value.status == 409
    early = ChangeOfficialForm.model_validate({**new, "since": date(2019, 1, 1)})
    with pytest.raises(Refused):
        await change_official(await who_is(TAM), official, early)


async def test_who_leaves_an_office_is_no_official_any_more_but_stays_on_record() -> None:
    office = await an_office(LAW, await town())
    official = await an_official(await id_of("Bùi Văn An"), office)
    tam, end = await who_is(TAM), EndOfficialForm(on=clock.today(), version=1)
    with pytest.raises(Forbidden):
        await end_official(await who_is(TOAN), official, end)
    with pytest.raises(Refused):
        await end_official(tam, official, EndOfficialForm(on=date(2019, 1, 1), version=1))
    await end_official(tam, official, end)
    await end_official(tam, official, end)
    assert await how_many("official.end") == 1
    assert (await list_officials(tam, OfficialFilter()))[0] == []
    assert await value("SELECT office FROM person WHERE name = 'Bùi Văn An'") is None
    (past,) = await spells("Bùi Văn An")
    assert past["until"] == clock.today()


async def test_the_office_of_an_official_is_not_changed_behind_the_entry() -> None:
    office = await an_office(LAW, await town())
    an, tam = await id_of("Bùi Văn An"), await who_is(TAM)
    await an_official(an, office)
    now = await find_person(tam, an)
    kept = {"name": now.name, "born_year": now.born_year, "area": now.area, "office": office}
    form = EditPersonForm.model_validate({**kept, "phone": now.phone, "version": now.version})
    await edit_person(tam, an, form)
    other = await an_office("Thanh tra", await town())
    with pytest.raises(Refused) as refused:
        await edit_person(tam, an, form.model_copy(update={"office": other}))
    assert "office" in refused.value.fields


async def test_the_pages_in_few_queries() -> None:
    office = await an_office(LAW, await town())
    an = await id_of("Bùi Văn An")
    official = await an_official(an, office)
    await warm()
    async with await visit(NGHI) as nghi:
        await nghi.get("/officials")
        with few_queries():
            page = await nghi.get("/officials?q=bui van an&category=civil_servant")
        assert all(word in page.text for word in ("Bùi Văn An", LAW, "0900 000 102"))
        assert "Bùi Văn An" not in (await nghi.get("/officials?category=cadre")).text
        with few_queries():
            person = await nghi.get(f"/people/{an}")
        assert all(word in person.text for word in (LAW, "Chuyên viên", f"/officials/{official}/"))
        assert "Bùi Văn An" in (await nghi.get(f"/officials/{official}/edit")).text
        assert "Bùi Văn An" in (await nghi.get(f"/officials/{official}/ending")).text
        sent = {"office": str(office), "category": "cadre", "since": "01/03/2024"}
        twin = await nghi.post("/officials/new", {**sent, "name": "Cao Thị Ánh"})
        assert twin.status_code == 409
        assert "Cao Thị Ánh" in twin.text
        anh = str(await id_of("Cao Thị Ánh"))
        assert (await nghi.post("/officials/new", {**sent, "person": anh})).status_code == 303
        assert (await nghi.get(f"/officials/new?person={anh}")).status_code == 200
    async with await visit(HAN) as han:
        hoang = await han.get(f"/people/{await id_of(HOANG.name)}")
        assert "officials" not in hoang.text


async def test_the_list_goes_on_where_it_stopped() -> None:
    office = await an_office(LAW, await town())
    for name in ("Bùi Văn An", "Cao Thị Ánh", "Hồ Minh Hoàng"):
        await an_official(await id_of(name), office)
    tam = await who_is(TAM)
    first, cursor = await list_officials(tam, OfficialFilter(), 2)
    second, end = await list_officials(tam, OfficialFilter(after=cursor), 2)
    names = [one.name for one in [*first, *second]]
    assert names == ["Bùi Văn An", "Cao Thị Ánh", "Hồ Minh Hoàng"]
    assert end == ""
