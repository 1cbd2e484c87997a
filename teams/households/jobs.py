"""The night's forgetting: names that nobody needs any more, and the same for the doctor."""

from __future__ import annotations

from datetime import date, timedelta

from kit import clock
from kit.doctor import Bad, Check
from kit.i18n import N_
from kit.scheduler import Job
from people.permissions import MACHINE
from places.settings.queries import find_body
from teams.households.forgetting import count_old, forget_old, months_before

PATIENCE = timedelta(days=7)
"""How long the doctor lets the nights work off what has piled up."""


async def _until() -> date:
    """The day before which the last contact lies too far back, by the setting."""
    return months_before(clock.today(), (await find_body()).retention_months)


async def forget() -> str:
    """Forget names and words whose time is over; what was done."""
    done = await forget_old(MACHINE, await _until())
    return f"people {done.people}, visits {done.visits}, households {done.households}"


async def nothing_is_overdue() -> str:
    """Whether names are forgotten in time. Raises Bad."""
    late = await count_old(await _until() - PATIENCE)
    if late:
        raise Bad(
            f"{late} households hold names whose time is over. See whether the job `forget` runs."
        )
    return "no names are kept longer than the setting says"


FORGET = Job(
    name="forget",
    cron="50 2 * * *",
    work=forget,
    title=N_("Remove names whose time is over"),
)
CHECKS = [Check("retention", nothing_is_overdue)]
