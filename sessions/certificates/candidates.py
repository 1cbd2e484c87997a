"""Who of a course gets a certificate, who has one, who does not get one and why."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sessions.certificates.queries import CertificateFound, list_certificates_of_course
from sessions.courses.queries import CourseFound
from sessions.results.figures import Standing, standing_of


@dataclass(frozen=True)
class Candidate:
    """Somebody enrolled in a course: where the person stands, and the certificate that was
    revoked last, if one was; then a new one is given only by name."""

    standing: Standing
    revoked: CertificateFound | None

    @property
    def person(self) -> UUID:
        """Who it is."""
        return self.standing.person


@dataclass(frozen=True)
class Issuing:
    """What issuing would do for a course: `due` complete it and have no certificate that holds,
    `held` hold one, `others` do not complete it, or not yet; `revoked` are those taken back."""

    course: CourseFound
    due: list[Candidate]
    others: list[Candidate]
    held: list[CertificateFound]
    revoked: list[CertificateFound]

    @property
    def fresh(self) -> list[Candidate]:
        """Those due who never had a certificate of the course."""
        return [one for one in self.due if not one.revoked]

    @property
    def hindrance(self) -> str:
        """Why nothing can be issued now, as the key of a sentence; "" when it can."""
        if self.course.cancelled_on:
            return "cancelled"
        return "" if self.course.last_on else "empty"


async def candidates_of(course: CourseFound) -> Issuing:
    """Everybody of a course already found, by given name; two queries."""
    given = await list_certificates_of_course(course.id)
    held = {one.person: one for one in given if not one.revoked_at}
    revoked = {one.person: one for one in given if one.revoked_at}
    trainees = [
        Candidate(one, revoked.get(one.person))
        for one in await standing_of(course)
        if one.person not in held
    ]
    return Issuing(
        course,
        due=[one for one in trainees if one.standing.complete],
        others=[one for one in trainees if not one.standing.complete],
        held=list(held.values()),
        revoked=[one for one in given if one.revoked_at],
    )
