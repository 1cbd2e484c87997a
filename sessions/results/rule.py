"""The rule by which a course is completed, apart from any database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from kit.i18n import gettext as _
from kit.i18n import ngettext
from sessions.results.words import score_shown


@dataclass(frozen=True)
class Rule:
    """What a course asks: the least percent of periods attended, and the pass mark of its test in
    tenths, None without a test."""

    min_share: int
    pass_mark: int | None = None


class Facts(Protocol):
    """What is known of a trainee: sessions still to come, sessions not taken, periods held and
    attended, the score."""

    @property
    def ahead(self) -> int:
        """Sessions still to come."""

    @property
    def untaken(self) -> int:
        """Sessions held whose attendance was not taken."""

    @property
    def held(self) -> int:
        """Periods of the sessions that were the trainee's."""

    @property
    def attended(self) -> int:
        """Periods attended."""

    @property
    def score(self) -> int | None:
        """The score in tenths."""


def reached(facts: Facts, rule: Rule) -> bool:
    """Whether enough periods were attended; no rounding takes part in it."""
    return 100 * facts.attended >= rule.min_share * facts.held


def judge(facts: Facts, rule: Rule) -> bool | None:
    """Whether a course is completed; None while that cannot be known: sessions are to come, no
    session was held, attendance that could decide was not taken, or the score is missing."""
    if facts.ahead or not facts.held:
        return None
    if not reached(facts, rule):
        return None if facts.untaken else False
    if rule.pass_mark is None:
        return True
    return None if facts.score is None else facts.score >= rule.pass_mark


def reason(facts: Facts, rule: Rule) -> str:
    """Why the judgement is what it is, in a sentence."""
    if facts.ahead or not facts.held:
        return _not_yet(facts.ahead)
    if reached(facts, rule):
        return _of_test(facts, rule.pass_mark)
    if facts.untaken:
        return ngettext(
            "Attendance of %(num)s session is not taken.",
            "Attendance of %(num)s sessions is not taken.",
            facts.untaken,
        )
    told = {"attended": facts.attended, "held": facts.held, "least": rule.min_share}
    return _("Attended %(attended)s of %(held)s periods; %(least)s%% are asked.", **told)


def _not_yet(ahead: int) -> str:
    if not ahead:
        return _("No session was held yet.")
    return ngettext(
        "%(num)s session is still to come.", "%(num)s sessions are still to come.", ahead
    )


def _of_test(facts: Facts, pass_mark: int | None) -> str:
    if pass_mark is None:
        return _(
            "Attended %(attended)s of %(held)s periods.",
            attended=facts.attended,
            held=facts.held,
        )
    if facts.score is None:
        return _("The test result is not entered yet.")
    told = {"score": score_shown(facts.score), "mark": score_shown(pass_mark)}
    if facts.score < pass_mark:
        return _("Test result %(score)s; %(mark)s is asked.", **told)
    return _("Attended enough, test result %(score)s.", **told)


@dataclass(frozen=True)
class Effect:
    """What a rule makes of the trainees of a course."""

    complete: int
    failed: int
    undecided: int


def effect_of(trainees: Iterable[tuple[Facts, int]], rule: Rule) -> Effect:
    """How many complete the course by a rule, how many do not, how many are not decided yet: of
    trainees as what decides about them, and how many stand like that."""
    counts: Counter[bool | None] = Counter()
    for one, people in trainees:
        counts[judge(one, rule)] += people
    return Effect(counts[True], counts[False], counts[None])
