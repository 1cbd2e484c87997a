"""The office's side: it names its people by list, by hand, by pasted rows, and takes names back."""

from __future__ import annotations

import json
import unicodedata
from datetime import timedelta
from uuid import UUID

import pytest

from demo.cast import HOANG
from kit import clock, i18n
from kit.database import run, value
from kit.errors import NotFound, Refused
from people.permissions import MACHINE
from sessions.enrolments.commands import EnrolForm, enrol_people
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
from sessions.nominations.queries import find_link, list_named
from tests.queries import few_queries, warm
from tests.sessions.lookups import enrolled
from tests.sessions.nominations.links import HERE, LAW, SOON, a_law_office, a_link, an_open_course
from tests.sessions.officials.lists import spells
from tests.teams.lookups import how_many, last_line
from tests.things import an_office, an_official
from tests.visitor import visit
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def chosen(*names: str) -> NameForm:
    """People chosen from the list."""
    return NameForm(people=[await id_of(name) for name in names])


async def enrolment_of(name: str) -> UUID:
    """The live enrolment of a person."""
    sql = "SELECT id FROM enrolment WHERE person = {} AND state <> 'withdrawn'"
    return UUID(str(await value(sql, await id_of(name))))


async def test_an_office_names_its_people_and_twice_is_once() -> None:
    course, office = await an_open_course(), await a_law_office()
    token = await a_link(course, office, 2)
    form = await chosen("Bùi Văn An", "Cao Thị Ánh")
    assert await name_people(token, form, HERE) == (2, 0)
    assert await name_people(token, form, HERE) == (0, 0)
    found = await enrolled(course)
    assert [(one.name, one.office_name) for one in found] == [
        ("Bùi Văn An", LAW),
        ("Cao Thị Ánh", LAW),
    ]
    line = await last_line("nomination.name")
    assert await value("SELECT count(*) FROM audit_line WHERE person IS NOT NULL") == 0
    assert LAW in line["doer"]
    assert json.loads(line["after"])["people"] == ["Bùi Văn An", "Cao Thị Ánh"]
    assert await how_many("nomination.name") == 1
    assert await value("SELECT used_at FROM nomination_link") is not None


async def test_the_quota_the_audience_and_the_deadline_are_rules() -> None:
    course, office = await an_open_course(audience=["civil_servant"]), await a_law_office()
    token = await a_link(course, office, 1)
    with pytest.raises(Refused) as beside:
        await name_people(token, await chosen("Cao Thị Ánh"), HERE)
    assert "Cao Thị Ánh" in beside.value.fields["people"]
    await name_people(token, await chosen("Bùi Văn An"), HERE)
    more = NewcomerForm(name="Lê Văn Mới", phone="0900 700 001")
    with pytest.raises(Refused) as full:
        await name_newcomer(token, more, HERE)
    assert "name" in full.value.fields
    assert await value("SELECT count(*) FROM person WHERE name = 'Lê Văn Mới'") == 0
    with clock.frozen(clock.midnight(SOON + timedelta(days=1))), pytest.raises(NotFound):
        await name_people(token, await chosen("Bùi Văn An"), HERE)


async def test_only_people_of_the_office_can_be_chosen() -> None:
    course, office = await an_open_course(), await a_law_office()
    token = await a_link(course, office)
    for form in (await chosen(HOANG.name), NameForm()):
        with pytest.raises(Refused):
            await name_people(token, form, HERE)
    assert await enrolled(course) == []


async def test_a_full_course_puts_the_named_in_line_and_who_is_taken_back_lets_them_up() -> None:
    course, office = await an_open_course(capacity=1), await a_law_office()
    token = await a_link(course, office, 2)
    assert await name_people(token, await chosen("Bùi Văn An"), HERE) == (1, 0)
    assert await name_people(token, await chosen("Cao Thị Ánh"), HERE) == (0, 1)
    assert [one.name for one in await enrolled(course, "nominated")] == ["Cao Thị Ánh"]
    an = TakeBackForm(enrolment=await enrolment_of("Bùi Văn An"))
    await take_back(token, an, HERE)
    await take_back(token, an, HERE)
    assert [one.name for one in await enrolled(course)] == ["Cao Thị Ánh"]
    assert await how_many("nomination.take_back") == 1
    told = await run("SELECT kind, person FROM notice")
    assert [one["person"] for one in told] == [await id_of("Cao Thị Ánh")]


async def test_the_office_takes_back_only_whom_it_named() -> None:
    course, office = await an_open_course(), await a_law_office()
    token = await a_link(course, office)
    await enrol_people(MACHINE, course, EnrolForm(people=[await id_of("Bùi Văn An")]))
    (named,) = await list_named(await find_link(token))
    assert (named.name, named.own) == ("Bùi Văn An", False)
    with pytest.raises(NotFound):
        await take_back(token, TakeBackForm(enrolment=named.id), HERE)
    other = await an_open_course()
    await name_people(await a_link(other, office), await chosen("Cao Thị Ánh"), HERE)
    with pytest.raises(NotFound):
        await take_back(token, TakeBackForm(enrolment=await enrolment_of("Cao Thị Ánh")), HERE)
    assert len(await enrolled(other)) == 1


async def test_somebody_new_is_written_down_as_an_official_of_the_office() -> None:
    course, office = await an_open_course(), await a_law_office()
    token = await a_link(course, office)
    new = NewcomerForm(name="lê văn mới", phone="0900 700 001", job="Văn thư", category="cadre")
    assert await name_newcomer(token, new, HERE) == (1, 0)
    (spell,) = await spells("Lê Văn Mới")
    assert (spell["office"], spell["job"], spell["category"]) == (LAW, "Văn thư", "cadre")
    for lacking in (
        NewcomerForm(name="Lê Văn Hai", category="cadre"),
        NewcomerForm(name="Lê Văn Ba", phone="0900 700 003"),
    ):
        with pytest.raises(Refused) as refused:
            await name_newcomer(token, lacking, HERE)
        assert "name" in refused.value.fields


async def test_who_is_known_by_name_and_phone_stays_one_person() -> None:
    course, office = await an_open_course(), await a_law_office()
    token, people = await a_link(course, office), await value("SELECT count(*) FROM person")
    hoang = NewcomerForm(name="Ho Minh Hoang", phone=HOANG.phone, category="part_time")
    await name_newcomer(token, hoang, HERE)
    assert await value("SELECT count(*) FROM person") == people
    assert [one["office"] for one in await spells(HOANG.name)] == [LAW]
    inspectors = await an_office("Thanh tra", await value("SELECT area FROM course"))
    await an_official(await id_of("Đoàn Văn Thắng"), inspectors)
    elsewhere = NewcomerForm(name="Đoàn Văn Thắng", phone="0900 000 002", category="cadre")
    await name_newcomer(token, elsewhere, HERE)
    assert [one["office"] for one in await spells("Đoàn Văn Thắng")] == ["Thanh tra"]
    found = {one.name: one.office_name for one in await enrolled(course)}
    assert found == {HOANG.name: LAW, "Đoàn Văn Thắng": LAW}


async def test_a_phone_of_somebody_else_is_noted_for_the_trainer_and_not_told() -> None:
    course, office = await an_open_course(), await a_law_office()
    token = await a_link(course, office)
    new = NewcomerForm(name="Lê Văn Mới", phone=HOANG.phone, category="cadre")
    assert await name_newcomer(token, new, HERE) == (1, 0)
    assert json.loads((await last_line("nomination.name"))["after"])["doubts"] == ["Lê Văn Mới"]


ROWS = """STT\tHọ và tên\tSố điện thoại\tChức vụ\tĐối tượng
1\tBùi Văn An

2\tLê Văn Mới\t0900700001\tChuyên viên\tCông chức
3\tCông chức\tLê Văn Hai\t0900 700 002\tKế toán
"""


@pytest.mark.parametrize("form", ["NFC", "NFD"])
async def test_rows_of_a_spreadsheet_are_read_in_any_order_and_unicode_form(form: str) -> None:
    course, office = await an_open_course(), await a_law_office()
    token = await a_link(course, office)
    rows = RowsForm(rows=unicodedata.normalize(form, ROWS))  # type: ignore[arg-type]
    assert await name_pasted(token, rows, HERE) == (3, 0)
    names = [one.name for one in await enrolled(course)]
    assert names == ["Bùi Văn An", "Lê Văn Hai", "Lê Văn Mới"]
    (spell,) = await spells("Lê Văn Hai")
    assert (spell["job"], spell["category"]) == ("Kế toán", "civil_servant")
    assert await name_pasted(token, rows, HERE) == (0, 0)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("Người Lạ", "Line 1, Người Lạ: nobody of your office"),
        ("Người Lạ\t0900700001", "Line 1, Người Lạ: add whether"),
        ("0900700001\t!", "Line 1: no name"),
        ("STT\tHọ và tên", "No row with a name"),
        ("Bùi Văn An\nCao Thị Ánh\nLê Văn Mới\t0900700001\tCán bộ", "2 places left"),
    ],
)
async def test_rows_with_a_fault_name_nobody_and_say_which(rows: str, said: str) -> None:
    course, office = await an_open_course(), await a_law_office()
    token = await a_link(course, office, 2)
    i18n.language.set("en")
    with pytest.raises(Refused) as refused:
        await name_pasted(token, RowsForm(rows=rows), HERE)
    assert said in refused.value.fields["rows"]
    assert await enrolled(course) == []
    assert await how_many("nomination.name") == 0


async def test_the_page_shows_names_and_jobs_of_this_office_alone_in_few_queries() -> None:
    course, office = await an_open_course(), await a_law_office()
    token = await a_link(course, office, 5)
    await name_people(token, await chosen("Cao Thị Ánh"), HERE)
    await enrol_people(MACHINE, course, EnrolForm(people=[await id_of(HOANG.name)]))
    await warm()
    async with await visit(None) as office_page:
        with few_queries():
            page = await office_page.get(f"/n/{token}?q=bui van an")
        assert page.status_code == 200
        assert all(word in page.text for word in ("Bùi Văn An", "Cao Thị Ánh", "Chuyên viên"))
        private = (HOANG.name, "0900 000 102", "+84900000102", "0900000102", "1990")
        assert not any(word in page.text for word in private)
        assert "noindex" in page.text


async def test_the_page_names_refuses_and_takes_back_without_a_script() -> None:
    course, office = await an_open_course(), await a_law_office()
    token = await a_link(course, office, 2)
    async with await visit(None) as page:
        an = {"people": str(await id_of("Bùi Văn An"))}
        named = await page.post(f"/n/{token}/people", an)
        assert named.headers["location"] == f"/n/{token}"
        assert "1 người" in (await page.get(f"/n/{token}")).text
        wrong = await page.post(f"/n/{token}/newcomers", {"name": "Lê Văn Mới", "phone": "12"})
        assert wrong.status_code == 422
        assert 'value="Lê Văn Mới"' in wrong.text
        rows = await page.post(f"/n/{token}/rows", {"rows": "Người Lạ"})
        assert "Người Lạ</textarea>" in rows.text
        back = {"enrolment": str(await enrolment_of("Bùi Văn An"))}
        gone = await page.post(f"/n/{token}/withdrawal", back)
        assert gone.status_code == 303
        assert await enrolled(course) == []


async def test_who_tries_again_and_again_must_wait() -> None:
    course, office = await an_open_course(), await a_law_office()
    token = await a_link(course, office)
    async with await visit(None) as page:
        answers = [
            await page.post(f"/n/{token}/people", {"people": str(office)}) for _ in range(33)
        ]
        assert answers[0].status_code == 422
        assert answers[-1].status_code == 429
        assert int(answers[-1].headers["retry-after"]) >= 1
