"""What another rule would make of a course on whose rule results rest already."""

from __future__ import annotations

from kit.errors import Refused
from kit.i18n import gettext as _
from sessions.courses.queries import CourseFound
from sessions.results.figures import rule_of, standing_of
from sessions.results.rule import Rule, effect_of


async def effect_said(course: CourseFound, rule: Rule) -> list[str]:
    """The effect of another rule in sentences; none for the same rule, or while no trainee had a
    session or a score yet."""
    if rule == rule_of(course):
        return []
    trainees = await standing_of(course)
    if not any(one.held or one.score is not None for one in trainees):
        return []
    now, then = effect_of(trainees, rule_of(course)), effect_of(trainees, rule)
    return [
        _(
            "Completed: now %(now)s, by the new rule %(then)s.",
            now=now.complete,
            then=then.complete,
        ),
        _(
            "Not completed: now %(now)s, by the new rule %(then)s.",
            now=now.failed,
            then=then.failed,
        ),
        _(
            "Not decided yet: now %(now)s, by the new rule %(then)s.",
            now=now.undecided,
            then=then.undecided,
        ),
    ]


async def refuse_unseen_effect(course: CourseFound, rule: Rule) -> None:
    """Raises Refused (409, details: the effect) for a rule that results rest on."""
    if effect := await effect_said(course, rule):
        said = _("Results rest on the rule of completing. Look at the effect, then decide.")
        raise Refused(said, status=409, details=effect)
