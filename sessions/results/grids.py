"""The tables of a results report: heads and cells, the same for page, workbook, Word and PDF."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kit.days import show_day
from kit.i18n import gettext as _
from kit.pages import number
from kit.sheets import Cell
from sessions.results.report import OfficeLine, Report
from sessions.results.sittings import Tally
from sessions.results.words import verdict_of

Value = Cell | Decimal


@dataclass(frozen=True)
class Grid:
    """A table: a title, heads, rows and the row of totals, if any. None means "not known"."""

    title: str
    heads: list[str]
    rows: list[list[Value]]
    total: list[Value] | None = None
    words: tuple[int, ...] = (0,)

    @property
    def lines(self) -> list[list[Value]]:
        """The rows, and the totals below."""
        return [*self.rows, *([self.total] if self.total else [])]


def shown(value: Value) -> str:
    """A cell as it is written; a dash for what is not known. A rate has one decimal, a mean the two
    it was rounded to: 86,0 below 88,4."""
    if isinstance(value, date):
        return show_day(value)
    if isinstance(value, float):
        return number(value, 1)
    if isinstance(value, Decimal):
        return number(value, max(0, -int(value.as_tuple().exponent)))
    if isinstance(value, int):
        return number(value)
    return "—" if value is None else str(value)


def tally_heads() -> list[str]:
    """The heads of what a tally counts."""
    found = [_("Summoned"), _("Attended"), _("Late"), _("Left early"), _("Excused")]
    return [*found, _("Unexcused"), _("Substitutes"), _("Not taken"), _("Rate (%)")]


def tally_cells(tally: Tally) -> list[Value]:
    """A tally in the order of its heads."""
    counts = [tally.summoned, tally.attended, tally.late, tally.left_early, tally.excused]
    return [*counts, tally.unexcused, tally.substitute, tally.untaken, tally.rate]


def by_session(report: Report) -> Grid:
    """Attendance, sessions in rows."""
    heads = [_("Session"), _("Day"), _("Periods"), *tally_heads()]
    lines: list[list[Value]] = [
        [one.meeting.number, one.meeting.day, one.meeting.periods, *tally_cells(one.tally)]
        for one in report.sessions
    ]
    periods = sum(one.meeting.periods for one in report.sessions)
    total = [_("Total"), "", periods, *tally_cells(report.total.tally)]
    return Grid(_("Attendance by session"), heads, lines, total, words=())


def by_office(report: Report) -> Grid:
    """Attendance, offices in rows."""
    heads = [_("Office"), _("Trainees"), *tally_heads()]
    lines = [_attendance(one, _office(one)) for one in report.offices]
    total = _attendance(report.total, _("Total"))
    return Grid(_("Attendance by office"), heads, lines, total)


def _attendance(one: OfficeLine, name: str) -> list[Value]:
    return [name, one.people, *tally_cells(one.tally)]


def _office(one: OfficeLine) -> str:
    return one.name or _("Without an office")


def of_test(report: Report) -> Grid:
    """Test and completion, offices in rows."""
    heads = [_("Office"), _("Trainees"), _("Tested"), _("Passed"), _("Mean"), _("Completed")]
    heads += [_("Not completed"), _("Not decided yet")]
    lines = [_results(report, one, _office(one)) for one in report.offices]
    total = _results(report, report.total, _("Total"))
    return Grid(_("Results by office"), heads, lines, total)


def _results(report: Report, one: OfficeLine, name: str) -> list[Value]:
    test = report.course.pass_mark is not None
    found: list[Value] = [one.tested, one.passed, one.mean] if test else [None, None, None]
    effect = one.effect
    return [name, one.people, *found, effect.complete, effect.failed, effect.undecided]


def by_person(report: Report) -> Grid:
    """Where everybody stands."""
    heads = [_("No."), _("Full name"), _("Office"), _("Periods attended"), _("Periods held")]
    heads += [_("Share (%)"), _("Test result"), _("Result")]
    lines: list[list[Value]] = [
        [
            nth,
            one.name,
            one.office_name or "",
            one.attended,
            one.held,
            100 * one.attended // one.held if one.held else None,
            None if one.score is None else Decimal(one.score) / 10,
            verdict_of(one.complete)[0],
        ]
        for nth, one in enumerate(report.trainees, 1)
    ]
    return Grid(_("Results of each trainee"), heads, lines, words=(1, 2, 7))


def of_substitutes(report: Report) -> Grid:
    """Who came for whom."""
    heads = [_("Session"), _("Day"), _("Trainee"), _("Office"), _("Who came instead")]
    lines: list[list[Value]] = [
        [one.number, one.day, one.name, one.office_name or "", one.substitute_name]
        for one in report.substitutes
    ]
    return Grid(_("Who came for whom"), heads, lines, words=(2, 3, 4))


def grids(report: Report) -> list[Grid]:
    """All tables of a report, in their order."""
    found = [by_session(report), by_office(report), of_substitutes(report), of_test(report)]
    return [*found, by_person(report)]
