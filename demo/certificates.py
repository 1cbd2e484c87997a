"""What became of the courses that are over: test results, certificates, and one that was taken
back for a wrong name and given anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from demo.cast import NGHI
from kit import clock
from kit.database import rows, value
from kit.phones import phone_e164
from kit.spells import EVERYWHERE
from people.permissions import Right, Who
from sessions.certificates.commands import (
    IssueForm,
    RevokeForm,
    issue_certificates,
    revoke_certificate,
)
from sessions.certificates.queries import find_certificate
from sessions.results.commands import ResultsForm, enter_results

WRITTEN_WRONG = 7
"""Which certificate of the first course had a wrong name on it."""


@dataclass(frozen=True)
class _Over:
    id: UUID
    pass_mark: int | None
    closed_on: date
    last_on: date


async def tell_certificates() -> int:
    """Enter the results of every course that is over and issue its certificates; how many."""
    nghi = await value("SELECT id FROM person WHERE phone = {}", phone_e164(NGHI.phone))
    trainer = Who(nghi, None, NGHI.name, rights=(Right("trainer", path=EVERYWHERE),))
    over = await rows(
        _Over,
        "SELECT c.id, c.pass_mark, c.closed_on, max(s.day) AS last_on FROM course c"
        " JOIN training_session s ON s.course = c.id WHERE c.closed_on <= {}"
        " AND c.cancelled_on IS NULL GROUP BY c.id, c.pass_mark, c.closed_on ORDER BY c.closed_on",
        clock.today(),
    )
    issued: list[UUID] = []
    for one in over:
        made = await _tell(trainer, one)
        if not issued and len(made) > WRITTEN_WRONG:
            await _tell_mistake(trainer, made[WRITTEN_WRONG])
        issued += made
    return len(issued)


async def _tell(by: Who, one: _Over) -> list[UUID]:
    if one.pass_mark is not None:
        last_on = date.fromisoformat(str(one.last_on))  # SQLite gives it as text
        with clock.frozen(clock.midnight(last_on) + timedelta(hours=17)):
            await enter_results(by, one.id, await _scores(one.id, last_on))
    with clock.frozen(clock.midnight(one.closed_on) + timedelta(hours=9)):
        return await issue_certificates(by, one.id, IssueForm())


@dataclass(frozen=True)
class _Trainee:
    person: UUID


async def _scores(course: UUID, day: date) -> ResultsForm:
    """From 4,5 to 9,5 of 10: a few do not pass."""
    sql = "SELECT person FROM enrolment WHERE course = {} AND state = 'enrolled' ORDER BY line"
    trainees = await rows(_Trainee, sql, course)
    scores = [
        {"person": one.person, "score": 45 + (place * 7 + 30) % 51}
        for place, one in enumerate(trainees)
    ]
    return ResultsForm.model_validate({"tested_on": day, "scores": scores})


async def _tell_mistake(by: Who, certificate: UUID) -> None:
    """Take one back some days later and give its holder another."""
    wrong = await find_certificate(by, certificate)
    with clock.frozen(wrong.issued_at + timedelta(days=3)):
        await revoke_certificate(by, certificate, RevokeForm(reason="Ghi sai tên đệm trên giấy"))
        await issue_certificates(by, wrong.course, IssueForm(people=[wrong.person]))
