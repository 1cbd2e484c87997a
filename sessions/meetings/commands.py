"""Training sessions: schedule one or a series, move one, cancel one."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from kit import clock
from kit.database import (
    SQL,
    hold,
    insert_many,
    inserting,
    new_id,
    run,
    transaction,
    value,
)
from kit.errors import Refused
from kit.forms import Day, Form, Line, Maybe, Version
from kit.i18n import gettext as _
from kit.text import fold, sort_key_title
from people.audit.commands import changes, record
from people.permissions import Who
from sessions.attendance.figures import last_marks
from sessions.courses.commands import CancelForm, hold_course
from sessions.courses.queries import CourseFound, choices_trainers, list_trainers
from sessions.meetings.queries import MeetingFound, Slot, find_meeting, list_clashes
from sessions.meetings.turns import take_days
from sessions.tellings import Moved, tell_cancelled, tell_moved
from sessions.words import PERIOD, TimeOfDay, clock_of

WEEK = timedelta(days=7)


class MeetingForm(Form):
    """When and where a session is. `venue` is the name of a room, made when it is new; `periods`
    follow from the hours when not given. `anyway` saves in spite of clashes, for `clash_why`."""

    day: Day
    starts: TimeOfDay
    ends: TimeOfDay
    venue: Line = Field(default="", max_length=120)
    trainer: Annotated[UUID | None, Maybe] = None
    topic: Line = Field(default="", max_length=160)
    periods: Annotated[int | None, Maybe] = Field(default=None, ge=1, le=24)
    anyway: bool = False
    clash_why: Line = Field(default="", max_length=300)

    @property
    def length(self) -> int:
        """The length in periods: as given, else as many as fit between start and end."""
        return self.periods or min(24, max(1, (self.ends - self.starts) // PERIOD))


class ScheduleForm(MeetingForm):
    """One session, or `times` of them, one a week; on wish none on a holiday, but a week later."""

    times: int = Field(default=1, ge=1, le=52)
    skip_holidays: bool = False


async def schedule_sessions(by: Who, course_id: UUID, form: ScheduleForm) -> list[UUID]:
    """Schedule a session or a weekly series; the ids in order of time.

    Raises Refused (409, details: the clashes) unless the form says to save anyway, and why.
    """
    async with transaction():
        course = await hold_course(by, course_id, "course.edit")
        await _refuse_wrong(by, course, form)
        days = await _days(form)
        await take_days(days)
        venue = await _venue(course.area, form.venue, days[-1])
        slots = [Slot(day, form.starts, form.ends, venue, form.trainer) for day in days]
        why = await _refuse_clashes(by, course_id, slots, form)
        made = [await _insert(by, course_id, slot, form, why) for slot in slots]
        after = {"days": days, **_told(form), "clash_why": why}
        await record(by, "session.schedule", course_id, course.title, path=course.path, after=after)
    return made


async def _days(form: ScheduleForm) -> list[date]:
    """The days of a series; a holiday that is left out does not count."""
    days: list[date] = []
    day = form.day
    while len(days) < form.times:
        free = not form.skip_holidays or not await value(
            "SELECT day FROM holiday WHERE day = {}", day
        )
        if free:
            days.append(day)
        day += WEEK
    return days


async def _refuse_wrong(
    by: Who, course: CourseFound, form: MeetingForm, now: MeetingFound | None = None
) -> None:
    if form.ends <= form.starts:
        raise Refused(fields={"ends": _("The end must come after the start.")})
    known = {one.id for one in [*await choices_trainers(by), *await list_trainers(course.id)]}
    known |= {now.trainer} if now and now.trainer else set()
    if form.trainer and form.trainer not in known:
        raise Refused(fields={"trainer": _("Choose a trainer from the list.")})
    if now:
        await _refuse_taken(now, form.day)


async def _venue(area: UUID, name: str, day: date) -> UUID | None:
    """The venue of that name in the area, still used on a day, made when it is new; none for no
    name. Kept from others, so that it is not taken out of use meanwhile."""
    if not name:
        return None
    found = await _find_venue(area, name, day)
    if found is None:
        added = {"id": new_id(), "name": name, "fold": fold(name), "sort": sort_key_title(name)}
        added |= {"area": area, "address": "", "since": clock.today(), "version": 1}
        await run("{} ON CONFLICT DO NOTHING", inserting("venue", [added])[0])
        found = await _find_venue(area, name, day)
    await hold("venue", [found] if found else [])
    return found


async def _find_venue(area: UUID, name: str, day: date) -> UUID | None:
    found: UUID | None = await value(
        "SELECT v.id FROM venue v WHERE v.fold = {} AND v.area = {}"
        " AND (v.until IS NULL OR v.until > {}) ORDER BY v.since DESC LIMIT 1",
        *(fold(name), area, day),
    )
    return found


async def _refuse_clashes(
    by: Who, course: UUID, slots: Sequence[Slot], form: MeetingForm, own: UUID | None = None
) -> str:
    """Why it is saved in spite of clashes; empty without any. The turns of the days are taken, so
    nobody else changes what it may clash with. Raises Refused."""
    clashes = await list_clashes(by, course, slots, own)
    if not clashes:
        return ""
    if not form.anyway:
        said = _("This clashes with something else. Choose another time, or say why it is right.")
        raise Refused(said, status=409, details=clashes)
    if len(form.clash_why) < 3:
        fields = {"clash_why": _("Say why it is saved in spite of the clash.")}
        raise Refused(fields=fields, details=clashes)
    return form.clash_why


def _told(form: MeetingForm) -> dict[str, Any]:
    told = form.model_dump(include={"starts", "ends", "venue", "trainer", "topic"})
    return {**told, "periods": form.length}


async def _insert(by: Who, course: UUID, slot: Slot, form: MeetingForm, why: str) -> UUID:
    meeting = new_id()
    words = {"topic": form.topic, "moved_why": "", "cancelled_why": "", "clash_why": why}
    nothing = ("moved_at", "moved_by", "cancelled_at", "cancelled_by", "taken_at", "taken_by")
    record = {
        "id": meeting,
        "course": course,
        **slot.__dict__,
        **words,
        "periods": form.length,
        "sequence": 0,
        "secret": secrets.token_hex(20),
        "made_at": clock.now(),
        "made_by": by.person,
        "version": 1,
        **dict.fromkeys(nothing),
    }
    await insert_many("training_session", [record])
    return meeting


class MoveForm(MeetingForm):
    """The new time and place of a session, and why; `version` is the one shown."""

    reason: Line = Field(min_length=3, max_length=300)
    version: Version


async def move_session(by: Who, meeting_id: UUID, form: MoveForm) -> None:
    """Give a session another time, place, trainer or topic; calendars hear of it.

    Raises Refused (409) if another was faster, if it is cancelled, or for clashes (details); and
    for a day to come when it is marked already who came.
    """
    async with transaction():
        now = await find_meeting(by, meeting_id, "course.edit")
        course = await hold_course(by, now.course, "course.edit")
        now = await _as_shown(by, meeting_id, form.version)
        await _refuse_wrong(by, course, form, now)
        await take_days([form.day])
        venue = await _venue(course.area, form.venue, form.day)
        slot = Slot(form.day, form.starts, form.ends, venue, form.trainer)
        new = {**slot.__dict__, "topic": form.topic, "periods": form.length}
        before, after = changes(now.__dict__, new)
        if not after:
            return
        why = await _refuse_clashes(by, now.course, [slot], form, meeting_id)
        moved = {"moved_at": clock.now(), "moved_by": by.person, "moved_why": form.reason}
        moved |= {"taken_at": None, "taken_by": None} if clock.today() < form.day else {}
        await _set(meeting_id, {**new, **moved, "clash_why": why})
        if after.keys() - {"topic", "periods"}:
            moved_to = _moved(now, form, timed=bool(after.keys() & {"day", "starts", "ends"}))
            await tell_moved(meeting_id, now.sequence + 1, moved_to, now.trainer)
        before, after = _by_name(before, now.venue_name), _by_name(after, form.venue)
        after |= {"why": form.reason}
        title, path = now.title, now.path
        await record(by, "session.move", meeting_id, title, path=path, before=before, after=after)


async def _refuse_taken(now: MeetingFound, day: date) -> None:
    """Raise Refused for a day to come when it is marked who came: the ledger would say that people
    were where nobody has been yet. An excuse may be noted before, so it goes along."""
    if day <= max(now.day, clock.today()):
        return
    marks = last_marks(SQL("k.training_session = {}", now.id))
    sql = "SELECT count(*) FROM ({}) m WHERE m.state NOT IN ('excused', 'cleared')"
    if await value(sql, marks):
        said = _(
            "Attendance of this session is taken already, so it cannot move to a day to come."
            " Schedule another session, or take the marks back first."
        )
        raise Refused(fields={"day": said})


def _moved(now: MeetingFound, form: MoveForm, *, timed: bool) -> Moved:
    hours = f"{clock_of(form.starts)}–{clock_of(form.ends)}"
    return Moved(now.title, form.day, hours, form.venue, timed)


def _by_name(told: dict[str, Any], venue: str | None) -> dict[str, Any]:
    return {**told, "venue": venue} if "venue" in told else told


async def _as_shown(by: Who, meeting_id: UUID, version: int) -> MeetingFound:
    """A session that is not cancelled, as it was shown; its course is held. Nobody is marked in it
    until the transaction ends. Raises Refused."""
    await hold("training_session", [meeting_id], "NO KEY UPDATE")
    now = await find_meeting(by, meeting_id, "course.edit")
    if now.cancelled_at:
        raise Refused(_("This session is cancelled."), status=409, details=None)
    if now.version != version:
        said = _("Somebody else changed this session meanwhile. Look again, then decide.")
        raise Refused(said, status=409)
    return now


async def _set(meeting_id: UUID, values: dict[str, Any]) -> None:
    sets = ", ".join(f"{column} = {{}}" for column in values)
    await run(
        f"UPDATE training_session SET {sets}, sequence = sequence + 1, version = version + 1"
        " WHERE id = {}",
        *(*values.values(), meeting_id),
    )


async def cancel_session(by: Who, meeting_id: UUID, form: CancelForm) -> None:
    """Cancel a session, with a reason; it stays in calendars as cancelled. Twice is as once."""
    async with transaction():
        now = await find_meeting(by, meeting_id, "course.edit")
        if now.cancelled_at:
            return
        await hold_course(by, now.course, "course.edit")
        now = await _as_shown(by, meeting_id, form.version)
        ends = {"cancelled_at": clock.now(), "cancelled_by": by.person}
        await _set(meeting_id, {**ends, "cancelled_why": form.reason})
        await tell_cancelled(meeting_id, now.title, now.day, form.reason)
        after = {"day": now.day, "why": form.reason}
        await record(by, "session.cancel", meeting_id, now.title, path=now.path, after=after)
