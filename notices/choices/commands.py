"""To choose what one is told by mail, and to try whether it comes."""

from __future__ import annotations

from pydantic import Field

from kit import clock
from kit.database import among, run, transaction
from kit.errors import NotFound, Refused
from kit.forms import Form
from kit.i18n import N_
from kit.i18n import gettext as _
from notices.choices.queries import find_address, list_choices, mail_is_set_up
from notices.commands import notify
from notices.kinds import kind_title, offer_kind
from notices.words import Words
from people.audit.commands import record
from people.permissions import Who, must

TRIAL = offer_kind("notices.trial", N_("Trial message to oneself"), quiet=False)


class ChoicesForm(Form):
    """The kinds that are wanted by mail; those not named are not."""

    email: list[str] = Field(default_factory=list)


async def save_choices(by: Who, form: ChoicesForm) -> None:
    """Keep what one wants by mail; what waits and is no longer wanted is dropped."""
    must(by.person is not None and not by.read_only)
    async with transaction():
        lines = await list_choices(by)
        before = {one.kind.key: one.email for one in lines if one.email is not None}
        after = {key: key in form.email for key in before}
        changed = [key for key in before if before[key] != after[key]]
        if not changed:
            return
        for key in changed:
            await _keep(by, key, wanted=after[key])
        await _drop_waiting(by, [key for key in changed if not after[key]])
        await record(
            by,
            "notice.choose",
            by.person,
            by.name,
            path=by.first_path("home.read"),
            before={"by_mail": [_(kind_title(key)) for key in changed if before[key]]},
            after={"by_mail": [_(kind_title(key)) for key in changed if after[key]]},
        )


async def _keep(by: Who, kind: str, *, wanted: bool) -> None:
    await run(
        "INSERT INTO notice_preference (person, kind, channel, wanted, changed_at)"
        " VALUES ({}, {}, 'email', {}, {}) ON CONFLICT (person, kind, channel)"
        " DO UPDATE SET wanted = excluded.wanted, changed_at = excluded.changed_at",
        *(by.person, kind, int(wanted), clock.now()),
    )


async def _drop_waiting(by: Who, kinds: list[str]) -> None:
    await run(
        "UPDATE delivery SET state = 'dropped', next_at = NULL, result = 'unwanted'"
        " WHERE state = 'waiting' AND channel = 'email' AND notice IN"
        " (SELECT n.id FROM notice n WHERE n.person = {} AND n.kind IN {})",
        *(by.person, among(kinds)),
    )


async def send_trial(by: Who) -> None:
    """Tell oneself something, to see whether mail comes; once a minute.

    Raises Refused where mail is not set up, one has no address, or does not want it."""
    if by.person is None:
        raise NotFound
    if not mail_is_set_up():
        raise Refused(_("Mail is not set up here. Ask the administrator."))
    if not await find_address(by):
        raise Refused(_("You have no e-mail address in the register. Ask your coordinator."))
    slot = clock.now().strftime("%Y-%m-%dT%H:%M")
    words = Words(N_("The trial message has come"), N_("Mail from here reaches you."))
    await notify([by.person], TRIAL.key, by.person, slot, words, "/me/notices")
