"""What another rule would make of a course on whose rule results rest already."""

from __future__ import annotations

from kit import clock
from kit.errors import Refused
from kit.i18n import gettext as _
from sessions.courses.queries import CourseFound
from sessions.results.figures import effects_of, rule_of
from sessions.results.rule import Rule


async def effect_said(course: CourseFound, rule: Rule) -> list[str]:
    """The effect of another rule in sentences; none for the same rule, before the first session, or
    while nobody is enrolled. In a course that lasts everybody may be undecided, yet was told what
    is asked."""
    begun = course.first_on is not None and course.first_on <= clock.today()
    if rule == rule_of(course) or not begun:
        return []
    now, then = await effects_of(course, rule_of(course), rule)
    if not now.complete + now.failed + now.undecided:
        return []
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
