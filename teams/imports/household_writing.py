"""The writer of households: new rows and corrections, each noted for the undoing."""

from __future__ import annotations

import asyncio

from kit.database import refusing, run
from kit.errors import Refused
from kit.i18n import gettext as _
from people.batches.commands import Recorder
from people.imports.kinds import Plan, Tick
from people.imports.work import Update, write_new
from people.permissions import Who
from teams.households.tables import Household
from teams.imports.household_plans import HouseholdWork


async def write_households(_by: Who, plan: Plan, batch: Recorder, tick: Tick) -> None:
    """Write what was planned, within the caller's transaction; the file's name is the source.

    Raises Refused (409) when the households changed meanwhile in a way that clashes.
    """
    work: HouseholdWork = plan.work
    clash = _("The register was changed meanwhile. Start the import again.")
    with refusing({"": clash}):
        new = [{**row, "source": batch.title} for row in work.new]
        await write_new(batch, Household, new, tick)
        for update in work.updates:
            await _update(batch, update, clash)
            await tick(1)


async def _update(batch: Recorder, update: Update, clash: str) -> None:
    after = {**update.after, "source": batch.title}
    sets = ", ".join(f"{column} = {{}}" for column in after)
    done = await run(
        f"UPDATE household SET {sets}, version = version + 1"
        " WHERE id = {} AND version = {} AND merged_into IS NULL RETURNING version",
        *(*after.values(), update.row, update.version),
    )
    if not done:
        raise Refused(clash, status=409)
    batch.changed(Household, update.row, update.before, int(done[0]["version"]))
    await asyncio.sleep(0)
