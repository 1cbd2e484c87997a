"""The policy in plain text: for every route, what each of the cast gets.

Each noun has a module here with a table `POLICY`: "METHOD /path" → one word a column of COLUMNS.
`ok` let in (whatever the form then says) · `403` seen but not allowed · `404` not theirs to see ·
`in` led to the sign-in (or 401 for a program). `@town` asks of things in Thị trấn Tân Trụ,
`@lang` of things in Xã Bình Lãng. Paths name things in braces; `things` below knows them.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from uuid import UUID

from demo.cast import HAN, HOA, HOANG, NGHI, SEN, TAM, TOAN, Player
from kit.database import value
from people.imports.commands import UploadForm, upload_file
from people.permissions import MACHINE
from tests import registers
from tests.accounts import account_things
from tests.certificates import certificate_things
from tests.courses import course_things
from tests.teams.logged import a_flag
from tests.teams.visits.doors import log
from tests.things import a_follow_up, a_move, a_notice, a_resident, an_office, an_official
from tests.world import id_of

COLUMNS: list[tuple[str, Player | None, str]] = [
    ("Hoa, admin", HOA, "lang"),
    ("Tâm, coordinates the district", TAM, "town"),
    ("Sen, coordinates Bình Lãng, there", SEN, "lang"),
    ("Sen, elsewhere", SEN, "town"),
    ("Nghị, trainer", NGHI, "town"),
    ("Toản, chief", TOAN, "town"),
    ("Hân, leads Bình Hòa, there", HAN, "town"),
    ("Hân, elsewhere", HAN, "lang"),
    ("Hoàng, member of Bình Hòa, there", HOANG, "town"),
    ("Hoàng, elsewhere", HOANG, "lang"),
    ("a stranger", None, "town"),
]


def policy() -> dict[str, list[str]]:
    """All tables as one."""
    whole: dict[str, list[str]] = {}
    for module in iter_modules(__path__):
        table: dict[str, str] = import_module(f"{__name__}.{module.name}").POLICY
        for route, words in table.items():
            assert route not in whole, route
            assert len(words.split()) == len(COLUMNS), route
            whole[route] = words.split()
    return whole


async def things(where: str) -> dict[str, str]:
    """The ids that stand for names in braces, at a place. Add what your routes need."""
    town = where == "town"
    team = await id_of("Tổ CNSCĐ khu phố Bình Hòa" if town else "Tổ CNSCĐ ấp 1")
    person = await id_of("Hồ Minh Hoàng" if town else "Trần Thị Ngọc Trâm")
    membership = await value("SELECT id FROM membership WHERE person = {}", person)
    area = await id_of("Khu phố Bình Hòa" if town else "Ấp 1")
    place = registers.TOWN if town else registers.LANG
    upload = registers.book(registers.line("Lê Văn Mới", place=place))
    batch = str(await a_move(area))
    office = await an_office("Trạm y tế", area)
    return {
        "import_id": str(await upload_file(MACHINE, "x.xlsx", upload, UploadForm())),
        "team": str(team),
        "person": str(person),
        "membership": str(membership),
        "area": str(area),
        "office": str(office),
        "official": str(await an_official(await id_of("Bùi Văn An"), office)),
        "batch": batch,
        "move": batch,
        **await a_resident(head := "Nguyễn Thị Ưởng" if town else "Trần Văn Ơn"),
        "entry": "pay_water",
        **await a_questioned_visit(head, person, town),
        "token": "no-such-token",
        **await a_notice(person),
        "code": "NOSUCHCARDNOSUCH",
        **await account_things(person, area),
        **await course_things(person, area),
        **await certificate_things(person),
    }


async def a_questioned_visit(head: str, person: UUID, town: bool) -> dict[str, str]:
    """A visit to a household, typed in by its team's leader in the town, and a point to look at."""
    visit = (await log(MACHINE, head, performed_by=person)).id
    await a_flag(visit)
    if town:
        han = await id_of("Dương Thị Ngọc Hân")
        await value("UPDATE visit SET entered_by = {} WHERE id = {} RETURNING id", han, visit)
    promise = await a_follow_up(visit)
    return {"visit": str(visit), "flag": "future", "follow_up": promise}
