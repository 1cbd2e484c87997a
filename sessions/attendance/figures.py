"""The figures of attendance: the one place where a state or a share is computed.

The state of a person in a session is the last mark by its own time; no mark is "not taken", never
"absent". A session counts once its day has come, unless it is cancelled, and only for whoever took
part in the course on its day. Present, late and left early earn periods, others none.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from kit import clock
from kit.database import SQL
from sessions.attendance.ledger import last_mark_of
from sessions.attendance.words import STATES
from sessions.words import PERIOD


def last_marks(which: SQL) -> SQL:
    """The mark that holds of each session and person, of the lines `k` for which a condition
    holds (it should name the sessions or persons). Columns: training_session, person, id, nonce,
    state, minutes, substitute, substitute_name, marked_at, received_at, by, via, device, reason.
    A state "cleared" means "not taken"."""
    return SQL(
        "SELECT training_session, person, id, nonce, state, minutes, substitute, substitute_name,"
        " marked_at, received_at, by, via, device, reason FROM ("
        "SELECT k.*, row_number() OVER (PARTITION BY k.training_session, k.person"
        " ORDER BY k.marked_at DESC, k.received_at DESC, k.id DESC) AS nth"
        " FROM mark k WHERE {}) ranked WHERE nth = 1",
        which,
    )


EARNED = (
    "CASE WHEN m.state = 'present' THEN s.periods"
    " WHEN m.state NOT IN ('late', 'left_early') OR m.state IS NULL THEN 0"
    f" WHEN s.periods > coalesce(m.minutes, 0) / {PERIOD}"
    f" THEN s.periods - coalesce(m.minutes, 0) / {PERIOD} ELSE 0 END"
)
"""Periods that a mark `m` earns in a session `s`: each whole period missed is lost."""
_CAME = "('present', 'late', 'left_early')"
_OF_THE_COURSE = (
    "EXISTS (SELECT 1 FROM enrolment e WHERE e.course = s.course AND e.person = l.person"
    " AND e.since <= s.day AND (e.until IS NULL OR s.day < e.until))"
)


def attended(course: UUID, day: date | None = None) -> SQL:
    """The attendance of everybody enrolled in a course, until a day (today). One row a person:
    course, person, enrolment, office, held and attended (periods of the sessions that were the
    person's), share (percent of these, not rounded; null when none was held), meetings (sessions
    held), and how many of them were present, late, left_early, excused, unexcused, substitute and
    not_taken."""
    return attended_where(SQL("e.course = {} AND e.state = 'enrolled'", course), day)


def attended_by(person: UUID, day: date | None = None) -> SQL:
    """The same of one person, a row for each course in which the person is enrolled."""
    return attended_where(SQL("e.person = {} AND e.state = 'enrolled'", person), day)


def attended_where(which: SQL, day: date | None = None) -> SQL:
    """The same of the enrolments `e` for which a condition holds, a row each. Sessions count that
    lie in the days of any enrolment of the person in the course: who left and came back took part
    both times."""
    counts = ", ".join(
        f"coalesce(sum(CASE WHEN m.state = '{state}' THEN 1 ELSE 0 END), 0) AS {state}"
        for state in STATES
    )
    return SQL(
        "SELECT course, person, enrolment, office, held, attended,"
        " CASE WHEN held > 0 THEN CAST(100.0 * attended / held AS double precision) END AS share,"
        f" meetings, {', '.join(STATES)}, not_taken FROM ("
        "SELECT e.course, e.person, e.id AS enrolment, e.office,"
        f" coalesce(sum(s.periods), 0) AS held, coalesce(sum({EARNED}), 0) AS attended,"
        f" count(s.id) AS meetings, {counts},"
        " coalesce(sum(CASE WHEN s.id IS NOT NULL AND coalesce(m.state, 'cleared') = 'cleared'"
        " THEN 1 ELSE 0 END), 0) AS not_taken"
        " FROM enrolment e"
        " LEFT JOIN training_session s ON s.course = e.course AND s.cancelled_at IS NULL"
        " AND s.day <= {} AND EXISTS (SELECT 1 FROM enrolment w WHERE w.course = e.course"
        " AND w.person = e.person AND w.since <= s.day AND (w.until IS NULL OR s.day < w.until))"
        f" LEFT JOIN mark m ON m.id = {last_mark_of('s.id', 'e.person')}"
        " WHERE {} GROUP BY e.course, e.person, e.id, e.office) figures",
        *(day or clock.today(), which),
    )


def came(course: UUID) -> SQL:
    """How many came to each session of a course, late or not, to the end or not. One row a session
    with any mark: training_session, came."""
    of_course = SQL(
        "k.training_session IN (SELECT t.id FROM training_session t WHERE t.course = {})", course
    )
    return SQL(
        f"SELECT l.training_session, sum(CASE WHEN l.state IN {_CAME} THEN 1 ELSE 0 END) AS came"
        " FROM ({}) l JOIN training_session s ON s.id = l.training_session"
        f" WHERE l.state <> 'cleared' AND {_OF_THE_COURSE} GROUP BY l.training_session",
        last_marks(of_course),
    )


def arrivals(which: SQL) -> SQL:
    """Who came to which session, late or not, to the end or not, of the lines `k` for which a
    condition holds. One row each: training_session, person."""
    return SQL(
        "SELECT l.training_session, l.person FROM ({}) l JOIN training_session s"
        f" ON s.id = l.training_session WHERE l.state IN {_CAME} AND {_OF_THE_COURSE}",
        last_marks(which),
    )


def untaken(meeting: str) -> SQL:
    """How many trainees of a session, by the alias of its row, are not taken, as an expression: of
    those who take part on its day."""
    return SQL(
        "(SELECT count(*) FROM enrolment ue LEFT JOIN ({}) um ON um.person = ue.person"
        f" WHERE ue.course = {meeting}.course AND ue.since <= {meeting}.day"
        f" AND (ue.until IS NULL OR {meeting}.day < ue.until)"
        " AND coalesce(um.state, 'cleared') = 'cleared')",
        last_marks(SQL(f"k.training_session = {meeting}.id")),
    )
