"""The leader's morning: how many households are due, and nothing when there is none."""

from __future__ import annotations

from datetime import datetime, timedelta

from kit import clock
from kit.i18n import N_
from kit.scheduler import Job
from notices.kinds import offer_kind
from notices.reminders import Reminder, remind
from notices.words import Words
from teams.follow_ups.digest import Morning, list_mornings

MORNING = offer_kind("visit.morning", N_("Households to visit today, each morning")).key
USEFUL = timedelta(hours=10)
"""A morning's word that comes after office hours is one for the next morning."""


async def tell_leaders() -> str:
    """Tell each leader how many households are due, once a day; names stand behind the link."""
    seven = clock.midnight(clock.today()) + timedelta(hours=7)
    return await remind(_reminder(one, seven) for one in await list_mornings(clock.today()))


def _reminder(one: Morning, seven: datetime) -> Reminder:
    words = Words(
        N_("Households to visit today: %(all)s"),
        N_("Agreed for today: %(today)s. Overdue: %(late)s."),
        {"all": one.homes, "today": one.homes - one.late, "late": one.late},
    )
    link, slot = f"/follow-ups?show=due&team={one.team}", clock.today().isoformat()
    return Reminder(MORNING, "", slot, [one.person], words, link, seven + USEFUL)


DIGEST = Job(
    name="leaders' morning",
    cron="0 7 * * *",
    work=tell_leaders,
    title=N_("Tell leaders each morning whom to visit"),
    useful_for=USEFUL,
)
