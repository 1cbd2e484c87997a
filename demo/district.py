"""The invented district: Tân Trụ as it was in October 2024, its people made up.

Everything goes in through the commands that users have, the register through the real import.
"""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from uuid import UUID

from demo.cast import CAST, DISTRICT, seat
from demo.certificates import tell_certificates
from demo.classes import tell_classes
from demo.visits import tell_a_year
from kit import clock
from kit.database import run, value
from kit.errors import Refused
from people.imports.commands import ConfirmForm, UploadForm, confirm_import, upload_file
from people.imports.kinds import Kind
from people.imports.progress import Running
from people.imports.runs import apply_now
from people.permissions import MACHINE
from places.areas.commands import FoundAreaForm, found_area
from places.settings.queries import forget_settings
from sessions.officials.workbook import OFFICIALS
from teams.households.coverage import set_hamlet_count
from teams.households.forms import HamletCountForm
from teams.imports.households import HOUSEHOLDS
from teams.imports.members import MEMBERS

DATA = Path(__file__).parent / "data"
REGISTER = DATA / "thanh-vien-to-cnscd.xlsx"
HOMES = DATA / "ho-gia-dinh.xlsx"
STAFF = DATA / "can-bo-cong-chuc.xlsx"
SINCE = date(2020, 1, 1)
DECIDED = date(2024, 10, 10)
BODY = {
    "body.name": "UBND huyện Tân Trụ",
    "body.parent": "UBND tỉnh Long An",
    "hotline": "0272 1022",
    "demo": "yes",
}
DISTRICT_CODE = "805"
COMMUNES = {
    "Thị trấn Tân Trụ": "28075",
    "Xã Tân Bình": "28078",
    "Xã Quê Mỹ Thạnh": "28084",
    "Xã Lạc Tấn": "28087",
    "Xã Bình Trinh Đông": "28090",
    "Xã Tân Phước Tây": "28093",
    "Xã Bình Lãng": "28096",
    "Xã Bình Tịnh": "28099",
    "Xã Đức Tân": "28102",
    "Xã Nhựt Ninh": "28105",
}


async def is_empty() -> bool:
    """Whether nobody has used this database yet."""
    found = await value(
        "SELECT (SELECT count(*) FROM area) + (SELECT count(*) FROM person)"
        " + (SELECT count(*) FROM account) + (SELECT count(*) FROM team) AS n"
    )
    return not found


async def fill() -> None:
    """Fill an empty database."""
    await _say_who_we_are()
    district = await _found("district", DISTRICT, DISTRICT_CODE, None)
    for name, code in COMMUNES.items():
        await _found("commune", name, code, district)
    await _import(MEMBERS, REGISTER, district)
    await _import(HOUSEHOLDS, HOMES, district)
    await _import(OFFICIALS, STAFF, district)
    await _count_hamlets()
    with clock.frozen(clock.midnight(DECIDED)):
        for player in CAST:
            await seat(player)
    await tell_a_year()
    await tell_classes(district)
    await tell_certificates()


async def _count_hamlets() -> None:
    """Say how many households each hamlet has: a few more than the list of the teams knows."""
    known = await run("SELECT area, count(*) AS n FROM household GROUP BY area ORDER BY area")
    for number, hamlet in enumerate(known):
        form = {"area": hamlet["area"], "households": hamlet["n"] + number % 5}
        form |= {"as_of": DECIDED, "source": "Công an xã, sổ hộ tịch 10/2024"}
        await set_hamlet_count(MACHINE, HamletCountForm.model_validate(form))


async def _import(kind: Kind, file: Path, district: UUID) -> None:
    """Bring a list in, as an officer with the workbook would."""
    content = await asyncio.to_thread(file.read_bytes)
    form = UploadForm(kind=kind.key, on=DECIDED, root=district, add_missing=True)
    upload = await upload_file(MACHINE, file.name, content, form)
    started = await confirm_import(MACHINE, upload, ConfirmForm())
    fault = await apply_now(MACHINE, Running(upload, started)) if started else ""
    if fault:
        raise Refused(fault)


async def _say_who_we_are() -> None:
    for key, text in BODY.items():
        await run(
            "INSERT INTO setting (key, value, changed_at) VALUES ({}, {}, {})",
            *(key, text, clock.now()),
        )
    forget_settings()


async def _found(kind: str, name: str, code: str, parent: UUID | None) -> UUID:
    form = {"kind": kind, "name": name, "code": code, "parent": parent, "since": SINCE}
    return await found_area(MACHINE, FoundAreaForm.model_validate(form))
