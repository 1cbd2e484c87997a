"""What anybody may ask of a certificate, and what nobody is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kit import clock
from kit.database import run, value
from kit.pace import MOST_KEYS, Pace
from people.permissions import MACHINE
from sessions.certificates.codes import new_code
from sessions.certificates.commands import RevokeForm, revoke_certificate
from sessions.certificates.queries import CertificateFound
from tests.certificates import ANH, LEARNER, a_finished_course, issued
from tests.programs import V1, client, is_problem
from tests.visitor import visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def one() -> CertificateFound:
    """A certificate of somebody with a phone and a code of attendance."""
    (made,) = await issued(await a_finished_course([LEARNER]))
    return made


async def test_the_page_confirms_and_tells_nothing_else() -> None:
    made = await one()
    phone = str(await value("SELECT phone FROM person WHERE name = {}", LEARNER))
    lines = await value("SELECT count(*) FROM audit_line")
    async with await visit(None) as stranger:
        answer = await stranger.get(f"/v/{made.code}")
        assert answer.status_code == 200
        told = answer.text
        for words in (LEARNER, made.course_title, made.register, "Ủy ban nhân dân"):
            assert words in told
        assert made.first_on.strftime("%d/%m/%Y") in told
        hidden = [str(made.id), str(made.person), str(made.course), phone[-6:]]
        for secret in [*hidden, "Chi hội", ".pdf"]:
            assert secret not in told, secret
        assert "noindex" in answer.headers["x-robots-tag"]
        assert 'name="robots" content="noindex' in told
        assert "set-cookie" not in answer.headers
    assert await value("SELECT count(*) FROM audit_line") == lines


async def test_a_code_may_be_typed_as_one_reads_it() -> None:
    made = await one()
    async with await visit(None) as stranger:
        field = await stranger.get("/v")
        assert 'name="code"' in field.text
        typed = made.shown_code.lower().replace("-", " ")
        led = await stranger.get("/v", params={"code": f" {typed} "})
        assert led.headers["location"] == f"/v/{made.code}"
        assert LEARNER in (await stranger.get(f"/v/{made.shown_code.lower()}")).text
        odd = await stranger.get("/v", params={"code": "<b>x"})
        assert odd.status_code == 200
        assert "&lt;b&gt;x" in odd.text


async def test_a_revoked_one_is_called_revoked_and_names_nobody() -> None:
    made = await one()
    await revoke_certificate(MACHINE, made.id, RevokeForm(reason="Khai man điểm danh"))
    async with await visit(None) as stranger:
        told = (await stranger.get(f"/v/{made.code}")).text
    assert "đã bị thu hồi" in told
    assert made.register in told
    for secret in (LEARNER, "Khai man", made.course_title):
        assert secret not in told


@pytest.mark.parametrize("code", ["x", "%00", "A" * 400, "7KQM3XPRV9TDW4HC", "Đ" * 16])
async def test_an_unknown_code_is_called_so(code: str) -> None:
    await one()
    async with await visit(None) as stranger:
        answer = await stranger.get(f"/v/{code}")
    assert answer.status_code == 404
    assert "Không có giấy chứng nhận này" in answer.text


async def test_it_stays_confirmed_when_the_area_of_the_course_has_ended() -> None:
    made = await one()
    await run("UPDATE area_spell SET until = {} WHERE until IS NULL", clock.today())
    async with await visit(None) as stranger:
        assert LEARNER in (await stranger.get(f"/v/{made.code}")).text


async def test_who_guesses_is_slowed_down_and_a_class_is_not() -> None:
    made = await one()
    async with await visit(None) as stranger:
        for _ in range(60):
            assert (await stranger.get(f"/v/{made.code}")).status_code == 200
        answers = [await stranger.get(f"/v/{new_code()}") for _ in range(30)]
        stopped = [answer for answer in answers if answer.status_code == 429]
        assert stopped
        assert int(stopped[0].headers["retry-after"]) >= 1
        assert (await stranger.get(f"/v/{made.code}")).status_code == 429
        with clock.frozen(clock.now() + timedelta(minutes=5)):
            assert (await stranger.get(f"/v/{made.code}")).status_code == 200


async def test_a_program_checks_without_signing_in() -> None:
    (made,) = await issued(await a_finished_course([ANH]))
    async with client(None) as stranger:
        told = (await stranger.get(f"{V1}/certificates/{made.code}")).json()
        assert told == {
            "state": "valid",
            "register": made.register,
            "body_name": made.body_name,
            "person_name": ANH,
            "course_title": made.course_title,
            "first_on": made.first_on.isoformat(),
            "last_on": made.last_on.isoformat(),
            "revoked_on": None,
        }
        is_problem(await stranger.get(f"{V1}/certificates/{new_code()}"), 404)
        await revoke_certificate(MACHINE, made.id, RevokeForm(reason="Ghi sai họ tên"))
        gone = (await stranger.get(f"{V1}/certificates/{made.shown_code}")).json()
        assert (gone["state"], gone["person_name"]) == ("revoked", None)
        assert gone["revoked_on"] == clock.today().isoformat()
        tries = [await stranger.get(f"{V1}/certificates/{new_code()}") for _ in range(40)]
        is_problem(tries[-1], 429)


async def test_a_pace_fills_again_with_time_and_forgets_the_oldest() -> None:
    pace = Pace(most=3, seconds=30)
    now = clock.now()
    with clock.frozen(now):
        assert [pace.take("a") for _ in range(4)] == [0, 0, 0, 11]
        assert pace.take("b") == 0
        pace.charge("b", 99)
        assert pace.take("b") == 11
    with clock.frozen(now + timedelta(seconds=10)):
        assert [pace.take("a"), pace.take("a")] == [0, 11]
    with clock.frozen(now + timedelta(seconds=11)):
        for number in range(MOST_KEYS + 5):
            pace.take(f"c{number}")
        assert len(pace._purses) == MOST_KEYS
