"""The register: searched without marks, by number and code, paged, taken away as a workbook."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from demo.cast import HOANG, NGHI, SEN, TAM, TOAN
from kit import clock
from kit.database import run, value
from kit.sheets import read_sheet
from people.permissions import MACHINE
from sessions.certificates.commands import RevokeForm, revoke_certificate
from sessions.certificates.queries import CertificateFilter, find_certificate, list_certificates
from tests.certificates import AN, ANH, LEARNER, PEOPLE, a_finished_course, issued
from tests.programs import V1, is_problem, program
from tests.queries import few_queries, warm
from tests.sessions.lookups import enrolled, town
from tests.teams.lookups import how_many
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

YEAR = clock.today().year


async def names(**asked: object) -> list[str]:
    """Who stands in a part of the register."""
    found, _ = await list_certificates(MACHINE, CertificateFilter.model_validate(asked))
    return [one.person_name for one in found]


async def test_it_is_searched_by_name_number_code_year_and_state() -> None:
    course = await a_finished_course()
    made = await issued(course)
    await revoke_certificate(MACHINE, made[0].id, RevokeForm(reason="Ghi sai họ tên"))
    newest_first = [LEARNER, ANH, AN]
    assert await names() == newest_first
    for typed in ("cao thi anh", "CAO THỊ", "2", f"0002/{YEAR}", f" 2 / {YEAR} ", made[1].code):
        assert await names(q=typed) == [ANH], typed
    assert await names(q=made[1].shown_code.lower()) == [ANH]
    assert await names(q=f"2/{YEAR - 1}") == []
    assert await names(year=YEAR) == newest_first
    assert await names(year=YEAR - 1) == []
    assert await names(validity="revoked") == [AN]
    assert await names(validity="valid") == [LEARNER, ANH]
    assert await names(course=course) == newest_first


async def test_pages_go_on_where_the_last_one_ended() -> None:
    for _ in range(2):
        await issued(await a_finished_course())
    asked, seen = CertificateFilter(), []
    while True:
        part, following = await list_certificates(MACHINE, asked, 2)
        seen += [one.number for one in part]
        if not following:
            break
        asked = CertificateFilter(after=following)
    assert seen == [6, 5, 4, 3, 2, 1]
    assert len((await list_certificates(MACHINE, CertificateFilter(after="x")))[0]) == 6


async def test_only_what_is_within_reach_is_listed() -> None:
    (made, *_) = await issued(await a_finished_course())
    for player, count in ((TAM, 3), (NGHI, 3), (TOAN, 3), (SEN, 0)):
        found, _ = await list_certificates(await who_is(player), CertificateFilter())
        assert len(found) == count, player
    async with await visit(HOANG) as hoang:
        assert (await hoang.get("/certificates")).status_code == 403
        assert (await hoang.get(f"/certificates/{made.id}")).status_code == 404


async def test_an_area_that_changes_or_has_ended_neither_doubles_nor_hides_a_line() -> None:
    (made,) = await issued(await a_finished_course([ANH]))
    kept = "area, name, fold, sort, code, parent, path, basis, end_basis, version"
    tomorrow = clock.today() + timedelta(days=1)
    area = await town()
    live = "UPDATE area_spell SET until = {} WHERE area = {} AND since <= {}"
    await run(live, tomorrow, area, clock.today())
    await run(
        f"INSERT INTO area_spell (id, {kept}, since) SELECT {{}}, {kept}, {{}} FROM area_spell"
        " WHERE area = {}",
        *(UUID(int=3), tomorrow, area),
    )
    assert await names() == [ANH]
    await run(live, clock.today(), area, clock.today())
    assert await names() == [ANH]
    assert (await find_certificate(await who_is(TAM), made.id)).register == made.register


async def test_the_pages_show_it_in_few_queries() -> None:
    course = await a_finished_course(present=[ANH, LEARNER])
    (first, _) = await issued(course)
    async with await visit(TAM) as tam:
        paths = (f"/courses/{course}/certificates", "/certificates", f"/certificates/{first.id}")
        for path in paths:
            await tam.get(path)  # the day's line of the log is written once
            await warm()
            with few_queries(7):  # one of them finds who asks
                answer = await tam.get(path)
            assert first.register in answer.text
        tab = (await tam.get(paths[0])).text
        own = (await tam.get(f"/people/{first.person}/certificates")).text
    for words in (ANH, LEARNER, AN, "Chưa được cấp", "dự ít nhất 80% số tiết"):
        assert words in tab
    assert first.course_title in own
    assert await how_many("certificate.list") == 1


async def test_issuing_on_the_page_shows_first_and_issues_what_is_ticked() -> None:
    course = await a_finished_course()
    at = f"/courses/{course}/certificates"
    people = {one.name: str(one.person) for one in await enrolled(course)}
    async with await visit(NGHI) as nghi:
        before = (await nghi.get(at)).text
        assert before.count('name="people"') == 3
        assert before.count("checked") >= 3
        nobody = await nghi.post(at)
        assert nobody.status_code == 422
        assert "Hãy chọn ít nhất một người" in nobody.text
        sent = await nghi.post(at, {"people": [people[ANH], people[AN]]})
        assert sent.headers["location"] == at
        assert (await nghi.get(at)).text.count('name="people"') == 1
    assert await names() == [ANH, AN]
    async with await visit(TOAN) as toan:
        assert 'name="people"' not in (await toan.get(at)).text


async def test_revoking_on_the_page_asks_for_a_reason() -> None:
    (made,) = await issued(await a_finished_course([ANH]))
    at = f"/certificates/{made.id}/revocation"
    async with await visit(TAM) as tam:
        assert (await tam.post(at, {"reason": " "})).status_code == 422
        assert (await tam.post(at, {"reason": "Ghi sai tên"})).status_code == 303
        page = (await tam.get(f"/certificates/{made.id}")).text
        again = (await tam.get(at)).text
    assert "Ghi sai tên" in page
    assert "đã bị thu hồi" in again
    assert await how_many("certificate.revoke") == 1


async def test_the_workbook_holds_the_register_in_its_order() -> None:
    made = await issued(await a_finished_course())
    await revoke_certificate(MACHINE, made[2].id, RevokeForm(reason="Ghi sai họ tên"))
    async with await visit(TOAN) as toan:
        answer = await toan.get("/certificates.xlsx?validity=")
        part = await toan.get("/certificates.xlsx?validity=revoked")
    rows = [cells for _, cells in read_sheet(answer.content).rows]
    assert [row[0] for row in rows[1:]] == [f"000{n}/{YEAR}" for n in (1, 2, 3)]
    assert [row[1] for row in rows[1:]] == list(PEOPLE)
    assert rows[1][5] == clock.today()
    assert rows[3][12] == "Ghi sai họ tên"
    assert len(read_sheet(part.content).rows) == 2
    assert await how_many("certificate.export") == 2


async def test_a_program_lists_and_issues() -> None:
    course = await a_finished_course(present=[ANH, LEARNER])
    at = f"{V1}/courses/{course}/certificates"
    async with await program(NGHI) as api:
        one = (await api.post(at, json={"people": [str(await id_of(LEARNER))]})).json()
        assert [it["person_name"] for it in one["items"]] == [LEARNER]
        rest = (await api.post(at, json={})).json()
        assert [it["register"] for it in rest["items"]] == [f"0002/{YEAR}"]
        assert (await api.post(at, json={})).json()["items"] == []
        not_done = {"people": [str(await id_of(AN))]}
        is_problem(await api.post(at, json=not_done), 409)
        page = (await api.get(f"{V1}/certificates?limit=1")).json()
        assert [it["person_name"] for it in page["items"]] == [ANH]
        more = (await api.get(f"{V1}/certificates?limit=1&after={page['next']}")).json()
        assert ([it["person_name"] for it in more["items"]], more["next"]) == ([LEARNER], None)
        found = (await api.get(f"{V1}/certificates?q=cao thi anh&year={YEAR}")).json()
        assert len(found["items"]) == 1
    async with await program(SEN) as api:
        assert (await api.get(f"{V1}/certificates")).json()["items"] == []
        is_problem(await api.post(at, json={}), 404)


async def test_of_very_many_the_first_are_shown_and_all_can_be_issued(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sessions.certificates.routes.MOST", 2)
    at = f"/courses/{await a_finished_course()}/certificates"
    async with await visit(NGHI) as nghi:
        page = (await nghi.get(at)).text
        assert page.count('name="people"') == 2
        assert "2 học viên đầu trong số 3" in page
        assert "Cấp tất cả 3 giấy chứng nhận" in page
        nobody = await nghi.post(at, {})
        assert nobody.status_code == 422
        assert (await nghi.post(at, {"everybody": "true"})).status_code == 303
        assert (await nghi.post(at, {"everybody": "true"})).status_code == 303
    assert await value("SELECT count(*) FROM certificate") == 3
