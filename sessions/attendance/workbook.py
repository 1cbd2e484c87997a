"""The list of marks as a kind of workbook: its columns, what an import says it does, and how it
is written and taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from kit.errors import Refused
from kit.i18n import N_, ngettext
from kit.i18n import gettext as _
from people.batches.commands import UNVERSIONED, Recorder, undone_by
from people.imports.kinds import Kind, Plan, Tick, offer
from people.permissions import Who
from sessions.attendance.columns import COLUMNS
from sessions.attendance.ledger import Writing, write_lines
from sessions.attendance.plans import IMPORT, plan_marks
from sessions.attendance.tables import Mark
from sessions.attendance.undoing import take_back


def say_effects(counts: Mapping[str, int]) -> str:
    """What an import of marks does, in one sentence."""
    parts = [say(n) for key, say in _EFFECTS.items() if (n := counts.get(key, 0))]
    sentence = ", ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


_EFFECTS: dict[str, Callable[[int], str]] = {
    "marks": lambda n: ngettext("mark %(num)s trainee", "mark %(num)s trainees", n),
    "corrected": lambda n: ngettext("correct %(num)s mark", "correct %(num)s marks", n),
}


async def write_marks(_by: Who, plan: Plan, batch: Recorder, tick: Tick) -> None:
    """Write what was planned, within the caller's transaction. Raises Refused (409) when another
    wrote one of the marks meanwhile."""
    work: Sequence[Writing] = plan.work
    clash = _("Attendance was changed meanwhile. Start the import again.")
    for writing in work:
        new = await write_lines(writing.lines)
        if len(new) < len(writing.lines):
            raise Refused(clash, status=409)
        for line in writing.lines:
            batch.made(Mark, line["id"], UNVERSIONED)
        await tick(len(writing.lines))


undone_by(Mark, take_back)
MARKS = offer(
    Kind(
        key="marks",
        title=N_("Attendance of sessions"),
        columns=COLUMNS,
        plan=plan_marks,
        write=write_marks,
        effects=say_effects,
        rank=5,
        place=N_("Session"),
        home=("/courses", N_("See the courses")),
        verb=IMPORT,
        dated=False,
    )
)
