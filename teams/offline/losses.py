"""What phones lost or gave up unsent, for whoever reviews the visits of their teams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from kit import clock
from kit.database import among, rows
from kit.i18n import N_
from kit.i18n import gettext as _
from kit.spells import as_of
from people.permissions import Who
from people.reach import visible_teams

LOOK_BACK = timedelta(days=30)
MOST = 20
WORDS = {
    "storage wiped": N_("The browser emptied its storage; what was not sent is lost."),
    "handed over by its author": N_("Sent back by the server and handed over; see that it is in."),
    "the one on the server kept, this one dropped by its author": N_(
        "Sent twice with other words; the author kept the first."
    ),
}
"""Reasons as phones tell them (static/js/phone) that somebody should look into."""


@dataclass(frozen=True)
class LossLine:
    """What a phone of somebody deleted unsent; `lost` is how many records at most."""

    id: UUID
    at: datetime
    reason: str
    lost: int
    person: str
    team: str

    @property
    def sentence(self) -> str:
        """Why, in words."""
        return _(WORDS[self.reason])


async def list_losses(who: Who, verb: str) -> list[LossLine]:
    """What was lost in the last thirty days on phones of the teams within reach, the latest
    first."""
    today = clock.today()
    return await rows(
        LossLine,
        "SELECT l.id, l.at, l.reason, l.lost, p.name AS person, t.name AS team FROM local_loss l"
        " JOIN person p ON p.id = l.person JOIN membership m ON m.person = l.person AND {}"
        " JOIN team t ON t.id = m.team WHERE l.received_at >= {} AND l.reason IN {} AND {}"
        " ORDER BY l.at DESC, l.id LIMIT {}",
        as_of("m", today, "joined_on", "left_on"),
        clock.now() - LOOK_BACK,
        among(list(WORDS)),
        visible_teams(who, today, verb),
        MOST,
    )
