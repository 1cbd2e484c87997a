"""What a human does with mail that was given up: send it again, or let it go."""

from __future__ import annotations

from uuid import UUID

from kit import clock
from kit.database import hold, run, transaction
from kit.errors import Refused
from kit.i18n import gettext as _
from notices.commands import hide_secret
from notices.deliveries.queries import DeliveryFound, find_delivery
from people.audit.commands import record
from people.permissions import Who


async def resend_delivery(by: Who, delivery: UUID) -> None:
    """Let dead mail go out again, at once and with all tries before it; twice is as once.

    Raises NotFound, Forbidden, Refused (409) for mail that was dropped."""
    async with transaction():
        await hold("delivery", [delivery])
        found = await find_delivery(by, delivery, "delivery.edit")
        if found.state == "dropped":
            raise Refused(_("This was dropped already, and stays so."), status=409)
        if found.state == "dead":
            await run(
                "UPDATE delivery SET state = 'waiting', attempts = 0, next_at = {}, dead_at = NULL,"
                " result = '' WHERE id = {}",
                *(clock.now(), delivery),
            )
            await _record(by, "delivery.resend", found)


async def drop_delivery(by: Who, delivery: UUID) -> None:
    """Let mail go that is dead or waits; twice is as once.

    Raises NotFound, Forbidden, Refused (409) for what is on its way or there."""
    async with transaction():
        await hold("delivery", [delivery])
        found = await find_delivery(by, delivery, "delivery.edit")
        if found.state in ("sent", "sending"):
            raise Refused(_("This has gone out already."), status=409)
        if found.state != "dropped":
            await run(
                "UPDATE delivery SET state = 'dropped', next_at = NULL, result = 'by_hand'"
                " WHERE id = {}",
                delivery,
            )
            await hide_secret(delivery)
            await _record(by, "delivery.drop", found)


async def _record(by: Who, action: str, found: DeliveryFound) -> None:
    path = by.first_path("delivery.edit")
    await record(by, action, found.person, found.name, path=path, before={"result": found.result})
