"""Two households that are one: merged, with both histories, and undone."""

from __future__ import annotations

from uuid import UUID

from kit.database import hold, once_more, run, transaction
from kit.errors import Refused
from kit.i18n import gettext as _
from people.audit.commands import record
from people.audit.undoing import Undo, offer_undo
from people.permissions import Who
from teams.households.forms import MergeForm
from teams.households.meetings import refresh_last_met
from teams.households.promises import settle_promises
from teams.households.queries import find_household


@once_more
async def merge_households(by: Who, keep: UUID, form: MergeForm) -> None:
    """Let one household stand for two. Visits, residents and follow-ups stay on their rows and are
    shown together under the one kept. Twice is the same as once.

    Raises Refused (409) when either was merged into yet another.
    """
    async with transaction():
        await hold("household", [keep, form.gone], "NO KEY UPDATE")
        kept = await find_household(by, keep, "household.merge")
        gone = await find_household(by, form.gone, "household.merge")
        if gone.merged_into == keep:
            return
        if keep == form.gone:
            raise Refused(fields={"gone": _("Choose another household than this one.")})
        if kept.merged_into or gone.merged_into:
            said = _("One of the two was merged meanwhile. Look again, then decide.")
            raise Refused(said, status=409)
        await run(
            "UPDATE household SET merged_into = {}, version = version + 1 WHERE id = {}",
            *(keep, form.gone),
        )
        latest = max((d for d in (kept.last_met_on, gone.last_met_on) if d), default=None)
        await run("UPDATE household SET last_met_on = {} WHERE id = {}", latest, keep)
        await settle_promises(keep)
        after = {"into": kept.head, "code": kept.code}
        await record(by, "household.merge", form.gone, gone.head, path=gone.path, after=after)


@once_more
async def undo_merge(by: Who, gone: UUID) -> None:
    """Let a merged household stand for itself again. Twice is the same as once.

    Raises Refused (409) when its code was given to another one meanwhile.
    """
    async with transaction():
        now = await find_household(by, gone, "household.merge")
        if now.merged_into is None:
            return
        kept = await find_household(by, now.merged_into, "household.merge")
        await hold("household", [kept.id, gone], "NO KEY UPDATE")
        await _refuse_code_taken(now.area, now.code)
        apart = await run(
            "UPDATE household SET merged_into = NULL, version = version + 1"
            " WHERE id = {} AND merged_into = {} RETURNING id",
            *(gone, kept.id),
        )
        if not apart:  # another was faster
            return
        await refresh_last_met(kept.id)
        await settle_promises(kept.id)
        await settle_promises(gone)
        before = {"into": kept.head, "code": kept.code}
        await record(by, "household.separate", gone, now.head, path=now.path, before=before)


offer_undo(
    "household.merge",
    Undo(
        "household.merge",
        "/households/{}/separation",
        "SELECT id FROM household WHERE merged_into IS NOT NULL AND id IN {}",
    ),
)


async def _refuse_code_taken(area: UUID, code: str) -> None:
    taken = await run(
        "SELECT id FROM household WHERE area = {} AND code = {} AND merged_into IS NULL",
        *(area, code),
    )
    if code and taken:
        said = _("Another household has the code of this one now. Change it there first.")
        raise Refused(said, status=409)
