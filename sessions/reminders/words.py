"""What reminders of training say, to whom, and until when they help."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from kit import clock
from kit.i18n import N_
from notices.commands import Link, Secret, open_path
from notices.kinds import offer_kind
from notices.reminders import Reminder
from notices.words import Value, Words
from sessions.reminders.queries import (
    NEAR,
    Closable,
    Closing,
    Planned,
    Unanswered,
)
from sessions.words import MAILED, clock_of

COMES = offer_kind("session.tomorrow", N_("A training session is tomorrow")).key
UNTAKEN = offer_kind("session.untaken", N_("Attendance was not taken")).key
DEADLINE = offer_kind("course.deadline", N_("The deadline of a course is near")).key
WAITED_FOR = offer_kind("nomination.deadline", N_("My office can still name people")).key
SILENT = offer_kind("nomination.silent", N_("An office has not named its people yet")).key
CLOSABLE = offer_kind("course.closable", N_("A course can be closed")).key
DAY = timedelta(days=1)
FEW = 5
"""How many offices a notice names."""


def comes_tomorrow(one: Planned, trainers: Collection[UUID]) -> Reminder:
    """That a session comes, told to who teaches it until it begins; once for each day it is moved
    to."""
    where = N_("The session is on %(day)s, %(hours)s, in %(venue)s.")
    nowhere = N_("The session is on %(day)s, %(hours)s.")
    return _comes(one, trainers, where if one.venue else nowhere, f"/sessions/{one.id}")


def comes_to_trainees(
    one: Planned, codes: Mapping[UUID, str], trainers: Collection[UUID]
) -> Reminder:
    """The same, told to who takes part, with the way to each one's own code. The code alone marks
    nobody: a trainer scans it."""
    where = N_(
        "The session is on %(day)s, %(hours)s, in %(venue)s. At the door, open this notice and show"
        " your code to the trainer."
    )
    nowhere = N_(
        "The session is on %(day)s, %(hours)s. At the door, open this notice and show your code to"
        " the trainer."
    )
    links = {who: open_path(f"/c/me/{code}") for who, code in codes.items() if who not in trainers}
    return _comes(one, links, where if one.venue else nowhere, links)


def _comes(one: Planned, people: Collection[UUID], body: str, link: Link) -> Reminder:
    hours = f"{clock_of(one.starts)}–{clock_of(one.ends)}"
    values: dict[str, Value] = {"title": one.title, "day": one.day}
    values |= {"hours": hours, "venue": one.venue}
    words = Words(N_("Training soon: %(title)s"), body, values)
    slot, who = one.day.isoformat(), sorted(people)
    return Reminder(COMES, one.id, slot, who, words, link, one.starts_at)


def asked_after(one: Planned, when: str, people: Collection[UUID], until: datetime) -> Reminder:
    """That marks are lacking, while they may still be taken; `when` tells the two askings apart."""
    words = Words(
        N_("Attendance not taken: %(title)s"),
        N_("Session of %(day)s: %(count)s people have no mark yet."),
        {"title": one.title, "day": one.day, "count": one.untaken},
    )
    slot, link = f"{one.day.isoformat()} {when}", f"/sessions/{one.id}/attendance"
    return Reminder(UNTAKEN, one.id, slot, sorted(people), words, link, until)


def closes_soon(one: Closing, people: Collection[UUID]) -> Reminder:
    """That offices have little time left, until the deadline is over."""
    body = N_("%(taken)s of %(seats)s seats are taken; every office has named its people.")
    if one.lacking:
        body = N_(
            "%(taken)s of %(seats)s seats are taken; %(lacking)s offices have places they did not"
            " use yet."
        )
    values: dict[str, Value] = {"title": one.title, "day": one.deadline, "taken": one.taken}
    values |= {"seats": one.seats, "lacking": one.lacking}
    words = Words(N_("Deadline on %(day)s: %(title)s"), body, values)
    until, slot = clock.midnight(one.deadline) + DAY, one.deadline.isoformat()
    return Reminder(DEADLINE, one.id, slot, sorted(people), words, f"/courses/{one.id}", until)


def office_is_waited_for(one: Unanswered, token: str) -> Reminder:
    """That an office may still name people, told to whoever was mailed its link, with a token."""
    words = Words(
        N_("Deadline on %(day)s: %(title)s"),
        N_("%(office)s can still name people until the end of that day."),
        {"title": one.title, "day": one.deadline, "office": one.office},
    )
    until, slot = clock.midnight(one.deadline) + DAY, one.deadline.isoformat()
    link = Secret(f"/n/{token}", MAILED)
    return Reminder(WAITED_FOR, one.id, slot, [one.person], words, link, until)


def offices_are_silent(one: Closing, offices: Sequence[str], people: Collection[UUID]) -> Reminder:
    """That offices whose links were passed on by hand are waited for, told to who made them."""
    body = N_("Not named yet: %(offices)s. You passed the links on yourself: call them in time.")
    if len(offices) > FEW:
        body = N_(
            "Not named yet: %(offices)s and %(more)s more. You passed the links on yourself: call"
            " them in time."
        )
    values: dict[str, Value] = {"title": one.title, "day": one.deadline}
    values |= {"offices": ", ".join(offices[:FEW]), "more": len(offices) - FEW}
    words = Words(N_("Offices to call by %(day)s: %(title)s"), body, values)
    until, slot = clock.midnight(one.deadline) + DAY, one.deadline.isoformat()
    link = f"/courses/{one.id}/nominations"
    return Reminder(SILENT, one.id, slot, sorted(people), words, link, until)


def can_be_closed(one: Closable, people: Collection[UUID]) -> Reminder:
    """That a course may be closed; once for each last day."""
    words = Words(
        N_("Can be closed: %(title)s"),
        N_("Every session is over and marked; the last was on %(day)s. Look at it, then close it."),
        {"title": one.title, "day": one.last},
    )
    until, link = clock.now() + NEAR, f"/courses/{one.id}/state"
    return Reminder(CLOSABLE, one.id, one.last.isoformat(), sorted(people), words, link, until)
