"""What one may mark in a session, and when a reason is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kit import clock
from kit.errors import Refused
from kit.i18n import gettext as _
from people.permissions import Who
from sessions.attendance.forms import MarkForm
from sessions.attendance.ledger import KEPT, Errors, Standing, wrong
from sessions.attendance.queries import HeldFound, locked_from

UNDO = timedelta(seconds=15)
"""How long a mark is taken back without a reason: ten seconds on the page, five on the way."""


@dataclass(frozen=True)
class Rules:
    """What one may mark in a session: by whom, from which day only a corrector. Who takes back
    marks has told why already, or need not."""

    by: Who
    held: HeldFound
    locked: date
    undoing: bool = False

    def judge(self, mark: MarkForm, now: Standing, line: dict[str, Any]) -> Errors:
        """What is wrong with a mark; nothing if it may be written."""
        if clock.today() >= self.locked:
            if not self.by.reaches("attendance.correct", self.held.path):
                said = _("Attendance of this session is locked. Ask your coordinator.")
                return wrong("", said)
            if not mark.reason and not self.undoing:
                return wrong("reason", _("This session is locked: say why it is corrected."))
        if self.held.ahead and mark.state not in ("excused", "cleared"):
            said = _("The session is still to come: only an excuse can be noted before its day.")
            return wrong("state", said)
        if not mark.reason and self._asks_reason(mark, now, line):
            return wrong("reason", _("Say why the mark is changed."))
        return []

    def _asks_reason(self, mark: MarkForm, now: Standing, line: dict[str, Any]) -> bool:
        """Whether a mark changes another so late that it must say why."""
        changes = now.taken is not None and now.is_before(line) and not now.says(line)
        if not changes or self.undoing or is_fresh(self.by, now):
            return False
        return mark.state == "cleared" or _tapped(mark) > self.held.day


def _tapped(mark: MarkForm) -> date:
    """The local day of a tap: its own, if a phone may well have kept it so long; never later than
    its arrival, however wrong the phone's clock is."""
    now, told = clock.now(), mark.marked_at
    kept = told is not None and now - told < KEPT
    return clock.local_day(min(told, now) if told is not None and kept else now)


async def rules_of(by: Who, held: HeldFound) -> Rules:
    """The rules for an asker in a session already found."""
    return Rules(by, held, await locked_from(held))


def refuse_cancelled(held: HeldFound) -> None:
    """Raise Refused (409) for a session that does not take place."""
    if held.cancelled_at:
        raise Refused(_("This session is cancelled."), status=409)


def is_fresh(by: Who, now: Standing) -> bool:
    """Whether the mark that holds is one's own and so new that it is undone without a reason."""
    mine = now.by is not None and now.by == by.person
    return mine and now.received_at is not None and clock.now() - now.received_at <= UNDO
