"""The results report of a course: every figure of it, computed here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce
from uuid import UUID

from kit import clock
from kit.database import SQL, rows
from kit.spells import as_of
from people.reach import Choice
from sessions.courses.queries import CourseFound, list_trainers
from sessions.meetings.queries import MeetingFound, list_meetings
from sessions.results.figures import Standing, office_day, standing_of
from sessions.results.rule import Effect
from sessions.results.sittings import COUNTED, Tally, sittings


@dataclass(frozen=True)
class SessionLine:
    """A session that was held, and how people were there."""

    meeting: MeetingFound
    tally: Tally


@dataclass(frozen=True)
class SubstituteLine:
    """Somebody who came to a session in place of a trainee; `number` is that of the session, the
    office that of the trainee, `substitute` the person if the register knows who came."""

    number: int
    day: date
    person: UUID
    name: str
    office_name: str | None
    substitute: UUID | None
    substitute_name: str


@dataclass(frozen=True)
class OfficeLine:
    """An office, or all of them: its trainees of today, and how its people were in the sessions,
    those who left the course too. `name` is None for people without an office."""

    office: UUID | None
    name: str | None
    tally: Tally
    trainees: list[Standing]

    @property
    def people(self) -> int:
        """Trainees who are enrolled."""
        return len(self.trainees)

    @property
    def scores(self) -> list[int]:
        """Their test results, in tenths."""
        return [one.score for one in self.trainees if one.score is not None]

    @property
    def tested(self) -> int:
        """How many have a test result."""
        return len(self.scores)

    @property
    def passed(self) -> int:
        """How many of them reached the pass mark."""
        marks = {one.rule.pass_mark for one in self.trainees} - {None}
        return sum(score >= mark for mark in marks if mark is not None for score in self.scores)

    @property
    def mean(self) -> Decimal | None:
        """The mean of the test results, out of 10 with two decimals; None where there is none."""
        if not self.scores:
            return None
        mean = Decimal(sum(self.scores)) / (10 * len(self.scores))
        return mean.quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def effect(self) -> Effect:
        """How many completed the course, did not, or are not decided yet."""
        return Effect(*(sum(one.complete is said for one in self.trainees) for said in _SAID))


_SAID = (True, False, None)


@dataclass(frozen=True)
class Report:
    """The results of a course as of a day."""

    course: CourseFound
    day: date
    trainers: list[Choice]
    sessions: list[SessionLine]
    ahead: int
    offices: list[OfficeLine]
    total: OfficeLine
    substitutes: list[SubstituteLine]

    @property
    def trainees(self) -> list[Standing]:
        """Everybody enrolled, by given name."""
        return self.total.trainees


@dataclass(frozen=True)
class _Counted(Tally):
    """A tally of an office in a session."""

    meeting: UUID | None = None
    office: UUID | None = None
    office_name: str | None = None
    sort: str | None = None


_COUNTED = f"""
SELECT x.meeting, x.office, o.name AS office_name, o.sort, {COUNTED}
FROM ({{}}) x LEFT JOIN office_spell o ON o.office = x.office AND {{}}
GROUP BY x.meeting, x.office, o.name, o.sort
"""


_SUBSTITUTES = """
SELECT x.meeting, x.day, x.person, p.name, o.name AS office_name, m.substitute,
       coalesce(b.name, m.substitute_name) AS substitute_name
FROM ({}) x JOIN mark m ON m.id = x.mark JOIN person p ON p.id = x.person
LEFT JOIN person b ON b.id = m.substitute
LEFT JOIN office_spell o ON o.office = x.office AND {}
WHERE x.state = 'substitute' ORDER BY x.day, x.starts, x.meeting, p.sort, p.id
"""


async def find_report(course: CourseFound) -> Report:
    """The results of a course already found, as of today; five queries."""
    today = clock.today()
    whole = sittings(SQL("s.course = {} AND e.course = {}", course.id, course.id), today)
    day = office_day(course)
    counted = await rows(_Counted, _COUNTED, whole, as_of("o", day))
    meetings = [one for one in await list_meetings(course.id) if one.cancelled_at is None]
    trainees = await standing_of(course)
    held = [one for one in meetings if one.day <= today]
    return Report(
        course=course,
        day=today,
        trainers=await list_trainers(course.id),
        sessions=[SessionLine(one, _summed(counted, meeting=one.id)) for one in held],
        ahead=len(meetings) - len(held),
        offices=_offices(counted, trainees),
        total=OfficeLine(None, None, _added(counted), trainees),
        substitutes=await _substitutes(whole, day, held) if _added(counted).substitute else [],
    )


async def _substitutes(whole: SQL, day: date, held: Sequence[MeetingFound]) -> list[SubstituteLine]:
    """Who came for whom, in the order of sessions and names."""
    numbers = {one.id: one.number for one in held}
    return await rows(
        lambda meeting, **found: SubstituteLine(number=numbers[meeting], **found),
        _SUBSTITUTES,
        *(whole, as_of("o", day)),
    )


def _summed(counted: Sequence[_Counted], meeting: UUID) -> Tally:
    return _added([one for one in counted if one.meeting == meeting])


def _added(counted: Sequence[_Counted]) -> Tally:
    return reduce(Tally.plus, map(Tally.part_of, counted), Tally())


def _offices(counted: Sequence[_Counted], trainees: Sequence[Standing]) -> list[OfficeLine]:
    """The offices by name, those without one last."""
    names = {one.office: (one.sort or "", one.office_name) for one in counted}
    names |= {one.office: ("", one.office_name) for one in trainees if one.office not in names}
    order = sorted(
        names, key=lambda office: (office is None, *(word or "" for word in names[office]))
    )
    return [
        OfficeLine(
            office,
            names[office][1],
            _added([one for one in counted if one.office == office]),
            [one for one in trainees if one.office == office],
        )
        for office in order
    ]
