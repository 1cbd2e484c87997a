"""`toso import`: workbooks from the command line. Each room adds its own kinds to the group."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from kit.errors import Refused
from kit.forms import check
from kit.i18n import gettext as _
from kit.migrations import migrate
from kit.terminal import run_async
from people.imports.commands import (
    ConfirmForm,
    UploadForm,
    confirm_import,
    plan_import,
    upload_file,
)
from people.imports.kinds import STATE_NAMES, Kind, Plan, said
from people.imports.progress import Running
from people.imports.runs import apply_now
from people.permissions import MACHINE


@click.group("import")
def import_() -> None:
    """Import a list from a workbook (.xlsx)."""


def offer_command(kind: Kind, about: str, on: str, *options: click.Option) -> click.Command:
    """Put a kind into the group: `about` is its help, `on` says what the day means; further
    options go into the form of the upload under their names."""

    def import_one(
        file: Path, dry_run: bool, as_json: bool, on: datetime | None, **more: object
    ) -> None:
        chosen = {"kind": kind.key, "on": on.date() if on else None, **more}
        plan = run_async(_import(kind, file, chosen, dry_run=dry_run))
        click.echo(as_text_json(plan) if as_json else summary(kind, plan, dry_run=dry_run))

    params: list[Any] = [
        click.Argument(
            ["file"], type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True
        ),
        click.Option(
            ["--dry-run"], is_flag=True, help="Only say what would happen; write nothing."
        ),
        click.Option(
            ["--json", "as_json"], is_flag=True, help="Answer in JSON, every row with its reason."
        ),
        click.Option(["--on"], type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), help=on),
    ]
    command = click.Command(kind.key, callback=import_one, params=[*params, *options], help=about)
    import_.add_command(command)
    return command


def root_option() -> click.Option:
    """The option that names the area a list belongs to."""
    about = "The area the list belongs to, such as 'Huyện Tân Trụ'."
    return click.Option(["--root", "root_name"], default="", help=about)


async def _import(kind: Kind, file: Path, chosen: Mapping[str, object], *, dry_run: bool) -> Plan:
    await migrate()
    content = await asyncio.to_thread(file.read_bytes)
    try:
        form = check(UploadForm, chosen)
        plan = await plan_import(MACHINE, kind, content, form.options())
    except Refused as refused:
        raise Refused(refused.message or " ".join(refused.fields.values())) from None
    if dry_run or plan.changes_nothing:
        return plan
    upload = await upload_file(MACHINE, file.name, content, form)
    started = await confirm_import(MACHINE, upload, ConfirmForm())
    if started:
        fault = await apply_now(MACHINE, Running(upload, started))
        if fault:
            raise Refused(fault)
    return plan


def as_text_json(plan: Plan) -> str:
    """The counts by state, and every row with its state and reason."""
    rows = [{"row": r.number, "state": r.state, "reason": said(r.reason)} for r in plan.rows]
    return json.dumps({**plan.counts, "rows": rows}, ensure_ascii=False, indent=2)


def summary(kind: Kind, plan: Plan, *, dry_run: bool) -> str:
    """The counts, the sheet's own total, what was done, and the rows that need a look."""
    lines = [f"{_(STATE_NAMES[state])}: {plan.counts[state]}" for state in STATE_NAMES]
    lines += [
        _("%(what)s: %(said)s in the sheet's own total, %(read)s read.", what=_(n), said=s, read=r)
        for n, s, r in plan.totals
    ]
    done = kind.effects(plan.effects) or _("Nothing to change: everything is in the register.")
    lines.append(done)
    if dry_run:
        lines.append(_("A trial run: nothing was written."))
    lines += [f"{r.number}: {said(r.reason)}" for r in plan.rows if r.state in ("doubt", "wrong")]
    return "\n".join(lines)
