"""Cards: make one for a live member; a new one ends the old."""

from __future__ import annotations

import base64
import secrets
from uuid import UUID

from kit import clock
from kit.database import hold, new_id, refusing, run, transaction
from kit.forms import Form
from kit.i18n import gettext as _
from people.audit.commands import record
from people.permissions import Who
from teams.cards.queries import CardHolder, find_holder
from teams.roster.queries import find_team
from teams.tables import MemberCard


class CardForm(Form):
    """`anew` asks for a new code, because the old card was lost."""

    anew: bool = False


async def make_card(by: Who, person_id: UUID, form: CardForm) -> str:
    """The code of a live member's card: the one that is there, or a new one.

    Raises NotFound for a person who is in no team, Forbidden beyond reach.
    """
    async with transaction():
        await hold("person", [person_id])
        holder = await find_holder(by, person_id)
        if holder.code and not form.anew:
            return holder.code
        code = _new_code()
        await _replace(by, holder, code)
        team = await find_team(by, holder.team)
        after = {"team": team.name, "anew": bool(holder.code)}
        await record(by, "member.card", person_id, holder.name, path=team.path, after=after)
    return code


async def _replace(by: Who, holder: CardHolder, code: str) -> None:
    """End the card there is, if any, and write down the new one."""
    now = clock.now()
    await run(
        "UPDATE member_card SET ended_at = {} WHERE person = {} AND team = {} AND ended_at IS NULL",
        *(now, holder.person, holder.team),
    )
    with refusing({"member_card": _("Somebody made this card just now. Look again.")}):
        await MemberCard.insert(
            MemberCard(
                id=new_id(),
                person=holder.person,
                team=holder.team,
                code=code,
                made_at=now,
                made_by=by.person,
                ended_at=None,
            )
        )


def _new_code() -> str:
    """Sixteen letters and digits that nobody guesses (80 bits)."""
    return base64.b32encode(secrets.token_bytes(10)).decode()
