"""A process of its own that does what the clock does, for the tests that kill it.

`python -m tests.notices.clockwork INSTANT [hang]`: every reminder of the timetable that is due at
the instant, then the mail. With `hang` it stops in the middle of a job's transaction, after the
first telling, and says so, waiting to be killed.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from typing import Any

from app import TIMETABLE
from kit import clock
from kit.database import open_database
from kit.scheduler import run_job
from notices import reminders
from notices.commands import notify

NAMES = ("leaders' morning", "session tomorrow", "marks not taken", "deadline near")


async def stop_after_telling(*what: Any, **more: Any) -> int:
    """Tell, and then hang."""
    told = await notify(*what, **more)
    sys.stdout.write("in the middle\n")
    sys.stdout.flush()
    await asyncio.sleep(600)
    return told


async def main() -> None:
    """Run what the clock would."""
    if sys.argv[2:] == ["hang"]:
        setattr(reminders, "notify", stop_after_telling)  # noqa: B010  (no export of its own)
    await open_database()
    jobs = {job.name: job for job in TIMETABLE}
    with clock.frozen(datetime.fromisoformat(sys.argv[1])):
        for name in (*NAMES, "send deliveries"):
            await run_job(jobs[name])


if __name__ == "__main__":
    asyncio.run(main())
