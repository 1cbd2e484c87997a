"""The list of officials comes in by workbook: twice is once, undone is nothing, nobody is two."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from demo.cast import HOANG, NGHI, SEN, TAM
from kit import clock, i18n
from kit.database import value
from kit.errors import Refused
from people.imports import cli
from people.imports.commands import undo_import
from people.imports.kinds import find_kind
from people.imports.queries import find_import
from people.permissions import MACHINE
from sessions.enrolments.commands import EnrolForm, enrol_people
from sessions.officials import cli as _officials_cli  # noqa: F401  (offers its command)
from sessions.officials.workbook import OFFICIALS
from tests.courses import a_course
from tests.sessions.lookups import town
from tests.sessions.officials.lists import LAW, REAL, book, bring_in, dump, line, plan, spells, told
from tests.teams.lookups import how_many
from tests.things import an_office
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def test_the_real_list_comes_in_once_and_goes_whole() -> None:
    before, content = await dump(), REAL.read_bytes()
    file = await bring_in(content)
    planned = (await find_import(MACHINE, file)).told
    assert planned["states"]["new"] + planned["states"]["changed"] >= 205
    assert planned["effects"]["offices"] == 22
    assert await value("SELECT count(*) FROM official") >= 205
    again = await plan(content)
    assert again.changes_nothing
    await undo_import(MACHINE, file)
    assert await dump() == before
    assert await how_many("import.make") == 1


async def test_an_official_who_is_in_a_team_is_one_person() -> None:
    people = await value("SELECT count(*) FROM person")
    await bring_in(book(line(HOANG.name.upper(), phone=HOANG.phone, job="Công an xã")))
    assert await value("SELECT count(*) FROM person") == people
    (spell,) = await spells(HOANG.name)
    assert (spell["office"], spell["category"], spell["job"]) == (
        LAW,
        "civil_servant",
        "Công an xã",
    )
    found = await value("SELECT office FROM person WHERE name = {}", HOANG.name)
    assert found == await value("SELECT office FROM office_spell WHERE name = {}", LAW)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (line("Lê Văn Mới", phone="0900 700 001"), "new: “Phòng Tư pháp” is new"),
        (line("Ho Minh Hoang", phone="0900 000 003"), "changed: In the register already"),
        (line("Người Khác", phone="0900 000 003"), "doubt: Hồ Minh Hoàng has this phone"),
        (line("Hồ Minh Hoàng"), "doubt: Hồ Minh Hoàng is in the register."),
        (line("Hồ Minh Hoàng", phone="0900 700 002"), "new: “Phòng Tư pháp” is new"),
        (line("Hồ Minh Hoàng", birth="1964"), "changed: In the register already"),
        (line("Hồ Minh Hoàng", birth="1999"), "new: “Phòng Tư pháp” is new"),
        (
            line("Hồ Minh Hoàng", birth="1964", phone="0900 700 002"),
            "doubt: Hồ Minh Hoàng is in the register with the phone",
        ),
        (line("Võ Thị Sen", office="UBND xã Bình Lãng"), "changed: In the register already"),
        (line("Lê Văn Sai", category="Khách"), "wrong: Write Cán bộ"),
        (line("Lê Văn Sai", office=None), "wrong: Fill in"),
        (line("Lê Văn Sai", email="không có"), "wrong: This is not an e-mail"),
        (line("Lê Văn Sai", area="Xã Lạ"), "wrong: “Xã Lạ” is not in the register"),
        (line("Lê Văn Sai", since="01/01/2099"), "wrong: This day lies in the future"),
    ],
)
async def test_each_row_has_a_state_and_a_reason(row: list[object], said: str) -> None:
    i18n.language.set("en")
    (found,) = await told(book(row))
    assert found.startswith(said)


async def test_a_doubt_is_decided_by_who_imports() -> None:
    row = book(line("Hồ Minh Hoàng"))
    same, other = await plan(row, MACHINE, "2:same"), await plan(row, MACHINE, "2:other")
    assert (same.rows[0].state, other.rows[0].state) == ("changed", "new")
    twice = book(line("Lê Mới", phone="0900700001"), line("Lê Mới", phone="0900700001"))
    assert [r.state for r in (await plan(twice)).rows] == ["new", "wrong"]
    shared = book(line("Lê Mới", phone="0900700001"), line("Lê Hai", phone="0900700001"))
    assert [r.state for r in (await plan(shared)).rows] == ["new", "doubt"]


async def test_an_office_is_entered_only_on_wish_and_in_the_named_area() -> None:
    row = line("Lê Văn Mới", office="Trạm y tế", area="Xã Bình Lãng")
    (refused,) = (await plan(book(row), add_missing=False)).rows
    assert refused.state == "wrong"
    await bring_in(book(row))
    area = await value("SELECT area FROM office_spell WHERE name = 'Trạm y tế'")
    assert area == await id_of("Xã Bình Lãng")
    await bring_in(book(line("Lê Văn Ba", office="UBND xã Bình Lãng", phone="0900700003")))
    named = await value("SELECT area FROM office_spell WHERE name = 'UBND xã Bình Lãng'")
    assert named == await id_of("Xã Bình Lãng")
    (near,) = (await plan(book(line("Lê Hai", office="Tram y tê xã")), add_missing=False)).rows
    assert near.state == "wrong"
    assert "Trạm y tế" in str(near.reason)


async def test_who_moves_leaves_the_old_office_on_the_day_and_may_be_brought_back() -> None:
    day = clock.today() - timedelta(days=30)
    await bring_in(book(line("Lê Văn Mới", phone="0900700001")), on=day)
    moved = book(line("Lê Văn Mới", "Thanh tra", "Viên chức", "0900700001", job="Thanh tra viên"))
    file = await bring_in(moved)
    first, second = await spells("Lê Văn Mới")
    assert (first["office"], first["until"]) == (LAW, clock.today())
    assert (second["office"], second["since"], second["job"]) == (
        "Thanh tra",
        clock.today(),
        "Thanh tra viên",
    )
    await undo_import(MACHINE, file)
    (only,) = await spells("Lê Văn Mới")
    assert (only["office"], only["since"], only["until"]) == (LAW, day, None)


async def test_a_second_list_corrects_and_fills_in() -> None:
    await bring_in(book(line("Lê Văn Mới", phone="0900700001", job="Chuyên viên")))
    better = line("Lê Văn Mới", LAW, "Cán bộ", "0900700001", email="moi@example.vn", birth="1990")
    planned = await plan(book(better))
    assert (planned.rows[0].state, planned.effects["corrected"]) == ("changed", 1)
    await bring_in(book(better))
    (spell,) = await spells("Lê Văn Mới")
    assert (spell["category"], spell["job"]) == ("cadre", "Chuyên viên")
    assert await value("SELECT email FROM person WHERE name = 'Lê Văn Mới'") == "moi@example.vn"


async def test_sen_imports_for_her_commune_and_moves_nobody_of_others() -> None:
    sen = await who_is(SEN)
    await bring_in(book(line("Lê Văn Mới", "UBND xã Bình Lãng", phone="0900700001")), sen)
    area = await value("SELECT area FROM office_spell WHERE name = 'UBND xã Bình Lãng'")
    assert area == await id_of("Xã Bình Lãng")
    hoang = line(HOANG.name, "UBND xã Bình Lãng", phone=HOANG.phone)
    assert (await plan(book(hoang), sen)).rows[0].state == "wrong"
    there = line("Lê Hai", "Trạm y tế", area="Thị trấn Tân Trụ")
    assert (await plan(book(there), sen)).rows[0].state == "wrong"


async def test_offices_of_one_name_are_told_apart_by_their_commune() -> None:
    await an_office("Trạm y tế", await town())
    await an_office("Trạm y tế", await id_of("Xã Bình Lãng"))
    tam = await who_is(TAM)
    both = book(
        line("Lê Văn Một", "Trạm y tế"),
        line("Lê Văn Hai", "Trạm y tế", area="Xã Bình Lãng", phone="0900700002"),
    )
    assert [row.state for row in (await plan(both, tam)).rows] == ["wrong", "new"]


async def test_what_is_leant_on_is_not_undone() -> None:
    file = await bring_in(book(line("Lê Văn Mới", phone="0900700001")))
    course = await a_course(await town())
    await enrol_people(MACHINE, course, EnrolForm(people=[await id_of("Lê Văn Mới")]))
    with pytest.raises(Refused):
        await undo_import(MACHINE, file)
    assert len(await spells("Lê Văn Mới")) == 1


async def test_the_upload_offers_the_kind_its_template_and_its_tick() -> None:
    assert find_kind("officials").headers[0] == "Họ và tên"
    async with await visit(TAM) as tam:
        page = await tam.get("/imports")
        assert 'value="officials"' in page.text
        assert 'name="add_missing"' in page.text
        assert (await tam.get("/imports/template.xlsx?kind=officials")).status_code == 200
        files = {"file": ("can-bo.xlsx", book(line("Lê Văn Mới", phone="0900700001")))}
        sent = {"kind": "officials", "add_missing": "1", "on": "2026-11-01"}
        answer = await tam.post("/imports", data=sent, files=files)
        shown = await tam.get(answer.headers["location"])
        assert "Lê Văn Mới" in shown.text
        assert LAW in shown.text
    async with await visit(NGHI) as nghi:
        assert 'value="officials"' not in (await nghi.get("/imports")).text
        template = await nghi.get("/imports/template.xlsx?kind=officials")
        assert template.status_code == 403
        assert (await nghi.post("/imports", data=sent, files=files)).status_code == 403
        assert (await nghi.get(answer.headers["location"])).status_code == 404
    assert date(2026, 11, 1) < clock.today()


async def test_the_command_offers_the_kind_and_says_what_it_would_do() -> None:
    answer = CliRunner().invoke(cli.import_, ["officials", "--help"])
    assert "--enter-offices" in answer.output
    planned = await plan(book(line("Lê Văn Mới", phone="0900700001"), line("Lê Sai", category="?")))
    told = cli.summary(OFFICIALS, planned, dry_run=True)
    assert "Thêm 1 cán bộ, thêm 1 cơ quan, đơn vị." in told
    assert told.splitlines()[-1].startswith("3: ")
