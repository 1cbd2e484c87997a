"""The list of households as a kind of workbook: its columns and what an import says it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kit.i18n import N_, ngettext
from people.imports.kinds import Kind, offer
from teams.imports.household_columns import COLUMNS
from teams.imports.household_plans import plan_households
from teams.imports.household_writing import write_households


def say_effects(counts: Mapping[str, int]) -> str:
    """What an import of households does, in one sentence."""
    parts = [say(n) for key, say in _EFFECTS.items() if (n := counts.get(key, 0))]
    sentence = ", ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


_EFFECTS: dict[str, Callable[[int], str]] = {
    "households": lambda n: ngettext("add %(num)s household", "add %(num)s households", n),
    "corrected": lambda n: ngettext("correct %(num)s household", "correct %(num)s households", n),
}


HOUSEHOLDS = offer(
    Kind(
        key="households",
        title=N_("Households"),
        columns=COLUMNS,
        plan=plan_households,
        write=write_households,
        effects=say_effects,
        rank=2,
        place=N_("Area"),
        home=("/households", N_("See the households")),
    )
)
