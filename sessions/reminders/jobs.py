"""The clock's share of training: each quarter of an hour what is due, each morning what is near."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from kit import clock
from kit.i18n import N_
from kit.scheduler import Job, ran_before
from notices.reminders import Reminder, remind
from places.settings.queries import find_body
from sessions.nominations.commands import SENT, make_token
from sessions.reminders.queries import (
    Closing,
    Handed,
    codes_of,
    list_closable,
    list_closing,
    list_handed,
    list_keepers,
    list_planned,
    list_unanswered,
    nearest,
    trainers_of,
    trainers_of_courses,
)
from sessions.reminders.words import (
    WAITED_FOR,
    asked_after,
    can_be_closed,
    closes_soon,
    comes_to_trainees,
    comes_tomorrow,
    office_is_waited_for,
    offices_are_silent,
)

QUARTERS = "*/15 * * * *"
DAY = timedelta(days=1)
AFTERNOON, EVENING, MORNING = timedelta(hours=16), timedelta(hours=18), timedelta(hours=7.5)
"""From when on the day before, on the day itself, and on the day after somebody is told."""
BREATH = timedelta(minutes=30)
"""How long after its end a late session is asked after."""


async def _since(name: str) -> datetime:
    """The last time a job looked: what has become useless since then is told in the log."""
    return min(await ran_before(name) or clock.now(), clock.now())


async def remind_of_tomorrow() -> str:
    """Tell trainees and trainers of each session from the afternoon before it until it begins."""
    now, since = clock.now(), await _since(TOMORROW.name)
    found = await list_planned(clock.local_day(since), clock.today() + DAY)
    due = [one for one in found if clock.midnight(one.day) - DAY + AFTERNOON <= now]
    due = [one for one in due if one.starts_at > since]
    codes, trainers = await codes_of(due), await trainers_of(due)
    told: list[Reminder] = []
    for one in due:
        teaching = set(trainers.get(one.id, []))
        told.append(comes_tomorrow(one, teaching))
        told.append(comes_to_trainees(one, codes.get(one.id, {}), teaching))
    return await remind(told)


async def ask_after_marks() -> str:
    """Tell the trainer in the evening, and the coordinator the morning after, of a session whose
    attendance is not taken whole; until it is locked."""
    now, since = clock.now(), await _since(UNTAKEN.name)
    open_for = max((await find_body()).lock_days + 1, 2) * DAY
    found = await list_planned(clock.local_day(since - open_for), clock.today())
    lacking = [one for one in found if one.untaken and clock.midnight(one.day) + open_for > since]
    trainers, keepers = await trainers_of(lacking), await list_keepers()
    told: list[Reminder] = []
    for one in lacking:
        midnight, people = clock.midnight(one.day), trainers.get(one.id, [])
        if max(midnight + EVENING, one.ends_at + BREATH) <= now:
            told.append(asked_after(one, "evening", people, midnight + open_for))
        if midnight + DAY + MORNING <= now:
            above = nearest(keepers, one.path)
            told.append(asked_after(one, "morning", above, midnight + open_for))
    return await remind(told)


async def remind_of_deadlines() -> str:
    """Tell the trainers of a course, or its coordinators, that its deadline is near; and of the
    offices still waited for those that were mailed a link, else who passed it on."""
    found = await list_closing(clock.today())
    trainers, keepers = await trainers_of_courses(c.id for c in found), await list_keepers()
    told = [closes_soon(one, trainers.get(one.id) or nearest(keepers, one.path)) for one in found]
    waited_for = await list_unanswered(found, SENT, WAITED_FOR)
    told += [office_is_waited_for(one, await make_token(one.id)) for one in waited_for]
    for one, maker, offices in _silent(found, await list_handed(found, SENT)):
        above = trainers.get(one.id) or nearest(keepers, one.path)
        told.append(offices_are_silent(one, offices, [maker] if maker else above))
    return await remind(told)


def _silent(
    courses: Iterable[Closing], handed: Iterable[Handed]
) -> Iterator[tuple[Closing, UUID | None, list[str]]]:
    """Of each course and each who made links: the offices that are waited for."""
    offices: dict[tuple[UUID, UUID | None], list[str]] = {}
    for one in handed:
        offices.setdefault((one.course, one.maker), []).append(one.office)
    known = {course.id: course for course in courses}
    for (course, maker), names in offices.items():
        yield known[course], maker, names


async def offer_closing() -> str:
    """Tell the trainers of a course, or its coordinators, that nothing keeps it open."""
    found = await list_closable(clock.today())
    trainers, keepers = await trainers_of_courses(c.id for c in found), await list_keepers()
    return await remind(
        can_be_closed(one, trainers.get(one.id) or nearest(keepers, one.path)) for one in found
    )


TOMORROW = Job(
    name="session tomorrow",
    cron=QUARTERS,
    work=remind_of_tomorrow,
    title=N_("Remind of tomorrow's training sessions"),
)
UNTAKEN = Job(
    name="marks not taken",
    cron=QUARTERS,
    work=ask_after_marks,
    title=N_("Ask after attendance that was not taken"),
)
DEADLINE = Job(
    name="deadline near",
    cron="0 8 * * *",
    work=remind_of_deadlines,
    title=N_("Remind of deadlines for naming people"),
    useful_for=timedelta(hours=12),
)
CLOSABLE = Job(
    name="course to close",
    cron="15 8 * * *",
    work=offer_closing,
    title=N_("Tell which courses can be closed"),
)
JOBS = [TOMORROW, UNTAKEN, DEADLINE, CLOSABLE]
