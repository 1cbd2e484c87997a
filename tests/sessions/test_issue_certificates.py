"""Issuing and revoking: who gets a certificate, and numbers that have neither gap nor twin."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.cast import HOANG, NGHI, SEN, TAM, TOAN
from kit import clock
from kit.database import run, transaction, value
from kit.doctor import Bad
from kit.errors import Forbidden, NotFound, Refused
from people.permissions import MACHINE
from places.settings.queries import forget_settings
from sessions.certificates.candidates import candidates_of
from sessions.certificates.codes import LETTERS, new_code, plain_code
from sessions.certificates.commands import (
    IssueForm,
    RevokeForm,
    issue_certificates,
    revoke_certificate,
)
from sessions.certificates.jobs import register_is_whole
from sessions.certificates.queries import find_certificate
from sessions.certificates.words import place_of
from sessions.courses.commands import CancelForm, cancel_course
from sessions.enrolments.commands import EnrolForm, enrol_people
from sessions.meetings.commands import schedule_sessions
from sessions.tellings import tell_certified
from tests.certificates import AN, ANH, LEARNER, a_finished_course, issued
from tests.courses import a_course, a_time
from tests.sessions.lookups import SOON, course_of, enrolled, town
from tests.teams.lookups import how_many, last_line
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

WRONG = RevokeForm(reason="Ghi sai họ tên")
YEAR = clock.today().year
TELLING = "sessions.certificates.commands.tell_certified"


async def numbers() -> list[tuple[int, int]]:
    """Every number of the register, in order."""
    found = await run("SELECT year, number FROM certificate ORDER BY year, number")
    return [(one["year"], one["number"]) for one in found]


async def the_register_is_whole() -> None:
    """Each year's numbers run from 1 to the register's last, each once."""
    for one in await run("SELECT year, last FROM certificate_register"):
        given = [number for year, number in await numbers() if year == one["year"]]
        assert given == list(range(1, one["last"] + 1))


async def failing(course: UUID) -> None:
    """Issue, and lose it all again."""
    async with transaction():
        await issued(course)
        raise RuntimeError("midway")


async def test_who_completed_gets_one_and_the_rest_are_told_why() -> None:
    course = await a_finished_course(present=[ANH, LEARNER])
    now = await candidates_of(await course_of(course))
    assert [one.standing.name for one in now.due] == [ANH, LEARNER]
    assert [one.standing.name for one in now.others] == [AN]
    assert "0" in now.others[0].standing.why
    first, second = await issued(course)
    assert [first.person_name, second.person_name] == [ANH, LEARNER]
    assert [first.register, second.register] == [f"0001/{YEAR}", f"0002/{YEAR}"]
    assert (first.course_title, first.periods) == ("Kỹ năng số cho cán bộ xã", 4)
    assert (first.first_on, first.last_on) == (clock.today(), clock.today())
    assert (first.theme_name, first.place_name) == ("Chuyển đổi số", "Tân Trụ")
    line = await last_line("certificate.issue")
    assert "Cao Thị Ánh" in line["after"]
    assert f"0001/{YEAR}–0002/{YEAR}" in line["after"]
    assert line["subject"] == course


async def test_issuing_again_only_adds_those_who_lack_one() -> None:
    course = await a_finished_course(present=[ANH])
    (kept,) = await issued(course)
    assert await issued(course) == []
    assert await how_many("certificate.issue") == 1
    meeting = await value("SELECT id FROM training_session WHERE course = {}", course)
    later = clock.now() + timedelta(minutes=1)
    await run(
        "INSERT INTO mark (id, nonce, training_session, person, state, marked_at, received_at, via)"
        " VALUES ({}, {}, {}, {}, 'present', {}, {}, 'hand')",
        *(UUID(int=1), UUID(int=2), meeting, await id_of(AN), later, later),
    )
    (added,) = await issued(course, [await id_of(ANH), await id_of(AN)])
    assert (added.person_name, added.number) == (AN, 2)
    assert (await find_certificate(MACHINE, kept.id)).revoked_at is None


async def test_a_certificate_keeps_the_words_of_its_day() -> None:
    course = await a_finished_course([ANH])
    (made,) = await issued(course)
    await run("UPDATE person SET name = 'Cao Thị Ánh Nguyệt' WHERE name = {}", ANH)
    await run("UPDATE course SET title = 'Tên khác', capacity = 99 WHERE id = {}", course)
    forget_settings()
    found = await find_certificate(MACHINE, made.id)
    assert (found.person_name, found.course_title, found.periods) == (ANH, made.course_title, 4)


@pytest.mark.parametrize("player", [NGHI, TAM], ids=["trainer", "coordinator"])
async def test_trainers_and_coordinators_issue(player: object) -> None:
    course = await a_finished_course([ANH])
    who = await who_is(player)  # type: ignore[arg-type]
    assert len(await issue_certificates(who, course, IssueForm())) == 1
    assert (await last_line("certificate.issue"))["doer"] == who.name


async def test_others_do_not_issue() -> None:
    course = await a_finished_course([ANH])
    for player, error in ((SEN, NotFound), (HOANG, NotFound), (TOAN, Forbidden)):
        with pytest.raises(error):
            await issue_certificates(await who_is(player), course, IssueForm())
    assert await numbers() == []


async def test_a_course_that_is_not_over_gives_none() -> None:
    empty = await a_course(await town())
    with pytest.raises(Refused):
        await issue_certificates(MACHINE, empty, IssueForm())
    await schedule_sessions(MACHINE, empty, a_time(SOON))
    await enrol_people(MACHINE, empty, EnrolForm(people=[await id_of(ANH)]))
    assert await issued(empty) == []
    with pytest.raises(Refused) as early:
        await issue_certificates(MACHINE, empty, IssueForm(people=[await id_of(ANH)]))
    assert ANH in early.value.message
    version = (await course_of(empty)).version
    await cancel_course(MACHINE, empty, CancelForm(reason="Trùng lịch", version=version))
    with pytest.raises(Refused):
        await issue_certificates(MACHINE, empty, IssueForm())
    assert await value("SELECT count(*) FROM certificate_register") == 0


async def test_only_people_of_the_course_are_chosen_and_never_nobody() -> None:
    course = await a_finished_course([ANH])
    with pytest.raises(Refused) as nobody:
        await issue_certificates(MACHINE, course, IssueForm(people=[]))
    assert "people" in nobody.value.fields
    stranger = await id_of("Phạm Thị Xuân")
    with pytest.raises(Refused) as other:
        await issue_certificates(MACHINE, course, IssueForm(people=[stranger]))
    assert other.value.status == 409


async def test_a_revoked_number_stays_taken_and_a_new_certificate_gets_a_new_one() -> None:
    course = await a_finished_course([ANH])
    (first,) = await issued(course)
    tam = await who_is(TAM)
    await revoke_certificate(tam, first.id, WRONG)
    await revoke_certificate(tam, first.id, RevokeForm(reason="Lần nữa"))
    assert await how_many("certificate.revoke") == 1
    found = await find_certificate(MACHINE, first.id)
    assert (found.revoked_why, found.register) == ("Ghi sai họ tên", f"0001/{YEAR}")
    assert await issued(course) == []  # whoever lost one gets another only by name
    (second,) = await issued(course, [await id_of(ANH)])
    assert second.register == f"0002/{YEAR}"
    assert second.code != first.code
    await the_register_is_whole()


async def test_revoking_is_for_who_may_issue_there() -> None:
    (made,) = await issued(await a_finished_course([LEARNER]))
    for player, error in ((SEN, NotFound), (TOAN, Forbidden), (HOANG, Forbidden)):
        with pytest.raises(error):
            await revoke_certificate(await who_is(player), made.id, WRONG)
    with pytest.raises(ValueError, match="reason"):
        RevokeForm(reason="x")


async def test_each_year_counts_from_one() -> None:
    await issued(await a_finished_course([ANH]))
    next_year = clock.midnight(clock.today().replace(year=YEAR + 1, month=2, day=1))
    course = await a_finished_course([AN])
    with clock.frozen(next_year):
        (made,) = await issued(course)
    assert made.register == f"0001/{YEAR + 1}"


async def test_a_number_is_given_back_when_something_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = await a_finished_course([ANH]), await a_finished_course([AN])

    async def broken(*_: object) -> None:
        raise RuntimeError("no notices today")

    with monkeypatch.context() as patch:
        patch.setattr(TELLING, broken)
        with pytest.raises(RuntimeError):
            await issue_certificates(MACHINE, first, IssueForm())
    assert await numbers() == []
    (made,) = await issued(second)
    assert made.number == 1


async def test_twenty_at_once_leave_no_gap_and_no_double(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty clerks, three of whom fail after their numbers were taken, and two at one course."""
    courses = [await a_finished_course([ANH, AN]) for _ in range(19)]
    unlucky = set(courses[3:6])

    async def sometimes(course: UUID, *rest: object) -> None:
        await tell_certified(course, *rest)  # type: ignore[arg-type]
        await asyncio.sleep(0.01)
        if course in unlucky:
            raise RuntimeError("the power is out")

    monkeypatch.setattr(TELLING, sometimes)
    clerks = [issue_certificates(MACHINE, one, IssueForm()) for one in [*courses, courses[0]]]
    ended = await asyncio.gather(*clerks, return_exceptions=True)
    assert sum(isinstance(one, RuntimeError) for one in ended) == 3
    assert sum(len(one) for one in ended if isinstance(one, list)) == 32
    assert await numbers() == [(YEAR, number) for number in range(1, 33)]
    await the_register_is_whole()


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(["issue", "revoke", "again", "fail"]), min_size=4, max_size=14))
async def test_whatever_happens_the_register_is_whole(acts: list[str]) -> None:
    """Issue, revoke, issue anew, fail midway, in any order."""
    courses: list[UUID] = []
    for act in acts:
        if act in ("issue", "fail") or not courses:
            courses.append(await a_finished_course([ANH]))
        if act == "fail":
            with pytest.raises(RuntimeError):
                await failing(courses.pop())
            continue
        if act == "revoke":
            held = (await candidates_of(await course_of(courses[-1]))).held
            for one in held:
                await revoke_certificate(MACHINE, one.id, WRONG)
        else:
            (person,) = [one.person for one in await enrolled(courses[-1])]
            await issued(courses[-1], [person] if act == "again" else None)
        await the_register_is_whole()


async def test_a_trainee_with_an_account_is_told() -> None:
    course = await a_finished_course()
    await issued(course)
    async with await visit(HOANG) as hoang:
        inbox = (await hoang.get("/notices")).text
        assert "Bạn có giấy chứng nhận: Kỹ năng số cho cán bộ xã" in inbox
        own = (await hoang.get("/me/certificates")).text
        assert "Kỹ năng số cho cán bộ xã" in own
    told = await run("SELECT person FROM notice WHERE kind = 'certificate.issued'")
    assert [one["person"] for one in told] == [await id_of(LEARNER)]


async def test_of_a_revocation_the_person_and_the_trainers_are_told_why_once() -> None:
    course = await a_finished_course(trainers=[await id_of(NGHI.name)])
    learner = await id_of(LEARNER)
    made = next(one for one in await issued(course) if one.person == learner)
    for _twice in range(2):
        await revoke_certificate(await who_is(TAM), made.id, WRONG)
    async with await visit(HOANG) as hoang:
        inbox = (await hoang.get("/notices")).text
        assert f"Giấy chứng nhận số {made.register} của bạn bị thu hồi" in inbox
        assert WRONG.reason in inbox
        assert (await hoang.get(f"/certificates/{made.id}")).status_code == 200
    async with await visit(NGHI) as nghi:
        inbox = (await nghi.get("/notices")).text
        assert f"Giấy chứng nhận số {made.register} của {LEARNER} bị thu hồi" in inbox
        assert WRONG.reason in inbox
    told = await run(
        "SELECT person, kind FROM notice WHERE kind LIKE 'certificate.revoked%' ORDER BY kind"
    )
    assert [(one["person"], one["kind"]) for one in told] == [
        (learner, "certificate.revoked"),
        (await id_of(NGHI.name), "certificate.revoked_of"),
    ]


async def test_a_trainer_who_revokes_is_not_told_of_it() -> None:
    course = await a_finished_course([ANH], trainers=[await id_of(NGHI.name)])
    (made,) = await issued(course)
    await revoke_certificate(await who_is(NGHI), made.id, WRONG)
    assert await value("SELECT count(*) FROM notice WHERE kind LIKE 'certificate.revoked%'") == 0


@pytest.mark.parametrize(
    ("area", "place"),
    [
        ("Thị trấn Tân Trụ", "Tân Trụ"),
        ("Huyện Tân Trụ", "Tân Trụ"),
        ("Quận 1", "Quận 1"),
        ("Ấp 2", "Ấp 2"),
        ("Tân Xã", "Tân Xã"),
    ],
)
async def test_the_place_of_a_paper_is_a_name(area: str, place: str) -> None:
    assert place_of(area) == place


async def test_the_doctor_finds_a_gap() -> None:
    assert await register_is_whole() == "0 certificates, their numbers without a gap"
    made = await issued(await a_finished_course())
    assert "3 certificates" in await register_is_whole()
    await run("DELETE FROM certificate WHERE id = {}", made[1].id)
    with pytest.raises(Bad, match=str(YEAR)):
        await register_is_whole()
    await run("UPDATE certificate SET number = 4 WHERE id = {}", made[2].id)
    await run("UPDATE certificate_register SET last = 2")
    with pytest.raises(Bad):
        await register_is_whole()


async def test_codes_are_long_and_have_no_lookalikes() -> None:
    assert len({new_code() for _ in range(500)}) == 500
    assert len(LETTERS) ** 16 > 2**75
    assert not set("01IOLSU5ZB") & set(LETTERS)
    code = new_code()
    typed = "-".join((code[:4], code[4:8], code[8:12], code[12:])).lower()
    assert plain_code(f" {typed} ") == code
    assert plain_code("8" * 16) == plain_code("b" * 16)
    assert [plain_code(odd) for odd in ("", "\0", code[:15], code + "7", "O" * 16)] == [""] * 5
