"""What somebody would try who is in, or half in: each hole stays closed."""

from __future__ import annotations

import base64
import json
from datetime import date, timedelta
from uuid import UUID

import pytest

from demo.cast import HAN, HOA, SEN, TAM
from kit import clock
from kit.database import value
from kit.errors import Forbidden, NotFound, Refused
from kit.http import address_of
from kit.pages import TOAST
from people.accounts.commands import AccountForm, create_account
from people.permissions import MACHINE
from people.persons.commands import AddPersonForm, EditPersonForm, add_person, edit_person
from people.persons.queries import find_person
from teams.memberships.commands import (
    AddMemberForm,
    AssignForm,
    EndForm,
    add_member,
    assign_members,
    end_membership,
)
from tests.courses import a_course
from tests.programs import program
from tests.teams.lookups import AP_1, AP_2, BINH_LOI, spell_of
from tests.things import an_office
from tests.visitor import visit, who_is
from tests.world import FOUNDED, id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def state_of(name: str) -> str:
    """A person as the board would send him or her to be moved."""
    spell = await spell_of(name)
    return f"{spell.person}:{spell.id}:{spell.version}"


async def to_binh_loi(name: str) -> None:
    """Tâm moves somebody to a team of the town."""
    form = AssignForm(team=await id_of(BINH_LOI), people=[await state_of(name)])
    await assign_members(await who_is(TAM), form)


async def edited(name: str) -> EditPersonForm:
    """The form of a person with another phone, for who gets that far."""
    found = await find_person(MACHINE, await id_of(name))
    return EditPersonForm(
        name=name, phone="0900000999", area=found.area, office=found.office, version=found.version
    )


async def test_who_once_served_there_is_seen_but_no_longer_changed() -> None:
    town, tram = await id_of("Thị trấn Tân Trụ"), await id_of("Trần Thị Ngọc Trâm")
    await to_binh_loi("Trần Thị Ngọc Trâm")
    form = await edited("Trần Thị Ngọc Trâm")
    await edit_person(await who_is(TAM), tram, form.model_copy(update={"area": town}))
    sen = await who_is(SEN)
    assert (await find_person(sen, tram)).name == "Trần Thị Ngọc Trâm"
    with pytest.raises(Forbidden):
        await edit_person(sen, tram, await edited("Trần Thị Ngọc Trâm"))
    with pytest.raises(Forbidden):
        await create_account(sen, AccountForm(person=tram, phone="0900000998"))
    move = AssignForm(team=await id_of(AP_2), people=[await state_of("Trần Thị Ngọc Trâm")])
    with pytest.raises(NotFound):
        await assign_members(sen, move)


async def test_nobody_is_pulled_out_of_a_team_beyond_reach() -> None:
    await to_binh_loi("Trần Thị Ngọc Trâm")
    people = [await state_of("Trần Thị Ngọc Trâm")]
    with pytest.raises(Refused) as refused:
        await assign_members(await who_is(SEN), AssignForm(team=await id_of(AP_1), people=people))
    assert "Trần Thị Ngọc Trâm" in refused.value.message
    assert (await spell_of("Trần Thị Ngọc Trâm")).team == await id_of(BINH_LOI)


async def test_who_left_for_good_can_be_taken_in_again() -> None:
    sen, spell = await who_is(SEN), await spell_of("Trần Thị Ngọc Trâm")
    await end_membership(sen, spell.id, EndForm(on=clock.today(), reason="Nghỉ", version=1))
    joins = AddMemberForm(person=spell.person, on=clock.today())
    await add_member(sen, await id_of(AP_2), joins)
    assert (await spell_of("Trần Thị Ngọc Trâm")).team == await id_of(AP_2)


async def test_an_office_beyond_reach_is_none_to_choose() -> None:
    office = await an_office("Phòng Nội vụ", await id_of("Thị trấn Tân Trụ"))
    form = AddPersonForm(name="Lê Văn Mới", area=await id_of("Ấp 1"), office=office)
    with pytest.raises(Refused) as refused:
        await add_person(await who_is(SEN), form)
    assert set(refused.value.fields) == {"office"}


async def test_a_form_cannot_set_what_it_does_not_show() -> None:
    ap_1 = str(await id_of("Ấp 1"))
    more = {"id": str(UUID(int=7)), "role": "admin", "merged_into": ap_1, "sort": "0"}
    async with await visit(SEN) as sen:
        sent = {"name": "Lê Văn Mới", "area": ap_1, **more}
        assert (await sen.post("/people/new", sent)).status_code == 303
    async with await program(SEN) as sen_too:
        refused = await sen_too.post("/api/v1/persons", json={"name": "Lê Văn Hai", **more})
        assert refused.status_code == 422
    made = await id_of("Lê Văn Mới")
    assert made != UUID(int=7)
    assert await value("SELECT count(*) FROM role_grant WHERE person = {}", made) == 0


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
async def test_a_page_elsewhere_cannot_write_by_the_api_with_a_cookie(kind: str) -> None:
    body = json.dumps({"name": "Lê Văn Lạ", "area": str(await id_of("Ấp 1"))})
    async with await visit(SEN) as sen:
        for site in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
            headers = {"content-type": kind, **site}
            answer = await sen.http.post("/api/v1/persons", content=body, headers=headers)
            assert answer.status_code == 403
        answer = await sen.http.post(
            "/api/v1/persons", content=body, headers={"content-type": kind}
        )
        assert answer.status_code == 415
    assert await value("SELECT count(*) FROM person WHERE name = 'Lê Văn Lạ'") == 0


@pytest.mark.parametrize("url", ["//evil.example", "/\\evil.example", "https://evil.example"])
async def test_neither_a_toast_nor_a_sign_in_leads_to_another_site(url: str) -> None:
    packed = base64.urlsafe_b64encode(json.dumps({"text": "Xong", "undo_url": url}).encode())
    async with await visit(HAN) as han:
        han.http.cookies.set(TOAST, packed.decode())
        page = await han.get("/me")
        assert "Xong" in page.text
        assert "evil" not in page.text
        onward = await han.get("/sign-in", params={"next": url})
        assert onward.headers["location"] == "/"


async def test_a_toast_of_somebody_else_is_text_and_nothing_more() -> None:
    evil = {"text": "<script>alert(1)</script>", "tone": '"><script>x</script>'}
    packed = base64.urlsafe_b64encode(json.dumps(evil).encode())
    async with await visit(HAN) as han:
        han.http.cookies.set(TOAST, packed.decode())
        page = (await han.get("/me")).text
    assert "<script>alert" not in page
    assert "<script>x" not in page


async def test_what_people_type_is_never_markup() -> None:
    name = "Lê <b onclick=x>Văn</b> & Mới"
    person = await add_person(MACHINE, AddPersonForm(name=name, area=await id_of("Ấp 1")))
    async with await visit(HOA) as hoa:
        for path in (f"/people/{person}", "/people", "/board?team=all", f"/people?q={name}"):
            page = (await hoa.get(path)).text
            assert "<b onclick" not in page, path


def scope_of(peer: str, *forwarded: str) -> dict[str, object]:
    """A request from a peer with X-Forwarded-For headers."""
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return {"type": "http", "client": (peer, 1), "headers": headers}


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("127.0.0.1", ["6.6.6.6, 203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["6.6.6.6", "203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", [], "127.0.0.1"),
    ],
)
async def test_an_address_is_what_the_trusted_proxy_saw(
    peer: str, forwarded: list[str], address: str
) -> None:
    assert address_of(scope_of(peer, *forwarded)) == address  # type: ignore[arg-type]


A_DAY = timedelta(days=1)
NASTY = "\0"
NO_CURSOR = base64.urlsafe_b64encode(json.dumps([NASTY, str(UUID(int=1))]).encode()).decode()


@pytest.mark.parametrize(
    "path",
    [
        "/cards/%00AAAA",
        "/sign-in/%00",
        "/themes/%00/edit",
        "/courses?theme=%00",
        "/catalogues/%00/edit",
        f"/people?after={NO_CURSOR}",
        f"/teams?after={NO_CURSOR}",
        f"/board?after={NO_CURSOR}&team=all",
        f"/board?team={'-' * 36}",
        "/people?q=%00%25_!",
        "/teams?q=%00",
        "/audit?who=%00&subject=%00&action=%00",
        "/accounts?q=%00&role=%00&state=%00",
        "/imports/template.xlsx?kind=%00",
        "/offices?q=%00",
        "/areas?on=%00",
        "/?on=9999-99-99",
    ],
)
async def test_odd_signs_in_an_address_break_nothing(path: str) -> None:
    async with await visit(HOA) as hoa:
        assert (await hoa.get(path)).status_code < 500


ODD_KEYS = [
    "2026-01-01 99999999999999999999",
    "2026-01-01T00:00:00|future",
    "9999-12-31T23:59:59-12:00|future",
    "0001-01-01",
    "²²²²²²²²²",
    "9" * 40,
]
ODD_ID = "-".join("0" * 31 + "5")


@pytest.mark.parametrize("key", ODD_KEYS)
async def test_a_cursor_made_up_by_somebody_breaks_no_list(key: str) -> None:
    made_up = base64.urlsafe_b64encode(json.dumps([key, ODD_ID]).encode()).decode().rstrip("=")
    course = await a_course(await id_of("Thị trấn Tân Trụ"))
    pages = "people teams courses certificates visits visits/reviews follow-ups households"
    lists = f"courses notices certificates visits courses/{course}/sessions"
    async with await visit(HOA) as hoa, await program(HOA) as api:
        for page in pages.split():
            assert (await hoa.get(f"/{page}?after={made_up}")).status_code < 500, page
        for one in lists.split():
            assert (await api.get(f"/api/v1/{one}?after={made_up}")).status_code < 500, one


async def test_what_is_nested_without_end_breaks_neither_toast_nor_list() -> None:
    deep = base64.urlsafe_b64encode(b"[" * 6000).decode()
    async with await visit(None) as stranger:
        stranger.http.cookies.set(TOAST, deep)
        assert (await stranger.get("/c")).status_code == 200
    async with await visit(HOA) as hoa:
        for page in ("courses", "people", "certificates", "visits/reviews"):
            assert (await hoa.get(f"/{page}?after={deep}")).status_code == 200, page


async def test_odd_numbers_and_rows_break_no_import() -> None:
    async with await visit(HOA) as hoa:
        where = f"/imports/{UUID(int=5)}"
        assert (await hoa.get(f"{where}?after={10**30}")).status_code == 404
        sent = {"decisions": "²:same"}
        assert (await hoa.post(f"{where}/confirmation", sent)).status_code == 404


async def test_a_request_id_of_odd_signs_is_not_taken_over() -> None:
    async with await visit(None) as stranger:
        answer = await stranger.get("/sign-in", headers={"x-request-id": 'a" b=<x>'})
    assert answer.headers["x-request-id"].isalnum()


async def test_rights_cards_and_lists_change_at_midnight_of_viet_nam() -> None:
    """A membership that ends on a day ends at 17:00 UTC of the day before."""
    today = clock.today()
    tomorrow = today + A_DAY
    spell = await spell_of(HAN.name)
    await value("UPDATE membership SET left_on = {} WHERE id = {} RETURNING id", tomorrow, spell.id)
    midnight = clock.midnight(tomorrow)
    with clock.frozen(midnight - timedelta(seconds=1)):
        assert (await who_is(HAN)).roles == ["leader"]
    with clock.frozen(midnight):
        assert (await who_is(HAN)).roles == []


async def test_a_day_is_asked_for_half_open() -> None:
    spell = await spell_of("Trần Thị Ngọc Trâm")
    day = date(2025, 1, 1)
    end = EndForm(on=day, reason="Chuyển ấp", version=spell.version)
    await end_membership(await who_is(SEN), spell.id, end)
    before = day - A_DAY
    async with await program(HOA) as api:
        for on, expected in ((before, 1), (day, 0), (FOUNDED, 1), (FOUNDED - A_DAY, 0)):
            found = await api.get(f"/api/v1/memberships?team={spell.team}&on={on}")
            assert len(found.json()["items"]) == expected, on
            listed = (await api.get(f"/api/v1/teams?on={on}&q=ap 1")).json()["items"]
            assert [team["size"] for team in listed] == [expected] * len(listed), on
