"""Venues: within reach, taken out of use and up again, never while sessions are to come."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from demo.cast import NGHI, SEN, TAM, TOAN
from kit import clock
from kit.errors import Forbidden, NotFound, Refused
from people.permissions import MACHINE
from sessions.courses.commands import CancelForm
from sessions.meetings.commands import cancel_session, schedule_sessions
from sessions.meetings.queries import choices_venues, list_meetings
from sessions.venues.commands import (
    EditVenueForm,
    EndVenueForm,
    VenueAgainForm,
    VenueForm,
    add_venue,
    bring_venue_back,
    edit_venue,
    end_venue,
)
from sessions.venues.queries import VenueFilter, find_venue, list_venues
from tests.courses import a_course, a_time
from tests.queries import few_queries
from tests.sessions.lookups import SOON, town
from tests.teams.lookups import how_many, last_line
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

TODAY = clock.today()
HALL = "Hội trường UBND thị trấn"


async def a_hall(name: str = HALL) -> UUID:
    """A hall in the town."""
    return await add_venue(MACHINE, VenueForm(name=name, area=await town(), seats=120))


async def worded(version: int = 1, **more: object) -> EditVenueForm:
    """The hall with an address."""
    form = {"name": HALL, "area": await town(), "address": "Số 1 Nguyễn Trung Trực", "seats": 100}
    return EditVenueForm.model_validate({**form, "version": version, **more})


async def test_who_plans_courses_adds_venues_within_reach_and_no_name_twice() -> None:
    nghi = await who_is(NGHI)
    hall = await add_venue(nghi, VenueForm(name=HALL, area=await town()))
    assert (await find_venue(nghi, hall)).area_name == "Thị trấn Tân Trụ"
    with pytest.raises(Refused) as twin:
        await add_venue(nghi, VenueForm(name="hoi truong UBND Thị Trấn", area=await town()))
    assert twin.value.status == 409
    with pytest.raises(Refused) as beyond:
        await add_venue(await who_is(SEN), VenueForm(name="Phòng họp", area=await town()))
    assert "area" in beyond.value.fields
    assert await how_many("venue.add") == 1
    assert (await last_line("venue.add"))["doer"] == NGHI.name


async def test_a_venue_is_changed_as_it_was_shown_by_who_may() -> None:
    hall, tam = await a_hall(), await who_is(TAM)
    with pytest.raises(NotFound):
        await edit_venue(await who_is(SEN), hall, await worded())
    with pytest.raises(Forbidden):
        await edit_venue(await who_is(TOAN), hall, await worded())
    await edit_venue(tam, hall, await worded())
    await edit_venue(tam, hall, await worded())
    found = await find_venue(tam, hall)
    assert (found.address, found.seats, found.version) == ("Số 1 Nguyễn Trung Trực", 100, 2)
    with pytest.raises(Refused) as stale:
        await edit_venue(tam, hall, await worded(name="Tên khác"))
    assert stale.value.details == found
    assert await how_many("venue.edit") == 1


async def test_a_venue_with_sessions_to_come_stays_in_use() -> None:
    hall, course, tam = await a_hall(), await a_course(await town()), await who_is(TAM)
    (meeting,) = await schedule_sessions(MACHINE, course, a_time(SOON, venue=HALL))
    with pytest.raises(Refused) as planned:
        await end_venue(tam, hall, EndVenueForm(on=SOON, version=1))
    assert "on" in planned.value.fields
    await end_venue(tam, hall, EndVenueForm(on=SOON + timedelta(days=1), version=1))
    await cancel_session(MACHINE, meeting, CancelForm(reason="Mất điện", version=1))
    await end_venue(tam, hall, EndVenueForm(on=TODAY, version=2))
    await end_venue(tam, hall, EndVenueForm(on=TODAY, version=2))
    assert await choices_venues(tam) == []
    assert (await list_meetings(course))[0].venue_name == HALL
    assert await how_many("venue.end") == 2


async def test_a_venue_out_of_use_is_not_used_by_its_name_but_can_be_taken_up_again() -> None:
    hall, course, tam = await a_hall(), await a_course(await town()), await who_is(TAM)
    await end_venue(tam, hall, EndVenueForm(on=TODAY, version=1))
    await bring_venue_back(tam, hall, VenueAgainForm(version=2))
    await bring_venue_back(tam, hall, VenueAgainForm(version=2))
    assert await how_many("venue.bring_back") == 1
    await end_venue(tam, hall, EndVenueForm(on=TODAY, version=3))
    await schedule_sessions(MACHINE, course, a_time(SOON, venue=HALL))
    (meeting,) = await list_meetings(course)
    assert meeting.venue != hall
    with pytest.raises(Refused) as taken:
        await bring_venue_back(tam, hall, VenueAgainForm(version=4))
    assert taken.value.status == 409


async def test_strangers_and_readers_end_no_venue() -> None:
    hall = await a_hall()
    with pytest.raises(NotFound):
        await end_venue(await who_is(SEN), hall, EndVenueForm(on=TODAY, version=1))
    with pytest.raises(Forbidden):
        await end_venue(await who_is(TOAN), hall, EndVenueForm(on=TODAY, version=1))
    with pytest.raises(Forbidden):
        await bring_venue_back(await who_is(TOAN), hall, VenueAgainForm(version=1))


async def test_the_list_is_searched_without_marks_and_shows_reach_only() -> None:
    await a_hall()
    lang = await add_venue(MACHINE, VenueForm(name="Phòng họp", area=await id_of("Xã Bình Lãng")))
    sen, tam = await who_is(SEN), await who_is(TAM)
    assert [one.id for one in (await list_venues(sen, VenueFilter()))[0]] == [lang]
    assert [one.name for one in (await list_venues(tam, VenueFilter(q="hoi truong")))[0]] == [HALL]
    area = VenueFilter(area=await id_of("Xã Bình Lãng"))
    assert [one.id for one in (await list_venues(tam, area))[0]] == [lang]
    await end_venue(MACHINE, lang, EndVenueForm(on=TODAY, version=1))
    assert (await list_venues(sen, VenueFilter()))[0] == []
    assert len((await list_venues(sen, VenueFilter(ended=True)))[0]) == 1
    first, following = await list_venues(tam, VenueFilter(ended=True), 1)
    second, end = await list_venues(tam, VenueFilter(ended=True, after=following), 1)
    assert [one.name for one in first + second] == [HALL, "Phòng họp"]
    assert end == ""


async def test_the_pages_of_venues_work_and_keep_what_was_typed() -> None:
    hall = await a_hall()
    async with await visit(TAM) as tam:
        await tam.get("/venues")
        with few_queries(4):
            page = await tam.get("/venues")
        wrong = await tam.post("/venues", {"name": "Nhà văn hóa", "seats": "0"})
        stale = {"name": "Tên của tôi", "area": str(await town()), "version": "9"}
        late = await tam.post(f"/venues/{hall}/edit", stale)
        saved = await tam.post(f"/venues/{hall}/edit", {**stale, "version": "1"})
        ended = await tam.post(f"/venues/{hall}/ending", {"on": f"{TODAY}", "version": "2"})
        back = await tam.post(f"/venues/{hall}/return", {"version": "3"})
        forms = [await tam.get(f"/venues/{path}") for path in ("new", f"{hall}/ending")]
    assert HALL in page.text
    assert (wrong.status_code, late.status_code) == (422, 409)
    assert "Nhà văn hóa" in wrong.text
    assert HALL in late.text
    assert "Tên của tôi" in late.text
    assert [one.status_code for one in (saved, ended, back)] == [303, 303, 303]
    assert [one.status_code for one in forms] == [200, 200]
