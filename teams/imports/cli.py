"""`toso import members` and `toso import households`."""

from __future__ import annotations

from people.imports.cli import offer_command, root_option
from teams.imports.households import HOUSEHOLDS
from teams.imports.members import MEMBERS

members = offer_command(
    MEMBERS,
    "Import teams and their members from FILE. Rows in doubt are left out.",
    "The day on which people who moved change their team. Default: today.",
    root_option(),
)
households = offer_command(
    HOUSEHOLDS,
    "Import households from FILE. Rows in doubt, or of an unknown hamlet, are left out.",
    "The day of which the list speaks. Default: today.",
)
