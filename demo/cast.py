"""The named cast: who plays which role in the demo, the tests and the pictures.

The people are invented; so is every phone, all of them in a range that is not in service.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kit.database import value
from kit.phones import phone_e164
from people.accounts.commands import AccountForm, GrantForm, create_account, grant_role
from people.permissions import MACHINE
from people.persons.commands import AddPersonForm, add_person
from people.sign_ins.commands import store_password

PASSWORD = "so-hoa-tan-tru"  # noqa: S105  (shown on every page of the demo)
DISTRICT = "Huyện Tân Trụ"


@dataclass(frozen=True)
class Player:
    """A person of the cast. `area` names where the role holds; members' roles follow their team."""

    name: str
    phone: str
    role: str
    area: str = ""
    organisation: str = ""


HOA = Player("Trịnh Thị Hoa", "0900 100 001", "admin", "", "Văn phòng HĐND và UBND")
TAM = Player("Lê Minh Tâm", "0900 100 002", "coordinator", DISTRICT, "Phòng Văn hóa và Thông tin")
SEN = Player("Võ Thị Sen", "0900 100 003", "coordinator", "Xã Bình Lãng", "UBND xã Bình Lãng")
NGHI = Player("Nguyễn Hữu Nghị", "0900 100 004", "trainer", DISTRICT, "Trung tâm Hành chính công")
TOAN = Player("Trần Quốc Toản", "0900 100 005", "viewer", DISTRICT, "Thường trực UBND")
HAN = Player("Dương Thị Ngọc Hân", "0900 000 001", "leader")
HOANG = Player("Hồ Minh Hoàng", "0900 000 003", "member")
CAST = (HOA, TAM, SEN, NGHI, TOAN, HAN, HOANG)


async def seat(player: Player) -> UUID:
    """Give a player an account with the demo's password, and the role; the person's id.

    Leaders and members must be in the register already: their role is their membership.
    """
    phone = phone_e164(player.phone)
    person = await value("SELECT id FROM person WHERE phone = {}", phone)
    area = await value(
        "SELECT area FROM area_spell WHERE name = {} AND until IS NULL", player.area or DISTRICT
    )
    if person is None:
        form = AddPersonForm(
            name=player.name, phone=phone, area=area, organisation=player.organisation
        )
        person = await add_person(MACHINE, form)
    account = await create_account(MACHINE, AccountForm(person=person, phone=phone))
    await store_password(MACHINE, account, PASSWORD)
    if player.role not in ("leader", "member"):
        granted = GrantForm.model_validate({"role": player.role, "area": area})
        await grant_role(MACHINE, person, granted)
    return UUID(str(person))
