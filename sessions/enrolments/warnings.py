"""What speaks against enrolling people: the deadline, the audience of the course, full quotas;
clashes.py adds who is busy at the time.

A trainer may go on in spite of it; to the office's own page it is a rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from kit import clock
from kit.days import show_day
from kit.i18n import gettext as _
from sessions.courses.queries import CourseFound, QuotaFound
from sessions.words import category_word

SHOWN = 5


@dataclass(frozen=True)
class Newcomer:
    """Somebody about to be enrolled, with the office and category of today, if any, and the state
    in the course already."""

    id: UUID
    name: str
    office: UUID | None
    category: str | None
    state: str | None


def late(course: CourseFound) -> str:
    """The sentence that the deadline has passed; "" while it has not."""
    if course.deadline and course.deadline < clock.today():
        return _("Offices could name people until %(day)s.", day=show_day(course.deadline))
    return ""


def beside_audience(course: CourseFound, new: Sequence[Newcomer]) -> str:
    """The sentence that somebody is none of those the course is for; "" if everybody is."""
    names = [one.name for one in new if one.category not in course.categories]
    if not course.categories or not names:
        return ""
    kinds, who = ", ".join(category_word(one) for one in course.categories), listed(names)
    return _("The course is for: %(kinds)s. Not among them: %(people)s.", kinds=kinds, people=who)


def listed(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    more = len(names) - SHOWN
    rest = [_("%(num)s more", num=more)] if more > 0 else []
    return ", ".join([*names[:SHOWN], *rest])


def over_quota(quotas: Sequence[QuotaFound], new: Sequence[Newcomer]) -> list[str]:
    """A sentence for each office that would have more people in the course than places."""
    more = Counter(one.office for one in new)
    return [
        _(
            "%(office)s has %(places)s places and would have %(used)s people.",
            office=quota.name,
            places=quota.places,
            used=quota.used + more[quota.office],
        )
        for quota in quotas
        if quota.places and more[quota.office] and quota.used + more[quota.office] > quota.places
    ]


def warnings(
    course: CourseFound, quotas: Sequence[QuotaFound], new: Sequence[Newcomer]
) -> list[str]:
    """Everything that speaks against it, a sentence each."""
    found = [late(course), beside_audience(course, new), *over_quota(quotas, new)]
    return [sentence for sentence in found if sentence]
