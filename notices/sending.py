"""The sweep that brings waiting mail out of the house.

A row is claimed before it is sent: one UPDATE gives it to one process, with a lease. The letter
goes out after that commit, and the result is written after the server's answer. So:

- two processes never send the same letter at the same time;
- a process killed before the server took the letter: the lease ends, another sends it, once;
- a process killed after the server took it and before the result was written: nobody can know, and
  it is sent again when the lease ends. SMTP has no way around this; both letters bear the same
  Message-ID, by which most mailboxes show them as one.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

from kit import clock, i18n
from kit.database import ON_SQLITE, SQL, among, new_id, rows, run, transaction
from kit.settings import settings
from notices.commands import hide_secret
from notices.hours import MOST_ATTEMPTS, QuietHours, find_quiet_hours, next_try
from notices.mail import Letter, MailServer, Undeliverable
from notices.words import say_words
from places.settings.queries import find_body

log = logging.getLogger("toso.notices")

CLAIMED = 10
LEASE = timedelta(minutes=10)
"""Longer than `CLAIMED` letters can take with a server that is slow to the last second."""
MOST_OF_A_SWEEP = 500


@dataclass(frozen=True)
class Claimed:
    """A letter to send, under the claim of this process."""

    id: UUID
    attempts: int
    quiet: int
    useful_until: datetime | None
    kind: str
    subject: str
    slot: str
    person: UUID
    words: str
    link: str
    veil: str
    name: str
    email: str
    language: str | None


async def send_deliveries() -> str:
    """Send what is due, oldest first; a line on what came of it. No mail server: nothing is due."""
    if not settings().smtp_url:
        return ""
    hours, tally = await find_quiet_hours(), Counter[str]()
    await _bury_lost()
    while tally.total() < MOST_OF_A_SWEEP:
        claim = new_id()
        letters = await claim_due(claim, hours)
        if not letters:
            break
        with MailServer() as server:
            for letter in letters:
                tally[await _send(server, letter, claim, hours)] += 1
            await asyncio.to_thread(server.close)
    return ", ".join(f"{word} {count}" for word, count in sorted(tally.items()))


async def claim_due(claim: UUID, hours: QuietHours) -> list[Claimed]:
    """Take a handful of rows that are due, or whose lease has ended, for this process alone."""
    now = clock.now()
    loud = SQL("d.quiet = 0") if hours.holds(now) else SQL("1 = 1")
    due = SQL(
        "SELECT d.id FROM delivery d WHERE ((d.state = 'waiting' AND d.next_at <= {})"
        " OR (d.state = 'sending' AND d.lease_until <= {})) AND {}"
        f" ORDER BY d.id LIMIT {{}} {'' if ON_SQLITE else 'FOR UPDATE SKIP LOCKED'}",
        *(now, now, loud, CLAIMED),
    )
    taken = await run(
        "UPDATE delivery SET state = 'sending', next_at = NULL, claim = {}, lease_until = {},"
        " attempts = attempts + 1, address = coalesce((SELECT p.email FROM notice n"
        " JOIN person p ON p.id = n.person WHERE n.id = delivery.notice), '')"
        " WHERE id IN ({}) RETURNING id",
        *(claim, now + LEASE, due),
    )
    return await _letters([row["id"] for row in taken])


async def _letters(ids: list[UUID]) -> list[Claimed]:
    if not ids:
        return []
    return await rows(
        Claimed,
        "SELECT d.id, d.attempts, d.quiet, d.useful_until, n.kind, n.subject, n.slot, n.person,"
        " n.words, n.link, n.veil, p.name, d.address AS email, c.language"
        " FROM delivery d JOIN notice n ON n.id = d.notice"
        " JOIN person p ON p.id = n.person LEFT JOIN account c ON c.person = p.id"
        " WHERE d.id IN {} ORDER BY d.id",
        among(ids),
    )


async def _bury_lost() -> None:
    """A row whose senders died as often as one may try is dead."""
    now = clock.now()
    await run(
        "UPDATE delivery SET state = 'dead', dead_at = {}, lease_until = NULL, result = 'lost'"
        " WHERE state = 'sending' AND lease_until <= {} AND attempts >= {}",
        *(now, now, MOST_ATTEMPTS),
    )


async def _send(server: MailServer, one: Claimed, claim: UUID, hours: QuietHours) -> str:
    """Send one letter and write down what came of it: sent, again, dead or dropped."""
    if why := _needless(one):
        return await _close(one, claim, "dropped", why)
    try:
        said = await asyncio.to_thread(server.send, await _letter(one), one.email)
    except Undeliverable as refused:
        return await _close(one, claim, "dead", str(refused))
    except OSError as failed:
        return await _again(one, claim, hours, f"{type(failed).__name__} {failed}"[:200])
    except Exception as fault:  # of this letter alone; the others of the claim go on
        log.exception("mail broke", extra={"delivery": str(one.id), "kind": one.kind})
        return await _again(one, claim, hours, f"fault {type(fault).__name__}")
    return await _close(one, claim, "sent", said)


def _needless(one: Claimed) -> str:
    """Why a letter is not sent at all; "" if it is."""
    if not one.email:
        return "no_address"
    if one.useful_until and one.useful_until <= clock.now():
        log.warning("mail dropped", extra={"delivery": str(one.id), "kind": one.kind})
        return "too_late"
    return ""


async def _letter(one: Claimed) -> EmailMessage:
    """The letter in its reader's language. Raises Undeliverable."""
    body = await find_body()
    key = (one.kind, one.subject, str(one.person), one.slot)
    token = i18n.language.set(one.language or settings().language)
    try:
        said = say_words(one.words)
        signs_in = one.language is not None
        link = one.link if signs_in or one.veil else ""  # a secret address needs no account
        return Letter(one.name, one.email, said, link, key, body.name, signs_in).message()
    finally:
        i18n.language.reset(token)


async def _close(one: Claimed, claim: UUID, state: str, result: str) -> str:
    """Write the end of a row. That a letter went out is true even when the lease had ended; what
    is dead may go out again, and keeps its secret for that."""
    ours = SQL("1 = 1") if state == "sent" else SQL("claim = {}", claim)
    now = clock.now()
    async with transaction():
        done = await run(
            "UPDATE delivery SET state = {}, result = {}, next_at = NULL, lease_until = NULL,"
            " sent_at = {}, dead_at = {} WHERE id = {} AND {} RETURNING id",
            *(state, result, now if state == "sent" else None, now if state == "dead" else None),
            *(one.id, ours),
        )
        if done and one.veil and state != "dead":
            await hide_secret(one.id)
    return state


async def _again(one: Claimed, claim: UUID, hours: QuietHours, result: str) -> str:
    """Let the row wait for its next try, or give it up."""
    due: datetime | None = next_try(clock.now(), one.attempts, hours if one.quiet else None)
    log.warning("mail failed", extra={"delivery": str(one.id), "attempts": one.attempts})
    if due is None:
        return await _close(one, claim, "dead", result)
    await run(
        "UPDATE delivery SET state = 'waiting', next_at = {}, lease_until = NULL, result = {}"
        " WHERE id = {} AND claim = {} AND state = 'sending'",
        *(due, result, one.id, claim),
    )
    return "again"
