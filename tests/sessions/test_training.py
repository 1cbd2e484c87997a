"""Training over the years: a person's record, the duty of a category, the offices of a year."""

from __future__ import annotations

import io
from datetime import date
from uuid import UUID

import pytest
import python_calamine

from demo.cast import HOA, HOANG, NGHI, SEN, TOAN
from kit import clock
from kit.database import insert_many, new_id, run
from sessions.training.figures import Duty
from sessions.training.queries import TrainingFilter, list_offices, list_officials, whole
from sessions.training.record import YearOfTraining, list_years
from tests.queries import few_queries, warm
from tests.sessions.lookups import town
from tests.sessions.results import AN, ANH, a_held_course, a_held_session, enter, mark
from tests.teams.lookups import how_many, last_line
from tests.things import an_office
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

LAST = clock.today().year - 1
JUSTICE, CLINIC = "Phòng Tư pháp", "Trạm Y tế"


async def an_official(
    name: str, office: UUID, category: str = "cadre", since: date = date(2020, 1, 1)
) -> UUID:
    """Somebody's work in an office."""
    line = {
        "id": new_id(),
        "person": await id_of(name),
        "office": office,
        "category": category,
        "job": "Chuyên viên",
        "since": since,
        "version": 1,
    }
    await insert_many("official", [line])
    return line["id"]  # type: ignore[return-value]


async def duty(category: str, since: date, periods: int) -> None:
    """What a category owes from a day on."""
    line = {"category": category, "since": since, "periods": periods, "made_at": clock.now()}
    await insert_many("training_duty", [line])


async def a_course_of_last_year() -> UUID:
    """Two sessions of the year before: An attended both, Ánh one; Hoàng was not marked."""
    course, _none = await a_held_course(days=(), title="Lớp năm trước", pass_mark="5")
    meetings = [await a_held_session(course, date(LAST, month, 10)) for month in (3, 4)]
    await run("UPDATE enrolment SET since = {} WHERE course = {}", date(LAST, 1, 1), course)
    await mark(meetings[0], {AN: "present", ANH: ("late", 45)})
    await mark(meetings[1], {AN: "present", ANH: "unexcused"})
    await enter(course, {AN: 85})
    return course


async def years_of(name: str) -> dict[int, YearOfTraining]:
    """The years of somebody."""
    return {one.year: one for one in await list_years(await id_of(name))}


async def test_periods_count_in_the_year_of_their_session_against_its_duty() -> None:
    await a_course_of_last_year()
    await an_official(AN, await an_office(JUSTICE, await town()), "civil_servant")
    await duty("civil_servant", date(LAST, 6, 1), 8)
    await duty("civil_servant", date(LAST + 1, 1, 1), 16)
    years = await years_of(AN)
    assert list(years) == [LAST + 1, LAST]
    assert (years[LAST].duty.owed, years[LAST].duty.earned) == (8, 8)
    assert years[LAST].duty.fulfilled is True
    assert years[LAST + 1].duty == Duty(16, None)
    assert years[LAST + 1].duty.fulfilled is None
    (taken,) = years[LAST].courses
    assert (taken.title, taken.earned, taken.shown_score) == ("Lớp năm trước", 8, "8,5")
    assert taken.tag == ("Hoàn thành", "ok")


async def test_the_category_is_that_of_the_years_last_day_and_an_outsider_owes_nothing() -> None:
    await a_course_of_last_year()
    office = await an_office(JUSTICE, await town())
    old = await an_official(ANH, office, "part_time")
    await run("UPDATE official SET until = {} WHERE id = {}", date(LAST, 11, 1), old)
    await an_official(ANH, office, "cadre", date(LAST, 11, 1))
    await duty("part_time", date(2021, 1, 1), 5)
    found = (await years_of(ANH))[LAST]
    assert (found.category, found.duty.owed, found.duty.earned) == ("cadre", 40, 3)
    assert found.duty.left == 37
    outsider = (await years_of(AN))[LAST]
    assert (outsider.category, outsider.duty.owed, outsider.duty.fulfilled) == (None, None, None)


async def test_missing_attendance_is_not_zero() -> None:
    await a_course_of_last_year()
    await an_official(HOANG.name, await an_office(JUSTICE, await town()))
    found = (await years_of(HOANG.name))[LAST]
    assert found.duty == Duty(40, None)
    assert found.duty.fulfilled is None
    async with await visit(HOANG) as hoang:
        text = (await hoang.get("/me/training")).text
    assert "Lớp năm trước" in text
    assert "—/8" in text
    assert "None" not in text


async def test_who_left_a_course_keeps_the_periods_and_a_certificate_is_told() -> None:
    course = await a_course_of_last_year()
    await run(
        "UPDATE enrolment SET state = 'withdrawn', until = {}, withdrawn_why = 'Nghỉ việc',"
        " withdrawn_at = seated_at WHERE person = {}",
        *(date(LAST, 4, 1), await id_of(ANH)),
    )
    (left,) = (await years_of(ANH))[LAST].courses
    assert (left.earned, left.tag) == (3, None)
    paper = {
        "id": new_id(),
        "year": LAST,
        "number": 7,
        "course": course,
        "person": await id_of(AN),
        "code": "ABCDEFGH",
        "person_name": AN,
        "course_title": "Lớp năm trước",
        "periods": 8,
        "first_on": date(LAST, 3, 10),
        "last_on": date(LAST, 4, 10),
        "issued_at": clock.now(),
    }
    await insert_many("certificate", [paper])
    (taken,) = (await years_of(AN))[LAST].courses
    assert taken.certificate == f"0007/{LAST}"


async def test_the_record_of_another_is_shown_within_reach_and_that_is_logged() -> None:
    await a_course_of_last_year()
    an = await id_of(AN)
    async with await visit(NGHI) as nghi, await visit(SEN) as sen, await visit(HOANG) as hoang:
        assert "Lớp năm trước" in (await nghi.get(f"/people/{an}/training")).text
        assert (await sen.get(f"/people/{an}/training")).status_code == 404
        assert (await hoang.get(f"/people/{an}/training")).status_code == 403
    assert (await last_line("training.view"))["subject_name"] == AN
    assert await how_many("training.view") == 1


async def two_offices() -> tuple[UUID, UUID]:
    """An and Ánh are cadres of one office, Hoàng of another; a cadre owes 8 periods."""
    await a_course_of_last_year()
    justice = await an_office(JUSTICE, await town())
    clinic = await an_office(CLINIC, await town())
    await duty("cadre", date(2021, 1, 1), 8)
    for name, office in ((AN, justice), (ANH, justice), (HOANG.name, clinic)):
        await an_official(name, office)
    return justice, clinic


async def test_offices_are_told_apart_and_add_up() -> None:
    await two_offices()
    toan, asked = await who_is(TOAN), TrainingFilter(year=LAST)
    first, second = await list_offices(toan, asked)
    assert (first.name, first.officials, first.trained, first.fulfilled) == (JUSTICE, 2, 2, 1)
    assert (first.per_head, first.share) == (5.5, 50.0)
    assert (second.name, second.officials, second.trained) == (CLINIC, 1, 0)
    assert (second.per_head, second.share) == (None, None)
    total = whole([first, second], "")
    assert (total.officials, total.per_head, total.share) == (3, 3.7, 33.3)
    officials = await list_officials(toan, asked)
    assert [(one.name, one.duty.earned) for one in officials] == [
        (AN, 8),
        (ANH, 3),
        (HOANG.name, None),
    ]
    assert await list_offices(await who_is(SEN), asked) == []


async def test_the_page_and_the_workbook_say_the_same_as_a_persons_record() -> None:
    justice, _clinic = await two_offices()
    async with await visit(TOAN) as toan:
        page = (await toan.get(f"/training?year={LAST}")).text
        assert JUSTICE in page
        assert "33,3%" in page
        people = (await toan.get(f"/training?year={LAST}&office={justice}")).text
        assert AN in people
        assert HOANG.name not in people.split("<main")[1]
        answer = await toan.get(f"/training.xlsx?year={LAST}")
        odd = await toan.get("/training?year=1066&office=nobody")
        assert odd.status_code == 200
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    offices, officials = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert offices[1] == [JUSTICE, 2, 2, 2, 11, 5.5, 1, 50]
    assert offices[2][4:] == ["", "", "", ""]
    for line in officials[1:]:
        found = (await years_of(str(line[0])))[LAST]
        assert (line[3], line[4]) == (found.duty.owed, found.duty.earned or "")
    assert (await last_line("training.export"))["doer"] == TOAN.name


async def test_the_pages_ask_few_questions() -> None:
    justice, _clinic = await two_offices()
    an = await id_of(AN)
    async with await visit(HOA) as hoa:
        await hoa.get("/training")
        await warm()
        for path in (f"/people/{an}/training", "/training", f"/training?office={justice}"):
            with few_queries(7):  # one of them finds who asks
                assert (await hoa.get(path)).status_code == 200


async def test_the_workbook_holds_everybody_however_many_there_are() -> None:
    office, area = await an_office(JUSTICE, await town()), await town()
    people = [new_id() for _ in range(2001)]
    named = {"name": "Lê Văn Đông", "fold": "le van dong", "sort": "dong", "area": area}
    plain = {**named, "organisation": "", "made_at": clock.now(), "version": 1}
    await insert_many("person", [{"id": one, **plain} for one in people])
    work = {"office": office, "category": "cadre", "job": "", "since": date(2020, 1, 1)}
    posts = [{"id": new_id(), "person": one, **work, "version": 1} for one in people]
    await insert_many("official", posts)
    async with await visit(TOAN) as toan:
        book = io.BytesIO((await toan.get("/training.xlsx")).content)
    sheets = [sheet.to_python() for sheet in _sheets(book)]
    assert sheets[0][1][:2] == [JUSTICE, 2001]
    assert len(sheets[1]) == 2002


def _sheets(book: io.BytesIO) -> list[python_calamine.CalamineSheet]:
    read = python_calamine.load_workbook(book)
    return [read.get_sheet_by_name(name) for name in read.sheet_names]
