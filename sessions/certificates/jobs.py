"""Certificates: what the clock clears up."""

from __future__ import annotations

from kit.i18n import N_
from kit.scheduler import Job
from sessions.certificates.prints import purge_prints

PURGE_PRINTS = Job(
    name="purge prints",
    cron="25 3 * * *",
    work=purge_prints,
    title=N_("Clear out PDF files of certificates"),
)
