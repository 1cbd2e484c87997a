"""Certificates: what the clock clears up, and what the doctor looks at."""

from __future__ import annotations

from kit.doctor import Bad, Check
from kit.i18n import N_
from kit.scheduler import Job
from sessions.certificates.prints import purge_prints
from sessions.certificates.queries import count_certificates, list_broken_years


async def register_is_whole() -> str:
    """Whether each year's numbers run from 1 on without a gap. Raises Bad."""
    broken = await list_broken_years()
    if broken:
        years = ", ".join(str(year) for year in broken)
        raise Bad(
            f"the numbers of {years} have a gap. Somebody changed the database by hand: take the"
            " certificates that are missing from a backup."
        )
    return f"{await count_certificates()} certificates, their numbers without a gap"


PURGE_PRINTS = Job(
    name="purge prints",
    cron="25 3 * * *",
    work=purge_prints,
    title=N_("Clear out PDF files of certificates"),
)
CHECKS = [Check("certificates", register_is_whole)]
