"""The register of teams and their members as a kind of workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kit.i18n import N_, ngettext
from people.imports.kinds import Kind, offer
from teams.imports.columns import COLUMNS
from teams.imports.plans import plan_members
from teams.imports.writing import write_members


def say_effects(counts: Mapping[str, int]) -> str:
    """What an import of members does, in one sentence: "Thêm 215 người, lập 43 tổ, 10 xã"."""
    parts = [say(n) for key, say in _EFFECTS.items() if (n := counts.get(key, 0))]
    sentence = ", ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


_EFFECTS: dict[str, Callable[[int], str]] = {
    "people": lambda n: ngettext("add %(num)s person", "add %(num)s people", n),
    "known": lambda n: ngettext(
        "give %(num)s person of the register a team",
        "give %(num)s people of the register a team",
        n,
    ),
    "moves": lambda n: ngettext("move %(num)s person", "move %(num)s people", n),
    "changes": lambda n: ngettext("correct %(num)s person", "correct %(num)s people", n),
    "teams": lambda n: ngettext("found %(num)s team", "found %(num)s teams", n),
    "communes": lambda n: ngettext("enter %(num)s commune", "enter %(num)s communes", n),
    "hamlets": lambda n: ngettext("enter %(num)s hamlet", "enter %(num)s hamlets", n),
    "roots": lambda n: ngettext(
        "enter %(num)s area above them", "enter %(num)s areas above them", n
    ),
}

MEMBERS = offer(
    Kind(
        key="members",
        title=N_("Teams and their members"),
        columns=COLUMNS,
        plan=plan_members,
        write=write_members,
        effects=say_effects,
        rank=1,
        place=N_("Team"),
        home=("/teams", N_("See the teams")),
    )
)
