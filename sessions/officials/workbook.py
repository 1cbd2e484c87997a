"""The list of officials as a kind of workbook: its columns and what an import says it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kit.i18n import N_, ngettext
from people.imports.kinds import Kind, offer
from sessions.officials.columns import COLUMNS
from sessions.officials.plans import plan_officials
from sessions.officials.writing import write_officials


def say_effects(counts: Mapping[str, int]) -> str:
    """What an import of officials does, in one sentence."""
    parts = [say(n) for key, say in _EFFECTS.items() if (n := counts.get(key, 0))]
    sentence = ", ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


_EFFECTS: dict[str, Callable[[int], str]] = {
    "people": lambda n: ngettext("add %(num)s official", "add %(num)s officials", n),
    "known": lambda n: ngettext(
        "give %(num)s person of the register an office",
        "give %(num)s people of the register an office",
        n,
    ),
    "moves": lambda n: ngettext(
        "move %(num)s official to another office", "move %(num)s officials to another office", n
    ),
    "corrected": lambda n: ngettext("correct %(num)s official", "correct %(num)s officials", n),
    "offices": lambda n: ngettext("enter %(num)s office", "enter %(num)s offices", n),
}


OFFICIALS = offer(
    Kind(
        key="officials",
        title=N_("Officials and their offices"),
        columns=COLUMNS,
        plan=plan_officials,
        write=write_officials,
        effects=say_effects,
        missing=N_("Enter offices that are not in the register yet"),
        rank=3,
        place=N_("Office"),
        home=("/officials", N_("See the officials")),
    )
)
