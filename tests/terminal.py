"""The `toso` sub-commands at this test's database."""

from __future__ import annotations

import asyncio

import click
from click.testing import CliRunner, Result

from kit.database import close_database, open_database


async def typed(command: click.Command, *words: str, answers: str = "") -> Result:
    """What a command prints when typed, its prompts answered line by line."""
    await close_database()
    try:
        return await asyncio.to_thread(CliRunner().invoke, command, list(words), answers)
    finally:
        await open_database()
