"""A trainer imports the marks of courses within reach, and no other list."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from demo.cast import NGHI, TAM
from kit import clock
from kit.database import new_id, run, value
from kit.errors import Forbidden, NotFound, Refused
from people.imports.commands import UploadForm, discard_import, undo_import, upload_file
from people.imports.queries import find_import
from people.imports.runs import settle
from people.permissions import MACHINE, Right, Who
from tests import registers
from tests.policy import COLUMNS
from tests.sessions.classroom import AN, ANH, HOANG_M, a_classroom, mark, states
from tests.sessions.test_import_marks import book, bring_in, line, told
from tests.visitor import visit, who_is

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
OTHER_LISTS = ("members", "households", "officials")


async def a_trainer_of(area: str) -> Who:
    """Nghị, as if granted one area only."""
    path = await value("SELECT path FROM area_spell WHERE name = {}", area)
    return replace(await who_is(NGHI), rights=(Right("trainer", path),))


async def test_a_trainer_imports_marks_from_the_course_page_and_takes_them_back() -> None:
    room = await a_classroom()
    async with await visit(NGHI) as nghi:
        course = (await nghi.get(f"/courses/{room.course}")).text
        assert 'href="/imports?kind=marks"' in course
        form = (await nghi.get("/imports?kind=marks")).text
        assert 'name="kind" value="marks"' in form
        assert not any(word in form for word in ('name="on"', 'name="root"', "kind=members"))
        files = {"file": ("diem-danh.xlsx", book(line(ANH), line("Người Lạ", "Muộn")))}
        sent = await nghi.post("/imports?kind=marks", data={"kind": "marks"}, files=files)
        at = sent.headers["location"]
        preview = (await nghi.get(at)).text
        assert "Điểm danh 1 học viên." in preview
        assert "không thuộc lớp" in preview
        assert (await nghi.get(f"{at}/wrong.xlsx")).status_code == 200
        assert (await nghi.post(f"{at}/confirmation")).status_code == 303
        await settle()
        assert await states(room) == {AN: None, ANH: "present", HOANG_M: None}
        files = {"file": ("diem-danh.xlsx", book(line(ANH), line("Người Lạ", "Muộn")))}
        again = await nghi.post("/imports?kind=marks", data={"kind": "marks"}, files=files)
        assert "đã có trong hệ thống" in (await nghi.get(again.headers["location"])).text
        assert (await nghi.post(f"{at}/undoing")).status_code == 303
    assert await states(room) == {AN: None, ANH: None, HOANG_M: None}
    assert {one["action"] for one in await run("SELECT action FROM audit_line")} >= {
        "import.upload",
        "import.export",
        "import.make",
        "import.undo",
    }


@pytest.mark.parametrize("kind", OTHER_LISTS)
async def test_a_trainer_imports_no_other_list(kind: str) -> None:
    nghi = await who_is(NGHI)
    content = registers.book(registers.line("Lê Văn Mới", place=registers.TOWN))
    with pytest.raises(Forbidden):
        await upload_file(nghi, "x.xlsx", content, UploadForm(kind=kind))
    async with await visit(NGHI) as visitor:
        files = {"file": ("x.xlsx", content)}
        for answer in (
            await visitor.post("/imports", data={"kind": kind}, files=files),
            await visitor.get(f"/imports?kind={kind}"),
            await visitor.get(f"/imports/template.xlsx?kind={kind}"),
        ):
            assert answer.status_code == 403
        assert f"kind={kind}" not in (await visitor.get("/imports")).text
    assert await value("SELECT count(*) FROM import_file") == 0


async def test_a_list_without_a_kind_is_one_of_marks_to_a_trainer() -> None:
    await a_classroom()
    file = await upload_file(await who_is(NGHI), "x.xlsx", book(line(ANH)), UploadForm())
    assert (await find_import(MACHINE, file)).kind == "marks"


async def test_a_trainer_of_another_area_finds_no_session_and_no_import() -> None:
    await a_classroom()
    lang, town = await a_trainer_of("Xã Bình Lãng"), await a_trainer_of("Thị trấn Tân Trụ")
    assert [state for state, _why in await told(book(line(ANH)), lang)] == ["wrong"]
    file = await bring_in(book(line(ANH)), town)
    assert (await find_import(town, file)).state == "done"
    for act in (find_import, undo_import, discard_import):
        with pytest.raises(NotFound):
            await act(lang, file)


async def test_once_locked_only_a_corrector_takes_an_import_back() -> None:
    room, tam, nghi = await a_classroom(), await who_is(TAM), await who_is(NGHI)
    file = await bring_in(book(line(ANH)), nghi)
    long_ago = clock.today() - timedelta(days=40)
    await run("UPDATE training_session SET day = {} WHERE id = {}", long_ago, room.meeting)
    with pytest.raises(Refused, match="khóa"):
        await undo_import(nghi, file)
    assert (await states(room))[ANH] == "present"
    await undo_import(tam, file)
    assert (await states(room))[ANH] is None


async def test_a_mark_made_since_keeps_a_trainer_from_taking_an_import_back() -> None:
    room, nghi = await a_classroom(), await who_is(NGHI)
    file = await bring_in(book(line(ANH)), nghi)
    await mark(nghi, room, ANH, "late", minutes=10)
    with pytest.raises(Refused):
        await undo_import(nghi, file)


POLICY = {
    # what                          Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /imports?kind=marks": "200 200 200 200 200 403 403 403 403 403 303",
    "GET /imports?kind=members": "200 200 200 200 403 403 403 403 403 403 303",
    "GET /imports?kind=households": "200 200 200 200 403 403 403 403 403 403 303",
    "GET /imports?kind=officials": "200 200 200 200 403 403 403 403 403 403 303",
    "GET /imports?kind=nonsense": "404 404 404 404 404 403 403 403 403 403 303",
    "GET /imports/template.xlsx?kind=marks": "200 200 200 200 200 403 403 403 403 403 303",
    "GET /imports/{marks}": "200 200 404 404 200 403 403 403 403 403 303",
    "GET /imports/{marks}/wrong.xlsx": "200 200 404 404 200 403 403 403 403 403 303",
    "GET /imports/{members}": "200 200 404 404 404 403 403 403 403 403 303",
    "GET /imports/{members}/wrong.xlsx": "200 200 404 404 404 403 403 403 403 403 303",
    "POST /imports/{members}/confirmation": "303 303 404 404 404 403 403 403 403 403 303",
    "POST /imports/{members}/undoing": "303 303 404 404 404 403 403 403 403 403 303",
    "POST /imports/{members}/discarding": "409 409 404 404 404 403 403 403 403 403 303",
    "POST /imports/{marks}/confirmation": "303 303 404 404 303 403 403 403 403 403 303",
    "POST /imports/{marks}/undoing": "303 303 404 404 303 403 403 403 403 403 303",
    "POST /imports/{marks}/discarding": "409 409 404 404 409 403 403 403 403 403 303",
}
"""What each kind of list answers to each of the cast; all lists lie in the town."""


@pytest.mark.parametrize(("who", "player", "_where"), COLUMNS, ids=[c[0] for c in COLUMNS])
async def test_who_imports_which_list(who: str, player: object, _where: str) -> None:
    await a_classroom()
    column = [c[0] for c in COLUMNS].index(who)
    listed = registers.book(registers.line("Lê Văn Mới", place=registers.TOWN))
    marks, members = UploadForm(kind="marks"), UploadForm(kind="members")
    names = {
        "marks": await upload_file(MACHINE, "m.xlsx", book(line(ANH)), marks),
        "members": await upload_file(MACHINE, "x.xlsx", listed, members),
    }
    async with await visit(player) as visitor:  # type: ignore[arg-type]
        for route, words in POLICY.items():
            method, _, path = route.partition(" ")
            answer = await visitor.http.request(method, path.format(**names))
            await settle()
            assert str(answer.status_code) == words.split()[column], f"{route}: {who}"


async def test_an_import_that_is_nowhere_is_not_found() -> None:
    with pytest.raises(NotFound):
        await find_import(await who_is(NGHI), new_id())
