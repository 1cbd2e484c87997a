"""What went to whom by which way, to persons within reach."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from kit import clock
from kit.database import SQL, all_of, row, rows
from kit.errors import NotFound
from kit.forms import Form, Line, Maybe
from kit.i18n import N_
from kit.i18n import gettext as _
from kit.search import holds
from notices.kinds import kind_title
from notices.words import say_words
from people.permissions import Who, must
from people.reach import visible_persons

PAGE = 50
STATES = {
    "waiting": N_("Waiting"),
    "sending": N_("Being sent"),
    "sent": N_("Sent"),
    "dead": N_("Given up"),
    "dropped": N_("Dropped"),
}
TONES = {"waiting": "wait", "sending": "info", "sent": "ok", "dead": "bad", "dropped": ""}
RESULTS = {
    "250": N_("The mail server took it."),
    "lost": N_("The program ended in the middle, time and again."),
    "no_address": N_("The person has no e-mail address any more."),
    "address": N_("This is not an e-mail address."),
    "unwanted": N_("The person does not want this by mail."),
    "by_hand": N_("Dropped by hand."),
    "too_late": N_("It would have come too late to help."),
    "overtaken": N_("What it said no longer held, so it was not sent."),
    "ConnectionRefusedError": N_("The mail server does not answer."),
    "TimeoutError": N_("The mail server does not answer."),
    "gaierror": N_("The mail server cannot be found."),
    "SMTPAuthenticationError": N_("The mail server refused our sign-in."),
    "SMTPServerDisconnected": N_("The mail server hung up."),
}
_ANSWER = re.compile(r"(?:\w+ )?([45]\d\d .*)", re.DOTALL)


class DeliveryFilter(Form):
    """What the log is narrowed to, and the last line of the page before."""

    q: Line = ""
    state: str = ""
    channel: str = ""
    after: Annotated[UUID | None, Maybe] = None


@dataclass(frozen=True)
class DeliveryFound:
    """A notice on one way, and what became of it; `readable` is false for one in the app whose
    reader cannot sign in."""

    id: UUID
    person: UUID
    name: str
    kind: str
    words: str
    channel: str
    state: str
    attempts: int
    made_at: datetime
    next_at: datetime | None
    sent_at: datetime | None
    dead_at: datetime | None
    result: str
    readable: bool

    @property
    def title(self) -> str:
        """What it says in one line."""
        return say_words(self.words).title

    @property
    def kind_title(self) -> str:
        """The msgid of what its kind is called."""
        return kind_title(self.kind)

    @property
    def told(self) -> str:
        """The result in the reader's words; what a server answered as it answered."""
        known = RESULTS.get(self.result) or RESULTS.get(self.result.partition(" ")[0])
        if known and not (self.result[:1] in "45" and self.result[1:3].isdigit()):
            return _(known)
        answer = _ANSWER.fullmatch(self.result)
        if answer is None:
            return self.result
        return _("The mail server answered: %(answer)s", answer=answer[1])


_DELIVERY = """
SELECT d.id, n.person, p.name, n.kind, n.words, d.channel, d.state, d.attempts, n.made_at,
       d.next_at, d.sent_at, d.dead_at, d.result,
       (d.channel <> 'page' OR EXISTS (SELECT 1 FROM account x WHERE x.person = n.person
           AND x.locked_at IS NULL)) AS readable
FROM delivery d JOIN notice n ON n.id = d.notice JOIN person p ON p.id = n.person WHERE {}
"""


def visible_deliveries(who: Who, verb: str = "delivery.read") -> SQL:
    """The condition that a delivery went to a person within reach."""
    return visible_persons(who, clock.today(), verb)


async def find_delivery(who: Who, delivery: UUID, verb: str = "delivery.read") -> DeliveryFound:
    """A delivery to a person within reach. Raises NotFound; Forbidden without the verb there."""
    seen = all_of([visible_deliveries(who), SQL("d.id = {}", delivery)])
    found = await row(DeliveryFound, _DELIVERY, seen)
    if found is None:
        raise NotFound
    if verb != "delivery.read":
        may = all_of([visible_deliveries(who, verb), SQL("d.id = {}", delivery)])
        must(await row(DeliveryFound, _DELIVERY, may) is not None)
    return found


async def list_deliveries(
    who: Who, asked: DeliveryFilter, limit: int = PAGE
) -> tuple[list[DeliveryFound], UUID | None]:
    """Deliveries within reach, newest first, and the id to go on from if there are more."""
    conditions = [visible_deliveries(who)]
    if asked.q:
        conditions.append(holds("p.fold", asked.q))
    if asked.state in STATES:
        conditions.append(SQL("d.state = {}", asked.state))
    if asked.channel in ("page", "email"):
        conditions.append(SQL("d.channel = {}", asked.channel))
    if asked.after:
        conditions.append(SQL("d.id < {}", asked.after))
    found = await rows(
        DeliveryFound, _DELIVERY + " ORDER BY d.id DESC LIMIT {}", all_of(conditions), limit + 1
    )
    shown = found[:limit]
    return shown, shown[-1].id if len(found) > limit else None
