"""Themes of courses and the yearly duty: changed by admins, and never for the past."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from demo.cast import HOA, NGHI, TAM
from kit import clock
from kit.errors import Forbidden, NotFound, Refused
from people.permissions import MACHINE
from sessions.courses.queries import choices_themes
from sessions.duties.commands import DropDutyForm, DutyForm, drop_duty, set_duty
from sessions.duties.queries import duty_on, list_duties
from sessions.themes.commands import (
    AddThemeForm,
    EditThemeForm,
    RetireThemeForm,
    ThemeAgainForm,
    add_theme,
    bring_theme_back,
    edit_theme,
    retire_theme,
)
from sessions.themes.queries import find_theme, list_themes
from tests.courses import a_course
from tests.queries import few_queries
from tests.sessions.lookups import course_of, town
from tests.teams.lookups import how_many, last_line
from tests.visitor import visit, who_is

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

TODAY = clock.today()
NEXT_YEAR = date(TODAY.year + 1, 1, 1)


def data(**more: object) -> AddThemeForm:
    """A theme about open data."""
    form = {"name_vi": "Dữ liệu mở", "name_en": "Open data", "rank": 45, "since": TODAY}
    return AddThemeForm.model_validate({**form, **more})


def names(version: int = 1, **more: object) -> EditThemeForm:
    """The same, worded anew."""
    form = {"name_vi": "Dữ liệu số", "name_en": "Digital data", "rank": 5, "version": version}
    return EditThemeForm.model_validate({**form, **more})


async def offered(day: date = TODAY) -> list[str]:
    return [theme.name_vi for theme in await choices_themes(day)]


async def test_an_admin_adds_a_theme_and_courses_choose_it_in_its_place() -> None:
    hoa = await who_is(HOA)
    assert await add_theme(hoa, data()) == "open_data"
    assert (await offered())[4] == "Dữ liệu mở"
    with pytest.raises(Refused) as twin:
        await add_theme(hoa, data(name_vi="du lieu  MỞ", name_en="Other words"))
    assert list(twin.value.fields) == ["name_vi"]
    assert await add_theme(hoa, data(name_vi="Khác", name_en="Open-Data!")) == "open_data_2"
    assert await how_many("theme.add") == 2
    assert (await last_line("theme.add"))["doer"] == HOA.name


async def test_only_admins_change_themes() -> None:
    for player in (TAM, NGHI):
        who = await who_is(player)
        with pytest.raises(Forbidden):
            await add_theme(who, data())
        with pytest.raises(Forbidden):
            await edit_theme(who, "office_software", names())
        with pytest.raises(Forbidden):
            await retire_theme(who, "office_software", RetireThemeForm(on=TODAY, version=1))
        with pytest.raises(Forbidden):
            await bring_theme_back(who, "office_software", ThemeAgainForm(version=1))
    with pytest.raises(NotFound):
        await edit_theme(await who_is(HOA), "no_such_theme", names())


async def test_a_theme_is_worded_anew_as_it_was_shown_and_courses_follow() -> None:
    hoa, course = await who_is(HOA), await a_course(await town())
    await edit_theme(hoa, "digital_transformation", names())
    await edit_theme(hoa, "digital_transformation", names())
    assert (await course_of(course)).theme_vi == "Dữ liệu số"
    with pytest.raises(Refused) as stale:
        await edit_theme(hoa, "digital_transformation", names(name_vi="Khác hẳn"))
    assert (stale.value.status, stale.value.details.version) == (409, 2)  # type: ignore[attr-defined]
    line = await last_line("theme.edit")
    assert "Chuyển đổi số" in line["before"]
    assert await how_many("theme.edit") == 1


async def test_a_retired_theme_stays_with_its_courses_and_can_come_back() -> None:
    hoa, course = await who_is(HOA), await a_course(await town())
    later = TODAY + timedelta(days=3)
    before = RetireThemeForm(on=date(2019, 1, 1), version=1)
    with pytest.raises(Refused) as early:
        await retire_theme(hoa, "digital_transformation", before)
    assert "on" in early.value.fields
    form = RetireThemeForm(on=later, version=1)
    await retire_theme(hoa, "digital_transformation", form)
    await retire_theme(hoa, "digital_transformation", form)
    assert "Chuyển đổi số" in await offered()
    assert "Chuyển đổi số" not in await offered(later)
    assert (await course_of(course)).theme == "digital_transformation"
    await bring_theme_back(hoa, "digital_transformation", ThemeAgainForm(version=2))
    await bring_theme_back(hoa, "digital_transformation", ThemeAgainForm(version=2))
    assert "Chuyển đổi số" in await offered(later)
    assert [await how_many(f"theme.{act}") for act in ("retire", "bring_back")] == [1, 1]


async def test_one_theme_is_always_left_to_choose() -> None:
    codes = [theme.code for theme in await list_themes()]
    for code in codes[:-1]:
        await retire_theme(MACHINE, code, RetireThemeForm(on=TODAY, version=1))
    with pytest.raises(Refused):
        await retire_theme(MACHINE, codes[-1], RetireThemeForm(on=TODAY, version=1))
    assert (await find_theme(codes[-1])).until is None


async def test_the_pages_of_themes_show_and_keep_what_was_typed() -> None:
    async with await visit(HOA) as hoa:
        await hoa.get("/themes")
        with few_queries(3):
            page = await hoa.get("/themes")
        wrong = await hoa.post("/themes", {"name_vi": "Tên tiếng Việt", "name_en": "", "rank": "5"})
        stale = {"name_vi": "Của tôi", "name_en": "Mine", "rank": "5", "version": "9"}
        late = await hoa.post("/themes/office_software/edit", stale)
        gone = await hoa.post("/themes/office_software/retirement", {"on": "", "version": "1"})
        done = await hoa.post(
            "/themes/office_software/retirement", {"on": f"{TODAY}", "version": 1}
        )
        back = await hoa.post("/themes/office_software/return", {"version": "2"})
    assert "Tin học văn phòng" in page.text
    assert (wrong.status_code, late.status_code, gone.status_code) == (422, 409, 422)
    assert "Tên tiếng Việt" in wrong.text
    assert "Tin học văn phòng" in late.text
    assert "Của tôi" in late.text
    assert (done.status_code, back.status_code) == (303, 303)
    async with await visit(NGHI) as nghi:
        read = await nghi.get("/themes")
    assert "/themes/new" not in read.text


def duty(periods: int = 24, since: date = NEXT_YEAR, category: str = "part_time") -> DutyForm:
    return DutyForm.model_validate({"category": category, "periods": periods, "since": since})


async def held(day: date, category: str = "part_time") -> int | None:
    found = duty_on((await list_duties())[category], day)
    return found.periods if found else None


async def test_a_duty_holds_from_its_day_on_and_leaves_earlier_years_alone() -> None:
    hoa = await who_is(HOA)
    await set_duty(hoa, duty())
    await set_duty(hoa, duty())
    eve = NEXT_YEAR - timedelta(days=1)
    assert [await held(eve), await held(NEXT_YEAR)] == [40, 24]
    assert await held(NEXT_YEAR, "cadre") == 40
    assert await held(date(2019, 12, 31)) is None
    await set_duty(hoa, duty(16))  # the same day: the line is corrected
    assert [await held(eve), await held(NEXT_YEAR)] == [40, 16]
    assert await how_many("duty.set") == 2
    assert '"periods": 24' in (await last_line("duty.set"))["before"]


async def test_a_duty_is_taken_back_before_it_holds_and_not_after() -> None:
    hoa = await who_is(HOA)
    await set_duty(hoa, duty())
    await drop_duty(hoa, DropDutyForm(category="part_time", since=NEXT_YEAR))
    assert await held(NEXT_YEAR) == 40
    with pytest.raises(NotFound):
        await drop_duty(hoa, DropDutyForm(category="part_time", since=NEXT_YEAR))
    with pytest.raises(Refused):
        await drop_duty(hoa, DropDutyForm(category="part_time", since=date(2020, 1, 1)))
    assert await how_many("duty.drop") == 1


async def test_only_admins_set_duties() -> None:
    for player in (TAM, NGHI):
        with pytest.raises(Forbidden):
            await set_duty(await who_is(player), duty())
        with pytest.raises(Forbidden):
            await drop_duty(
                await who_is(player), DropDutyForm(category="cadre", since=date(2020, 1, 1))
            )


async def test_the_page_of_duties_shows_what_holds_and_what_comes() -> None:
    async with await visit(HOA) as hoa:
        sent = {"category": "part_time", "periods": "24", "since": f"{NEXT_YEAR:%d/%m/%Y}"}
        assert (await hoa.post("/training-duties", sent)).status_code == 303
        wrong = await hoa.post("/training-duties", {**sent, "periods": "1000"})
        page = await hoa.get("/training-duties")
        line = {"category": "part_time", "since": NEXT_YEAR.isoformat()}
        gone = await hoa.post("/training-duties/removal", line)
        held_line = {"category": "part_time", "since": "2020-01-01"}
        kept = await hoa.post("/training-duties/removal", held_line)
    assert (wrong.status_code, gone.status_code, kept.status_code) == (422, 303, 422)
    assert 'value="1000"' in wrong.text
    for word in ("24 tiết mỗi năm", "Sắp áp dụng", "Đang áp dụng"):
        assert word in page.text
    async with await visit(NGHI) as nghi:
        read = await nghi.get("/training-duties")
    assert 'id="set"' not in read.text
