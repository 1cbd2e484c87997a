"""A process of its own that reminds everybody and sends mail, for the tests that kill it.

`python -m tests.notices.remind DAY [hang]`: the job of that day's 07:00, then one sweep. With
`hang` it stops in the middle of the job's transaction and says so, waiting to be killed.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime

from kit import clock
from kit.database import open_database, run
from kit.scheduler import Job, run_job
from notices.commands import notify
from notices.jobs import SEND
from notices.kinds import offer_kind
from notices.words import Words

KIND = offer_kind("test.reminder", "Settings")


async def remind() -> str:
    """Tell everybody who has an address; perhaps stop in the middle."""
    persons = [row["id"] for row in await run("SELECT id FROM person WHERE email IS NOT NULL")]
    day = clock.today().isoformat()
    told = await notify(persons, KIND.key, "everybody", day, Words("Settings"), "/")
    if sys.argv[2:] == ["hang"]:
        sys.stdout.write("in the middle\n")
        sys.stdout.flush()
        await asyncio.sleep(600)
    return f"notices {told}"


JOB = Job("remind", "0 7 * * *", remind)


async def main() -> None:
    """Run the job and the sweep as the clock would."""
    await open_database()
    with clock.frozen(datetime.fromisoformat(sys.argv[1])):
        await run_job(JOB)
        await run_job(SEND)


if __name__ == "__main__":
    asyncio.run(main())
