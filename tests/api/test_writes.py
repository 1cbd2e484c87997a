"""The register changed by programs: the same commands, and a line in the log that says `api`."""

from __future__ import annotations

import json

import pytest

from demo.cast import HAN, HOA, SEN
from kit import clock
from kit.database import run, value
from tests.programs import V1, is_problem, program
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def last_act() -> tuple[str, str]:
    """The action and the door of the newest line of the log."""
    found = await run("SELECT action, via FROM audit_line ORDER BY id DESC LIMIT 1")
    return found[0]["action"], found[0]["via"]


async def as_shown(name: str) -> str:
    """A person and the live membership as a program read them, for an assignment."""
    person = await id_of(name)
    found = await run(
        "SELECT id, version FROM membership WHERE person = {} AND left_on IS NULL", person
    )
    return f"{person}:" + "".join(f"{spell['id']}:{spell['version']}" for spell in found)


async def test_a_team_is_founded_edited_and_dissolved() -> None:
    body = {"name": "Tổ CNSCĐ ấp 2B", "areas": [str(await id_of("Ấp 2"))]}
    async with await program(SEN) as sen:
        made = await sen.post(f"{V1}/teams", json={**body, "founded_on": "2024-10-10"})
        assert made.status_code == 201, made.text
        where = made.headers["location"]
        assert (await sen.get(where)).json() == made.json()
        assert await last_act() == ("team.found", "api")
        edited = await sen.patch(where, json={"target_size": 7, "version": 1})
        assert (edited.json()["target_size"], edited.json()["version"]) == (7, 2)
        assert edited.json()["name"] == "Tổ CNSCĐ ấp 2B"
        ends = {"on": "2024-11-01", "why": "Sáp nhập", "version": 2}
        ended = await sen.post(where + "/dissolution", json=ends)
        assert ended.json()["dissolved_on"] == "2024-11-01"
        is_problem(await sen.post(where + "/dissolution", json={**ends, "version": 3}), 409)


async def test_whoever_comes_second_is_shown_what_the_first_wrote() -> None:
    where = f"{V1}/teams/{await id_of('Tổ CNSCĐ ấp 1')}"
    async with await program(SEN) as sen, await program(HOA) as hoa:
        assert (await hoa.patch(where, json={"target_size": 8, "version": 1})).status_code == 200
        clash = await sen.patch(where, json={"target_size": 9, "version": 1})
        assert is_problem(clash, 409)["theirs"] == (await hoa.get(where)).json()
        assert (await sen.patch(where, json={"version": 2})).json()["target_size"] == 8


async def test_a_stranger_to_the_team_cannot_touch_it() -> None:
    where = f"{V1}/teams/{await id_of('Tổ CNSCĐ khu phố Bình Hòa')}"
    async with await program(SEN) as sen:
        is_problem(await sen.patch(where, json={"target_size": 9, "version": 1}), 404)
        is_problem(await sen.post(where + "/dissolution", json={}), 404)


async def test_a_person_is_added_once_and_edited_in_part() -> None:
    body = {"name": "NGUYỄN THỊ ƯỞNG", "born_year": 1990, "area": str(await id_of("Ấp 1"))}
    async with await program(SEN) as sen:
        made = await sen.post(f"{V1}/persons", json=body)
        assert made.status_code == 201, made.text
        assert made.json()["name"] == "Nguyễn Thị Ưởng"
        assert await last_act() == ("person.add", "api")
        twins = is_problem(await sen.post(f"{V1}/persons", json=body), 409)["theirs"]
        assert [twin["name"] for twin in twins] == ["Nguyễn Thị Ưởng"]
        where = made.headers["location"]
        edited = await sen.patch(where, json={"phone": "0900 000 777", "version": 1})
        assert (edited.json()["phone"], edited.json()["born_year"]) == ("+84900000777", 1990)
        clash = await sen.patch(where, json={"phone": None, "version": 1})
        assert is_problem(clash, 409)["theirs"] == (await sen.get(where)).json()


async def test_a_person_belongs_to_an_area_that_is_there() -> None:
    nowhere = "01932c07-5e3a-7000-8000-000000000001"
    async with await program(HOA) as hoa:
        for field in ("area", "office"):
            answer = await hoa.post(f"{V1}/persons", json={"name": "Lê Lợi", field: nowhere})
            assert is_problem(answer, 422)["errors"][0]["field"] == field


async def test_a_member_joins_is_promoted_leaves_and_returns() -> None:
    team, tram = await id_of("Tổ CNSCĐ ấp 2"), await id_of("Trần Thị Ngọc Trâm")
    old = await value("SELECT id FROM membership WHERE person = {}", tram)
    async with await program(SEN) as sen:
        end = {"on": "2025-01-01", "reason": "Chuyển ấp", "version": 1}
        left = await sen.post(f"{V1}/memberships/{old}/ending", json=end)
        assert left.json()["left_on"] == "2025-01-01"
        joins = {"team": str(team), "person": str(tram), "on": "2025-01-02"}
        made = await sen.post(f"{V1}/memberships", json=joins)
        assert made.status_code == 201, made.text
        is_problem(await sen.post(f"{V1}/memberships", json=joins), 409)
        stale = {**end, "on": "2025-02-01", "version": 7}
        clash = await sen.post(made.headers["location"] + "/ending", json=stale)
        assert is_problem(clash, 409)["theirs"] == made.json()
        rises = {"position": "leader", "on": "2025-02-01", "version": 1}
        leads = await sen.post(made.headers["location"] + "/position", json=rises)
        assert (leads.json()["position"], leads.json()["joined_on"]) == ("leader", "2025-02-01")
        assert await last_act() == ("member.position", "api")
        now = f"{V1}/memberships/{leads.json()['id']}"
        await sen.post(now + "/ending", json={**end, "on": "2025-03-01"})
        back = await sen.post(now + "/return", json={"on": "2025-04-01"})
        assert (back.status_code, back.json()["position"]) == (201, "member")
        assert len((await sen.get(f"{V1}/memberships?person={tram}")).json()["items"]) == 4


async def test_people_are_moved_at_one_go_and_back() -> None:
    team = await id_of("Tổ CNSCĐ khu phố Bình Lợi")
    people = [await as_shown("Cao Thị Ánh"), await as_shown("Phạm Thị Xuân")]
    async with await program(HOA) as hoa:
        body = {"team": str(team), "people": people}
        made = await hoa.post(f"{V1}/assignments", json=body)
        assert (made.status_code, made.json()["moved"]) == (201, 2)
        clash = is_problem(await hoa.post(f"{V1}/assignments", json=body), 409)
        assert {one["name"] for one in clash["theirs"]} == {"Cao Thị Ánh", "Phạm Thị Xuân"}
        where = made.headers["location"]
        undone = await hoa.post(where + "/undoing")
        assert undone.json()["undone_at"]
        assert (await hoa.post(where + "/undoing")).json() == undone.json()
        assert (await hoa.get(where)).json() == undone.json()
    async with await program(SEN) as sen:
        is_problem(await sen.get(where), 404)
        is_problem(await sen.post(where + "/undoing"), 404)


async def test_areas_are_founded_changed_and_ended_by_an_admin() -> None:
    lang = str(await id_of("Xã Bình Lãng"))
    body = {"kind": "hamlet", "name": "Ấp 3", "parent": lang, "since": "2024-10-10"}
    async with await program(HOA) as hoa, await program(SEN) as sen:
        is_problem(await sen.post(f"{V1}/areas", json=body), 403)
        made = await hoa.post(f"{V1}/areas", json=body)
        assert made.status_code == 201, made.text
        where = made.headers["location"]
        renamed = {"name": "Ấp 3 mới", "since": "2025-01-01", "version": made.json()["version"]}
        changed = (await hoa.patch(where, json=renamed)).json()
        assert (changed["name"], changed["parent"]) == ("Ấp 3 mới", lang)
        assert (await hoa.get(where + "?on=2024-12-31")).json()["name"] == "Ấp 3"
        ends = {"on": "2025-06-01", "basis": "Nghị quyết 12", "version": changed["version"]}
        ended = await hoa.post(where + "/ending", json=ends)
        assert ended.json()["until"] == "2025-06-01"
        is_problem(await hoa.get(where + "?on=2025-06-01"), 404)


async def test_an_office_is_founded_changed_and_ended() -> None:
    body = {"name": "Trạm y tế", "area": str(await id_of("Ấp 1")), "since": "2024-10-10"}
    async with await program(SEN) as sen:
        made = await sen.post(f"{V1}/offices", json=body)
        assert made.status_code == 201, made.text
        where = made.headers["location"]
        renamed = {"name": "Trạm y tế xã", "since": "2025-01-01", "version": 1}
        changed = (await sen.patch(where, json=renamed)).json()
        assert (changed["name"], changed["area"]) == ("Trạm y tế xã", body["area"])
        clash = is_problem(await sen.patch(where, json=renamed | {"name": "Khác"}), 409)
        assert clash["theirs"] == changed
        ends = {"on": "2025-06-01", "version": changed["version"]}
        assert (await sen.post(where + "/ending", json=ends)).json()["until"] == "2025-06-01"
        assert await last_act() == ("office.end", "api")


async def test_who_read_a_list_of_people_stands_in_the_log() -> None:
    async with await program(SEN) as sen:
        await sen.get(f"{V1}/persons?q=tram")
        assert await last_act() == ("person.list", "api")
        found = await run("SELECT after, person FROM audit_line ORDER BY id DESC LIMIT 1")
        assert json.loads(found[0]["after"]) == {"q": "tram", "shown": 1}
        await sen.get(f"{V1}/memberships")
        assert await last_act() == ("member.list", "api")


async def test_rights_of_a_leader_end_with_the_membership() -> None:
    async with await program(HAN) as han:
        assert (await han.get(f"{V1}/teams")).status_code == 200
        today = clock.today()
        await run("UPDATE membership SET left_on = {} WHERE left_on IS NULL", today)
        is_problem(await han.get(f"{V1}/teams"), 403)
