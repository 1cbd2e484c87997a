"""The night's recount of visits, and the same for the doctor: a difference is told."""

from __future__ import annotations

import logging

from kit.doctor import Bad, Check
from kit.i18n import N_
from kit.scheduler import Job
from teams.visits.totals import count_wrong_last_met, count_wrong_totals

log = logging.getLogger("toso.visits")


async def recount() -> str:
    """Hold the roll-up and the days of the last meeting against the visits; what was found."""
    wrong = {"totals": await count_wrong_totals(), "last meetings": await count_wrong_last_met()}
    if any(wrong.values()):
        log.error("recount", extra={"error": str(wrong)})
    return ", ".join(f"{what} wrong {count}" for what, count in wrong.items())


async def totals_agree() -> str:
    """Whether what is counted on the way is what the visits say. Raises Bad."""
    totals, days = await count_wrong_totals(), await count_wrong_last_met()
    if totals or days:
        raise Bad(
            f"{totals} totals and {days} days of the last meeting differ from the visits. Keep a"
            " backup and report it: the visits are right, the figures are not."
        )
    return "totals and last meetings are what the visits say"


RECOUNT = Job(
    name="recount",
    cron="40 2 * * *",
    work=recount,
    title=N_("Recount the visits and compare the figures"),
)
CHECKS = [Check("visits", totals_agree)]
