"""The small world of the tests: two communes, four hamlets, four teams, and the named cast.

Tân Trụ town: Bình Hòa (full team: Hân leads, Thắng deputy, Hoàng, Xuân, Đạt) and Bình Lợi (has a
leader, lacks a deputy, short). Bình Lãng: Ấp 1 (no leader) and Ấp 2 (founded, nobody in it).
Cao Thị Ánh and Bùi Văn An live in the town and are in no team.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from demo.cast import CAST, DISTRICT, seat
from kit.database import value
from kit.migrations import migrate
from people.permissions import MACHINE
from people.persons.commands import AddPersonForm, add_person
from places.areas.commands import FoundAreaForm, found_area
from teams.households.commands import add_household
from teams.households.forms import AddHouseholdForm
from teams.memberships.commands import AddMemberForm, add_member
from teams.roster.commands import FoundTeamForm, found_team

FOUNDED = date(2024, 10, 10)
TREE = {
    ("Thị trấn Tân Trụ", "28075"): ["Khu phố Bình Hòa", "Khu phố Bình Lợi"],
    ("Xã Bình Lãng", "28108"): ["Ấp 1", "Ấp 2"],
}
MEMBERS = {
    "Tổ CNSCĐ khu phố Bình Hòa": [
        ("Dương Thị Ngọc Hân", 1967, "0900000001", "leader"),
        ("Đoàn Văn Thắng", 1997, "0900000002", "deputy"),
        ("Hồ Minh Hoàng", 1964, "0900000003", "member"),
        ("Phạm Thị Xuân", 1992, "0900000004", "member"),
        ("Lâm Quốc Đạt", 1985, "0900000005", "member"),
    ],
    "Tổ CNSCĐ khu phố Bình Lợi": [
        ("Phạm Minh Hoàng", 1966, "0900000006", "leader"),
        ("Đỗ Quốc Đạt", 1999, "0900000007", "member"),
    ],
    "Tổ CNSCĐ ấp 1": [("Trần Thị Ngọc Trâm", 2000, "0900000016", "member")],
    "Tổ CNSCĐ ấp 2": [],
}
HOUSEHOLDS = {
    "Khu phố Bình Hòa": [
        ("HN-012", "Nguyễn Thị Ưởng", "Tổ 3, ngõ 12", "0900500012"),
        ("HN-013", "Đặng Văn Quỳnh", "Tổ 3, ngõ 14", "0900500013"),
        ("HN-014", "Lê Thị Hỷ", "Tổ 4, ngõ 2", None),
    ],
    "Ấp 1": [
        ("A1-001", "Trần Văn Ơn", "Tổ 1, ấp 1", "0900500101"),
        ("A1-002", "Võ Thị Năm", "Tổ 1, ấp 1", "0900500102"),
        ("A1-003", "Bùi Văn Được", "Tổ 2, ấp 1", None),
    ],
}
WITHOUT_TEAM = [("Cao Thị Ánh", 1988, "0900000101"), ("Bùi Văn An", 1990, "0900000102")]


async def build_world() -> None:
    """Fill an empty database through the commands."""
    await migrate()
    areas = await _areas()
    town = areas["Thị trấn Tân Trụ"]
    for team, people in MEMBERS.items():
        hamlet = areas[_capital(team.removeprefix("Tổ CNSCĐ "))]
        await _team(team, hamlet, people)
    for name, year, phone in WITHOUT_TEAM:
        form = AddPersonForm(
            name=name, born_year=year, phone=phone, area=town, organisation="Giáo viên"
        )
        await add_person(MACHINE, form)
    for player in CAST:
        await seat(player)
    for place, households in HOUSEHOLDS.items():
        for line in households:
            await _household(areas[place], *line)


async def _areas() -> dict[str, UUID]:
    root = await _area("district", DISTRICT, None, "804")
    found = {DISTRICT: root}
    for (commune, code), hamlets in TREE.items():
        found[commune] = await _area("commune", commune, root, code)
        for hamlet in hamlets:
            found[hamlet] = await _area("hamlet", hamlet, found[commune])
    return found


async def _area(kind: str, name: str, parent: UUID | None, code: str | None = None) -> UUID:
    form = {"kind": kind, "name": name, "parent": parent, "code": code, "since": date(2020, 1, 1)}
    return await found_area(MACHINE, FoundAreaForm.model_validate(form))


async def _team(name: str, hamlet: UUID, people: list[tuple[str, int, str, str]]) -> None:
    number, day = "1234/QĐ-UBND", FOUNDED
    form = FoundTeamForm(
        name=name, areas=[hamlet], founded_on=day, decision_number=number, decision_on=day
    )
    team = await found_team(MACHINE, form)
    for who, year, phone, position in people:
        added = AddPersonForm(name=who, born_year=year, phone=phone, area=hamlet)
        person = await add_person(MACHINE, added)
        joins = {"person": person, "position": position, "on": day, "organisation": "Chi hội"}
        await add_member(MACHINE, team, AddMemberForm.model_validate(joins))


async def _household(hamlet: UUID, code: str, head: str, address: str, phone: str | None) -> None:
    form = {"area": hamlet, "code": code, "head": head, "address": address, "phone": phone}
    await add_household(MACHINE, AddHouseholdForm.model_validate(form))


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


async def id_of(name: str) -> UUID:
    """The id of the team, person, live area or household (by its head) of that name."""
    found = await value(
        "SELECT id FROM team WHERE name = {} UNION ALL SELECT id FROM person WHERE name = {}"
        " UNION ALL SELECT area AS id FROM area_spell WHERE name = {} AND until IS NULL"
        " UNION ALL SELECT id FROM household WHERE head = {}",
        *(name, name, name, name),
    )
    assert found is not None, name
    return UUID(str(found))
