"""Settings of the body, with the value that holds where none was given."""

import hashlib
from dataclasses import dataclass

from kit import clock
from kit.database import run
from kit.i18n import N_

SETTINGS: dict[str, tuple[str, str]] = {
    "body.name": (N_("Name of the body"), "Ủy ban nhân dân"),
    "body.parent": (N_("Body above it"), ""),
    "hotline": (N_("Hotline"), ""),
    "paper.signing": (N_("Lines above the signature on papers"), ""),
    "paper.signer": (N_("Name of who signs papers"), ""),
    "label.commune": (N_("Word for a commune"), "xã"),
    "label.hamlet": (N_("Word for a hamlet"), "ấp"),
    "team.target_size": (N_("Usual number of members in a team"), "5"),
    "visit.due_days": (N_("Days until a household is due for the next visit"), "30"),
    "visit.edit_hours": (N_("Hours in which the author may change a visit"), "72"),
    "retention.months": (N_("Months after the last contact until names are removed"), "24"),
    "period.cutoff_day": (N_("Last day of a reporting month"), "14"),
    "attendance.missed_in_row": (
        N_("Sessions missed in a row until a trainee is to be reminded"),
        "2",
    ),
    "checkin.opens": (N_("Minutes before a session from which trainees check in"), "60"),
    "checkin.closes": (N_("Minutes after a session until which trainees check in"), "30"),
    "checkin.late_after": (N_("Minutes after the start that are not late"), "10"),
    "attendance.lock_days": (N_("Days after a session until its attendance is locked"), "7"),
    "notices.quiet_from": (N_("Quiet hours from"), "21:00"),
    "notices.quiet_until": (N_("Quiet hours until"), "06:30"),
    "demo": (N_("Demo with invented people"), ""),
}
FRESH_SECONDS = 5.0


@dataclass(frozen=True)
class Body:
    """Who runs this app, in the words of its own papers."""

    name: str
    parent: str
    hotline: str
    commune_label: str
    hamlet_label: str
    target_size: int
    demo: bool
    due_days: int = 30
    edit_hours: int = 72
    retention_months: int = 24
    cutoff_day: int = 14
    checkin_opens: int = 60
    checkin_closes: int = 30
    late_after: int = 10
    lock_days: int = 7
    missed_in_row: int = 2
    signing: str = ""
    signer: str = ""

    @property
    def named(self) -> bool:
        """Whether somebody has given the body its name."""
        return self.name != SETTINGS["body.name"][1]


class _Kept:
    """Settings are on every page: read once in a few seconds."""

    body: Body | None = None
    until: float = 0.0


def forget_settings() -> None:
    """Read the settings afresh next time."""
    _Kept.body = None


async def read_settings() -> dict[str, str]:
    """Every setting, the built-in value where none was given."""
    stored = {row["key"]: row["value"] for row in await run("SELECT key, value FROM setting")}
    return {key: stored.get(key, usual) for key, (_, usual) in SETTINGS.items()}


async def settings_stamp() -> str:
    """A word that is another one after each change of a setting."""
    stored = await run("SELECT key, value FROM setting ORDER BY key")
    text = "\n".join(f"{row['key']}={row['value']}" for row in stored)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


async def find_body() -> Body:
    """The body's settings; another process's change shows within seconds."""
    instant = clock.now().timestamp()
    if _Kept.body is None or not _Kept.until - FRESH_SECONDS <= instant < _Kept.until:
        values = await read_settings()
        _Kept.until = instant + FRESH_SECONDS
        _Kept.body = Body(
            name=values["body.name"],
            parent=values["body.parent"],
            hotline=values["hotline"],
            commune_label=values["label.commune"],
            hamlet_label=values["label.hamlet"],
            target_size=int(values["team.target_size"]),
            demo=bool(values["demo"]),
            due_days=int(values["visit.due_days"]),
            edit_hours=int(values["visit.edit_hours"]),
            retention_months=int(values["retention.months"]),
            cutoff_day=int(values["period.cutoff_day"]),
            checkin_opens=int(values["checkin.opens"]),
            checkin_closes=int(values["checkin.closes"]),
            late_after=int(values["checkin.late_after"]),
            lock_days=int(values["attendance.lock_days"]),
            missed_in_row=int(values["attendance.missed_in_row"]),
            signing=values["paper.signing"],
            signer=values["paper.signer"],
        )
    return _Kept.body
