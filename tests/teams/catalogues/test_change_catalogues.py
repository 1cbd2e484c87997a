"""Catalogues: what visits offer, and how admins change it without touching the past."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from demo.cast import HAN, HOA, TAM, TOAN
from kit import clock, i18n
from kit.database import run, value
from kit.errors import Forbidden, NotFound, Refused
from people.permissions import MACHINE
from teams.catalogues.commands import (
    AddEntryForm,
    ConsentForm,
    EditEntryForm,
    OfferAgainForm,
    RetireForm,
    add_entry,
    bring_entry_back,
    edit_entry,
    publish_consent,
    retire_entry,
)
from teams.catalogues.queries import current_consent, find_catalogues, was_offered
from teams.catalogues.tables import LISTS, OUTCOMES
from tests.queries import few_queries
from tests.teams.lookups import how_many, last_line
from tests.teams.visits.doors import log
from tests.visitor import visit, who_is

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

SINCE = date(2026, 1, 1)
WORDS = "Ông/bà đồng ý để tổ ghi lại việc đã được hỗ trợ và hẹn lần sau."


def robot(**more: object) -> AddEntryForm:
    form = {"list": "service", "name_vi": "Trợ lý ảo", "name_en": "Virtual assistant"}
    return AddEntryForm.model_validate({**form, "rank": 45, "since": SINCE, **more})


async def test_every_list_is_offered_in_its_order_and_both_languages() -> None:
    found = await find_catalogues()
    for which in LISTS:
        offered = found.offered(which, clock.today())
        assert [e.rank for e in offered] == sorted(e.rank for e in offered)
        assert all(entry.name_vi and entry.name_en for entry in offered)
    i18n.language.set("vi")
    assert found.name("pay_water") == "Thanh toán tiền nước"
    i18n.language.set("en")
    assert found.name("pay_water") == "Pay water online"


async def test_catalogues_are_asked_of_the_database_once_in_a_few_seconds() -> None:
    await find_catalogues()
    with few_queries(0):
        await find_catalogues()
        await current_consent()
        assert await was_offered("service", "vneid_2", clock.today())


async def test_an_added_entry_is_offered_from_its_day_on_in_its_place() -> None:
    code = await add_entry(await who_is(HOA), robot())
    assert code == "virtual_assistant"
    assert await was_offered("service", code, SINCE)
    assert not await was_offered("service", code, SINCE - timedelta(days=1))
    assert not await was_offered("obstacle", code, SINCE)
    codes = [e.code for e in (await find_catalogues()).offered("service", SINCE)]
    assert codes.index("pay_electricity") + 1 == codes.index(code) == codes.index("pay_water") - 1
    assert (await last_line("catalogue.add"))["subject_name"] == "Trợ lý ảo"


async def test_a_code_is_never_used_again() -> None:
    hoa = await who_is(HOA)
    first = await add_entry(hoa, robot())
    await retire_entry(hoa, first, RetireForm(on=date(2026, 6, 1), version=1))
    second = await add_entry(hoa, robot(since=date(2026, 7, 1)))
    assert (first, second) == ("virtual_assistant", "virtual_assistant_2")


async def test_a_name_that_is_offered_already_is_refused_marks_and_case_aside() -> None:
    with pytest.raises(Refused) as refused:
        await add_entry(await who_is(HOA), robot(name_vi="thanh toan tien NUOC"))
    assert "name_vi" in refused.value.fields
    assert await how_many("catalogue.add") == 0


async def test_a_new_wording_of_a_name_holds_for_past_visits_too() -> None:
    hoa = await who_is(HOA)
    form = EditEntryForm(name_vi="Nộp tiền nước", name_en="Pay water", rank=1, version=1)
    await edit_entry(hoa, "pay_water", form)
    await edit_entry(hoa, "pay_water", form)
    assert (await find_catalogues()).offered("service", SINCE)[0].code == "pay_water"
    assert await how_many("catalogue.edit") == 1
    with pytest.raises(Refused) as refused:
        await edit_entry(hoa, "pay_water", form.model_copy(update={"rank": 2}))
    assert refused.value.status == 409
    assert refused.value.details == (await find_catalogues()).find("pay_water")


async def test_a_retired_entry_is_not_offered_but_visits_of_earlier_days_take_it() -> None:
    hoa, today = await who_is(HOA), clock.today()
    await retire_entry(hoa, "pay_water", RetireForm(on=today, version=1))
    await retire_entry(hoa, "pay_water", RetireForm(on=today, version=1))
    assert await how_many("catalogue.retire") == 1
    with pytest.raises(Refused):
        await log(await who_is(HAN), "Nguyễn Thị Ưởng", "pay_water:assisted")
    yesterday = clock.now() - timedelta(days=1)
    await log(await who_is(HAN), "Nguyễn Thị Ưởng", "pay_water:assisted", met_at=yesterday)
    await bring_entry_back(hoa, "pay_water", OfferAgainForm(version=2))
    await bring_entry_back(hoa, "pay_water", OfferAgainForm(version=2))
    assert await how_many("catalogue.bring_back") == 1
    await log(await who_is(HAN), "Đặng Văn Quỳnh", "pay_water:assisted")


async def test_an_entry_that_came_back_was_not_offered_meanwhile() -> None:
    hoa, han, today = await who_is(HOA), await who_is(HAN), clock.today()
    week_ago = today - timedelta(days=7)
    await retire_entry(hoa, "pay_water", RetireForm(on=week_ago, version=1))
    await bring_entry_back(hoa, "pay_water", OfferAgainForm(version=2))
    offered = {
        days: await was_offered("service", "pay_water", today - timedelta(days=days))
        for days in (0, 1, 7, 8)
    }
    assert offered == {0: True, 1: False, 7: False, 8: True}
    at = clock.now() - timedelta(days=3)
    with pytest.raises(Refused) as refused:
        await log(han, "Nguyễn Thị Ưởng", "pay_water:assisted", met_at=at)
    assert "supports.0.service" in refused.value.fields
    with pytest.raises(Refused) as early:
        await retire_entry(hoa, "pay_water", RetireForm(on=today - timedelta(days=2), version=3))
    assert "on" in early.value.fields
    async with await visit(HAN) as page:
        found = (await page.get("/api/v1/catalogues")).json()["services"]
        paper = (await page.get("/visits/paper")).text
    gaps = {one["code"]: one["gaps"] for one in found}
    assert gaps["pay_water"] == [{"since": week_ago.isoformat(), "until": today.isoformat()}]
    assert gaps["vneid_2"] == []
    assert "tiền nước" in paper


async def test_what_visits_need_stays() -> None:
    hoa = await who_is(HOA)
    with pytest.raises(Refused):
        await retire_entry(hoa, "home", RetireForm(on=clock.today(), version=1))
    with pytest.raises(Refused) as refused:
        await retire_entry(hoa, "pay_water", RetireForm(on=date(2019, 1, 1), version=1))
    assert "on" in refused.value.fields
    codes = [e.code for e in (await find_catalogues()).of("obstacle")]
    for code in codes[:-1]:
        await retire_entry(hoa, code, RetireForm(on=clock.today(), version=1))
    with pytest.raises(Refused):
        await retire_entry(hoa, codes[-1], RetireForm(on=clock.today(), version=1))


async def test_only_an_admin_changes_catalogues_and_an_unknown_entry_is_not_there() -> None:
    consent = ConsentForm(text_vi=WORDS, text_en=WORDS, since=clock.today())
    for player in (TAM, TOAN, HAN):
        who = await who_is(player)
        with pytest.raises(Forbidden):
            await add_entry(who, robot())
        with pytest.raises(Forbidden):
            await edit_entry(
                who, "bank", EditEntryForm(name_vi="NH", name_en="Bk", rank=1, version=1)
            )
        with pytest.raises(Forbidden):
            await retire_entry(who, "bank", RetireForm(on=SINCE, version=1))
        with pytest.raises(Forbidden):
            await bring_entry_back(who, "bank", OfferAgainForm(version=1))
        with pytest.raises(Forbidden):
            await publish_consent(who, consent)
    with pytest.raises(NotFound):
        await retire_entry(MACHINE, "no_such", RetireForm(on=SINCE, version=1))


async def test_a_published_wording_holds_from_its_day_and_the_old_one_stays_word_for_word() -> None:
    hoa, today = await who_is(HOA), clock.today()
    before = await current_consent()
    form = ConsentForm(text_vi=WORDS, text_en=WORDS + " (en)", since=today + timedelta(days=7))
    assert await publish_consent(hoa, form) == 2
    assert await publish_consent(hoa, form) == 2
    assert await how_many("consent.publish") == 1
    assert await current_consent() == before
    assert (await current_consent(today + timedelta(days=7))).text_vi == WORDS
    with pytest.raises(Refused) as refused:
        await publish_consent(hoa, form.model_copy(update={"since": today, "text_vi": WORDS * 2}))
    assert "since" in refused.value.fields
    stored = await run("SELECT version, text_vi FROM consent_text ORDER BY version")
    assert [row["version"] for row in stored] == [1, 2]
    assert stored[0]["text_vi"] == before.text_vi


async def test_the_page_shows_both_languages_and_leads_through_every_change() -> None:
    async with await visit(HOA) as hoa:
        with few_queries():
            page = (await hoa.get("/catalogues")).text
        assert "Thanh toán tiền nước" in page
        assert "Pay water online" in page
        sent = {"list": "service", "name_vi": "Trợ lý ảo", "name_en": "Assistant", "rank": "5"}
        wrong = await hoa.post("/catalogues", {**sent, "since": "31/02/2026"})
        assert wrong.status_code == 422
        assert 'value="Trợ lý ảo"' in wrong.text
        assert (await hoa.post("/catalogues", {**sent, "since": "01/01/2026"})).is_redirect
        gone = await hoa.post(
            "/catalogues/assistant/retirement", {"on": "01/02/2026", "version": "1"}
        )
        assert gone.is_redirect
        assert "Ngừng dùng từ 01/02/2026" in (await hoa.get("/catalogues")).text
        assert (await hoa.post("/catalogues/assistant/return", {"version": "2"})).is_redirect
        words = {"name_vi": "Trợ lý số", "name_en": "Assistant", "rank": "5", "version": "1"}
        clash = await hoa.post("/catalogues/assistant/edit", words)
        assert clash.status_code == 409
        assert 'id="theirs"' in clash.text
        assert (await hoa.get("/catalogues/no_such/edit")).status_code == 404


async def test_programs_read_the_catalogues_with_outcomes_and_wordings() -> None:
    await retire_entry(await who_is(HOA), "pay_water", RetireForm(on=SINCE, version=1))
    async with await visit(HAN) as han:
        found = (await han.get("/api/v1/catalogues")).json()
    services = {entry["code"]: entry for entry in found["services"]}
    assert services["pay_water"]["until"] == "2026-01-01"
    assert services["vneid_2"]["until"] is None
    assert [outcome["code"] for outcome in found["outcomes"]] == list(OUTCOMES)
    learning = {outcome["code"] for outcome in found["outcomes"] if outcome["learning"]}
    assert learning == {"independent", "assisted"}
    assert found["consents"][0]["version"] == await value("SELECT max(version) FROM consent_text")
