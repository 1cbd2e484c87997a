"""Areas, offices and settings, as their commands and pages keep them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest

from demo.cast import HOA, NGHI, SEN, TAM, TOAN
from kit.database import value
from kit.errors import Forbidden, NotFound, Refused
from people.reach import choices_areas
from places.areas.commands import ChangeAreaForm, EndAreaForm, change_area, end_area
from places.areas.queries import find_last_spell
from places.offices.commands import (
    ChangeOfficeForm,
    EndOfficeForm,
    OfficeForm,
    change_office,
    end_office,
    found_office,
)
from places.offices.queries import OfficeFilter, list_offices
from places.settings.commands import SettingsForm, save_settings
from places.settings.queries import find_body, forget_settings, settings_stamp
from reports.areas.queries import list_tops
from tests.queries import few_queries
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
MOVED = date(2025, 7, 1)
RULES = {"due_days": 45, "edit_hours": 48, "retention_months": 12, "cutoff_day": 31}


@pytest.fixture(autouse=True)
def fresh_settings() -> Iterator[None]:
    """Settings are kept for seconds; no test sees another's."""
    forget_settings()
    yield
    forget_settings()


async def lines(action: str) -> int:
    """How many lines of an action the log holds."""
    return int(await value("SELECT count(*) AS n FROM audit_line WHERE action = {}", action))


async def move_ap_1(version: int = 1) -> UUID:
    """Hoa moves Ấp 1 to the town on 1 July 2025."""
    ap, town = await id_of("Ấp 1"), await id_of("Thị trấn Tân Trụ")
    form = ChangeAreaForm(name="Ấp 1", parent=town, since=MOVED, version=version)
    await change_area(await who_is(HOA), ap, form)
    return ap


async def test_a_moved_hamlet_leaves_the_reach_of_its_old_commune() -> None:
    before = {c.id for c in await choices_areas(await who_is(SEN), "area.read")}
    ap = await move_ap_1()
    after = {c.id for c in await choices_areas(await who_is(SEN), "area.read")}
    assert before - after == {ap}
    assert await lines("area.change") == 1


async def test_moving_twice_is_the_same_as_once_and_an_outdated_page_is_told() -> None:
    ap = await move_ap_1()
    await move_ap_1()
    assert await lines("area.change") == 1
    form, hoa = ChangeAreaForm(name="Ấp Một", since=date(2026, 1, 1), version=1), await who_is(HOA)
    with pytest.raises(Refused) as refused:
        await change_area(hoa, ap, form)
    assert refused.value.status == 409
    assert refused.value.details == await find_last_spell(await who_is(HOA), ap)


async def test_only_an_admin_changes_areas_and_nobody_beyond_reach_sees_them() -> None:
    town = await id_of("Khu phố Bình Hòa")
    form = ChangeAreaForm(name="Khu phố 1", since=MOVED, version=1)
    with pytest.raises(Forbidden):
        await change_area(await who_is(TAM), town, form)
    with pytest.raises(NotFound):
        await change_area(await who_is(SEN), town, form)


async def test_an_area_that_is_needed_does_not_end() -> None:
    hoa = await who_is(HOA)
    for name in ("Xã Bình Lãng", "Ấp 1"):
        form = EndAreaForm(on=MOVED, basis="Nghị quyết 5", version=1)
        with pytest.raises(Refused):
            await end_area(hoa, await id_of(name), form)
    assert await lines("area.end") == 0


async def test_the_figures_of_a_day_count_its_own_map_and_members() -> None:
    await move_ap_1()
    toan = await who_is(TOAN)
    for day, town in ((date(2024, 1, 1), (0, 0)), (date(2025, 1, 1), (2, 7)), (MOVED, (3, 8))):
        (_, below), *_ = await list_tops(toan, day)
        found = {line.name: (line.teams, line.members) for line in below}
        assert found["Thị trấn Tân Trụ"] == town


async def test_the_pages_ask_few_queries_and_tell_the_story() -> None:
    ap = await move_ap_1()
    pages = ("/areas", "/areas?on=2024-10-31", f"/areas/{ap}", f"/areas/{ap}/edit", "/offices")
    async with await visit(HOA) as hoa:
        for path in (*pages, f"/areas/{await id_of('Xã Bình Lãng')}", "/settings"):
            with few_queries():
                answer = await hoa.get(path)
            assert answer.status_code == 200, path
        story = (await hoa.get(f"/areas/{ap}")).text
        assert "Chuyển từ Xã Bình Lãng sang Thị trấn Tân Trụ." in story
        form = {"name": "Ấp X", "since": "2026-01-01", "version": "1"}
        clash = await hoa.post(f"/areas/{ap}/edit", form)
        assert clash.status_code == 409
        assert 'id="theirs"' in clash.text
        assert 'value="Ấp X"' in clash.text


async def test_an_office_is_founded_moved_and_ended_within_reach() -> None:
    sen, lang = await who_is(SEN), await id_of("Xã Bình Lãng")
    form = OfficeForm(name="Trường Tiểu học Bình Lãng", area=lang, since=MOVED)
    office = await found_office(sen, form)
    with pytest.raises(Refused):
        await found_office(sen, form)
    town = await id_of("Thị trấn Tân Trụ")
    change = ChangeOfficeForm(name="Trường", area=town, since=date(2026, 1, 1), version=1)
    with pytest.raises(Refused):
        await change_office(sen, office, change)
    await change_office(await who_is(NGHI), office, change)
    await change_office(await who_is(NGHI), office, change)
    with pytest.raises(NotFound):
        await end_office(sen, office, EndOfficeForm(on=date(2026, 2, 1), version=2))
    with pytest.raises(Forbidden):
        await end_office(await who_is(TOAN), office, EndOfficeForm(on=MOVED, version=2))
    await end_office(await who_is(TAM), office, EndOfficeForm(on=date(2026, 2, 1), version=2))
    assert [await lines(f"office.{verb}") for verb in ("found", "change", "end")] == [1, 1, 1]


async def test_offices_are_found_without_marks_page_by_page() -> None:
    tam, root = await who_is(TAM), await id_of("Huyện Tân Trụ")
    for name in ("Phòng Tư pháp", "Phòng Nội vụ", "Trạm Y tế"):
        await found_office(tam, OfficeForm(name=name, area=root, since=MOVED))
    first, following = await list_offices(tam, OfficeFilter(q="phong"), 1)
    rest, end = await list_offices(tam, OfficeFilter(q="phong", after=following), 1)
    assert [office.name for office in first + rest] == ["Phòng Nội vụ", "Phòng Tư pháp"]
    assert end == ""
    assert await list_offices(tam, OfficeFilter(area=await id_of("Ấp 1"))) == ([], "")


async def test_settings_are_saved_once_and_never_over_a_newer_state() -> None:
    hoa = await who_is(HOA)
    words = {"body_name": "UBND xã Tân Trụ", "commune_label": "xã", "hamlet_label": "ấp", **RULES}
    stamp = await settings_stamp()
    form = SettingsForm.model_validate({**words, "target_size": 6, "stamp": stamp})
    with pytest.raises(Forbidden):
        await save_settings(await who_is(TAM), form)
    await save_settings(hoa, form)
    await save_settings(hoa, form)
    body = await find_body()
    assert (body.name, body.target_size) == ("UBND xã Tân Trụ", 6)
    assert (body.due_days, body.edit_hours) == (45, 48)
    assert (body.retention_months, body.cutoff_day) == (12, 31)
    assert await lines("settings.edit") == 1
    with pytest.raises(Refused) as refused:
        await save_settings(hoa, form.model_copy(update={"target_size": 7}))
    assert refused.value.status == 409


@pytest.mark.parametrize(("field", "wrong"), [("cutoff_day", "30"), ("due_days", "0")])
async def test_a_rule_that_cannot_be_is_refused_beside_its_field(field: str, wrong: str) -> None:
    async with await visit(HOA) as hoa:
        words = {"body_name": "UBND xã", "commune_label": "xã", "hamlet_label": "ấp"}
        sent = {**words, "target_size": "5", **RULES, field: wrong}
        answer = await hoa.post("/settings", sent)
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text


async def test_the_language_stays_with_the_account_and_never_leads_elsewhere() -> None:
    async with await visit(HOA) as hoa:
        answer = await hoa.post("/language", {"language": "en", "back": "//evil.example"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert "Areas" in (await hoa.get("/areas")).text
    async with await visit(None) as stranger:
        back = await stranger.post("/language", {"language": "en", "back": "/sign-in"})
        assert back.headers["location"] == "/sign-in"
        assert "Sign in" in (await stranger.get("/sign-in")).text
