"""What trainees and trainers are told, in the transaction of what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from kit.database import among, run
from kit.days import show_day
from kit.i18n import N_
from notices.commands import notify, take_back
from notices.kinds import offer_kind
from notices.words import Value, Words
from sessions.enrolments.clashes import Busy
from sessions.reminders.words import COMES, FEW

MOVED = offer_kind("session.moved", N_("A session was moved")).key
CANCELLED = offer_kind("session.cancelled", N_("A session or course was cancelled")).key
SEATED = offer_kind("enrolment.seated", N_("I moved up from the line of a course")).key
BUSY = offer_kind("enrolment.busy", N_("Somebody moved up who is busy at the same time")).key
CERTIFIED = offer_kind("certificate.issued", N_("I was given a certificate")).key
REVOKED = offer_kind("certificate.revoked", N_("My certificate was revoked")).key
TAUGHT = offer_kind("certificate.revoked_of", N_("A certificate of my course was revoked")).key


@dataclass(frozen=True)
class Moved:
    """When and where a session is now; `timed` tells whether its time is a new one, or only the
    place or who teaches."""

    title: str
    day: date
    hours: str
    venue: str
    timed: bool

    @property
    def words(self) -> Words:
        """What those of the session are told."""
        where = N_("The session is now on %(day)s, %(hours)s, in %(venue)s.")
        nowhere = N_("The session is now on %(day)s, %(hours)s.")
        title = N_("New time: %(title)s") if self.timed else N_("Session changed: %(title)s")
        values: dict[str, Value] = {"title": self.title, "day": self.day}
        values |= {"hours": self.hours, "venue": self.venue}
        return Words(title, where if self.venue else nowhere, values)


async def tell_moved(meeting: UUID, sequence: int, moved: Moved, before: UUID | None) -> None:
    """Tell those of a session, and who was to teach it before, its new time and place; each change
    is an occasion of its own."""
    await take_back(COMES, meeting)
    people = [*await _people_of(meeting), *([before] if before else [])]
    await notify(people, MOVED, meeting, str(sequence), moved.words, f"/sessions/{meeting}")


async def tell_cancelled(meeting: UUID, title: str, day: date, why: str) -> None:
    """Tell those of a session that it does not take place."""
    words = Words(
        N_("Cancelled: %(title)s"),
        N_("The session of %(day)s does not take place. Reason: %(why)s"),
        {"title": title, "day": day, "why": why},
    )
    await take_back(COMES, meeting)
    await notify(await _people_of(meeting), CANCELLED, meeting, "", words, f"/sessions/{meeting}")


async def tell_course_cancelled(
    by: UUID | None, course: UUID, gone: Sequence[UUID], title: str, why: str
) -> None:
    """Tell once that a course does not take place: whoever has a seat or waits for one, and its
    trainers and those of the sessions that are `gone` with it, but for who did it."""
    words = Words(
        N_("Cancelled: %(title)s"),
        N_("The course does not take place, nor do its sessions to come. Reason: %(why)s"),
        {"title": title, "why": why},
    )
    for meeting in gone:
        await take_back(COMES, meeting)
    trainers = await _trainers_of(course, gone)
    links = {one: f"/courses/{course}" for one in trainers if one != by}
    sql = "SELECT person FROM enrolment WHERE course = {} AND state <> 'withdrawn'"
    links |= {one["person"]: "/calendar" for one in await run(sql, course)}
    await notify(links, CANCELLED, course, "", words, links)


async def tell_seated(course: UUID, title: str, people: Sequence[UUID], busy: list[Busy]) -> None:
    """Tell those who waited that they have a seat now, and when they are `busy`: the sessions of
    other courses in which they are enrolled, which they see."""
    for enrolment in await _enrolments(course, people):
        person, slot = enrolment["person"], str(enrolment["id"])
        words = _seated(title, [one for one in busy if one.person == person])
        await notify([person], SEATED, course, slot, words, "/calendar")


def _seated(title: str, busy: list[Busy]) -> Words:
    said = N_("You have a seat: %(title)s")
    if not busy:
        body = N_(
            "A seat became free, and you were next in line. Your sessions stand in the calendar."
        )
        return Words(said, body, {"title": title})
    body = N_(
        "A seat became free, and you were next in line. Mind: “%(other)s” has a session at the same"
        " time, on %(day)s, %(hours)s. Tell the trainer which one you come to."
    )
    first = busy[0]
    told: dict[str, Value] = {"other": first.title, "day": first.day, "hours": first.hours}
    return Words(said, body, {"title": title, **told})


@dataclass(frozen=True)
class Reader:
    """Somebody to be told of a course, with the paths below which they may read of courses."""

    person: UUID
    paths: tuple[str, ...]

    def sees(self, path: str) -> bool:
        """Whether a course there may be named to them."""
        return any(path.startswith(one) for one in self.paths)


async def tell_busy(
    course: UUID, title: str, readers: Sequence[Reader], busy: Sequence[Busy]
) -> None:
    """Tell whoever sees a course which of those who moved up have another session at the same
    time; a course beyond a reader's reach is not named."""
    firsts: dict[UUID, Busy] = {}
    for one in busy:
        firsts.setdefault(one.person, one)
    moved = await _enrolments(course, list(firsts))
    slot = min(str(enrolment["id"]) for enrolment in moved)  # an enrolment moves up but once
    for reader in readers:
        others = [one for one in firsts.values() if one.person != reader.person]
        if others:
            words = _busy(title, reader, others)
            await notify([reader.person], BUSY, course, slot, words, f"/courses/{course}")


def _busy(title: str, reader: Reader, busy: Sequence[Busy]) -> Words:
    body = N_("With another session at the same time: %(people)s. Ask which one they come to.")
    if len(busy) > FEW:
        body = N_(
            "With another session at the same time: %(people)s and %(more)s more. Ask which one"
            " they come to."
        )
    same: dict[UUID, list[Busy]] = {}
    for one in busy[:FEW]:
        same.setdefault(one.meeting, []).append(one)
    named = "; ".join(_then(reader, people) for people in same.values())
    values: dict[str, Value] = {"title": title, "people": named, "more": len(busy) - FEW}
    return Words(N_("Moved up, but busy: %(title)s"), body, values)


def _then(reader: Reader, people: Sequence[Busy]) -> str:
    """Who has the same session, and when: alike in every language."""
    one = people[0]
    other = [f"“{one.title}”"] if reader.sees(one.path) else []
    names = ", ".join(busy.name for busy in people)
    return f"{names} ({', '.join([*other, show_day(one.day), one.hours])})"


async def tell_certified(course: UUID, slot: str, title: str, people: Sequence[UUID]) -> None:
    """Tell those with an account of the certificates of a course; `slot` tells one issue from
    another."""
    words = Words(
        N_("You have a certificate: %(title)s"),
        N_("Look at it, or take it with you as a PDF."),
        {"title": title},
    )
    found = await _with_account(people)
    await notify(found, CERTIFIED, course, slot, words, "/me/certificates")


async def tell_revoked(
    by: UUID | None, certificate: UUID, person: UUID, told: Mapping[str, str]
) -> None:
    """Tell somebody with an account that a certificate holds no longer, and the trainers of its
    course but for who did it; `told` is its number, name, title and why."""
    words = Words(
        N_("Your certificate %(number)s is revoked"),
        N_("Course: %(title)s. Reason: %(why)s"),
        told,
    )
    link = f"/certificates/{certificate}"
    await notify(await _with_account([person]), REVOKED, certificate, "", words, link)
    words = replace(words, title=N_("Certificate %(number)s of %(name)s is revoked"))
    found = await run(
        "SELECT t.person FROM course_trainer t JOIN certificate k ON k.course = t.course"
        " WHERE k.id = {}",
        certificate,
    )
    trainers = {one["person"] for one in found} - {by, person}
    await notify(await _with_account(list(trainers)), TAUGHT, certificate, "", words, link)


async def _with_account(people: Sequence[UUID]) -> list[UUID]:
    sql = "SELECT person FROM account WHERE person IN {}"
    return [one["person"] for one in await run(sql, among(people))]


async def _people_of(meeting: UUID) -> list[UUID]:
    """Whoever is enrolled in the course of a session, and who teaches it."""
    found = await run(
        "SELECT e.person FROM enrolment e JOIN training_session s ON s.course = e.course"
        " WHERE s.id = {} AND e.state = 'enrolled'"
        " UNION SELECT s.trainer FROM training_session s WHERE s.id = {} AND s.trainer IS NOT NULL",
        *(meeting, meeting),
    )
    return [one["person"] for one in found]


async def _trainers_of(course: UUID, meetings: Sequence[UUID]) -> list[UUID]:
    found = await run(
        "SELECT person FROM course_trainer WHERE course = {} UNION"
        " SELECT trainer FROM training_session WHERE id IN {} AND trainer IS NOT NULL",
        *(course, among(meetings)),
    )
    return [one["person"] for one in found]


async def _enrolments(course: UUID, people: Sequence[UUID]) -> list[dict[str, UUID]]:
    sql = "SELECT id, person FROM enrolment WHERE course = {} AND state = 'enrolled'"
    found = await run(sql, course)
    return [dict(one) for one in found if one["person"] in set(people)]
