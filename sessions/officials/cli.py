"""`toso import officials`."""

from __future__ import annotations

import click

from people.imports.cli import offer_command, root_option
from sessions.officials.workbook import OFFICIALS

officials = offer_command(
    OFFICIALS,
    "Import officials and their offices from FILE. Rows in doubt are left out.",
    "The day on which people who moved change their office. Default: today.",
    root_option(),
    click.Option(
        ["--enter-offices", "add_missing"],
        is_flag=True,
        help="Enter offices that are not in the register yet.",
    ),
)
