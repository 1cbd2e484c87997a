"""Follow-ups: agree one, note an attempt, give it to somebody, close it. The first one of a visit
is written with the visit itself."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from kit import clock
from kit.database import new_id, refusing, run, transaction
from kit.errors import Refused
from kit.forms import Day, Form, Maybe, Version
from kit.guard import SafeLine
from kit.i18n import gettext as _
from people.audit.commands import record
from people.permissions import Who
from teams.catalogues.queries import was_offered
from teams.follow_ups.queries import FollowUpFound, choices_assignees, find_follow_up
from teams.follow_ups.tables import FollowUp
from teams.visits.queries import find_visit

Reason = Literal["done", "not_needed", "moved", "other"]


class AddFollowUpForm(Form):
    """The day to come back, or by which somebody else has helped."""

    due_on: Day
    referral: Annotated[str | None, Maybe] = None


async def add_follow_up(by: Who, visit_id: UUID, form: AddFollowUpForm) -> UUID:
    """Agree a follow-up of a visit. Raises Refused for a day that is over, and where one is open
    already."""
    follow_up = new_id()
    async with transaction():
        visit = await find_visit(by, visit_id, "visit.log")
        if visit.withdrawn_at:
            raise Refused(_("The visit was withdrawn, so nothing follows from it."), status=409)
        _refuse_past(form.due_on)
        if form.referral and not await was_offered("referral", form.referral, clock.today()):
            raise Refused(fields={"referral": _("Choose one of the list.")})
        taken = _("A follow-up of this visit is open already. Close it first.")
        with refusing({"follow_up_visit": taken, "follow_up.visit": taken}):
            await FollowUp.insert(_new(follow_up, visit_id, visit.household, form))
        name = visit.code or visit.team_name
        await record(by, "follow_up.add", follow_up, name, path=visit.path, after=form.model_dump())
    return follow_up


def _new(follow_up: UUID, visit: UUID, household: UUID | None, form: AddFollowUpForm) -> FollowUp:
    return FollowUp(
        id=follow_up,
        visit=visit,
        household=household,
        **form.model_dump(),
        assignee=None,
        attempts=0,
        last_attempt_on=None,
        made_at=clock.now(),
        closed_at=None,
        closed_by=None,
        closed_why="",
        closed_visit=None,
        version=1,
    )


def _refuse_past(day: date) -> None:
    if day < clock.today():
        raise Refused(fields={"due_on": _("Choose today or a later day.")})


async def _open(by: Who, follow_up: UUID, version: int) -> FollowUpFound:
    """A follow-up to be changed, as it was shown. Raises Refused (409, details: it now)."""
    now = await find_follow_up(by, follow_up, "visit.log")
    if now.version != version:
        _refuse_stale(now)
    if now.closed_at:
        raise Refused(_("This follow-up is closed."), status=409, details=now)
    return now


def _refuse_stale(now: FollowUpFound) -> None:
    said = _("Somebody else changed this follow-up meanwhile. Look again, then decide.")
    raise Refused(said, status=409, details=now)


async def _set(now: FollowUpFound, values: dict[str, Any]) -> None:
    """Change a follow-up. Raises Refused (409) when it is not as it was read."""
    sets = ", ".join(f"{column} = {{}}" for column in values)
    done = await run(
        f"UPDATE follow_up SET {sets}, version = version + 1"
        " WHERE id = {} AND version = {} RETURNING id",
        *(*values.values(), now.id, now.version),
    )
    if not done:
        _refuse_stale(now)


def _name(now: FollowUpFound) -> str:
    """What the log calls it: the code of the household, never a name."""
    return now.code or now.team_name


class AttemptForm(Form):
    """The day of the next try, after one that came to nothing."""

    due_on: Day
    version: Version


async def note_attempt(by: Who, follow_up: UUID, form: AttemptForm) -> None:
    """Note that it was tried today in vain, and the day of the next try. Noted twice from one
    page it is one attempt."""
    async with transaction():
        now = await find_follow_up(by, follow_up, "visit.log")
        noted = (clock.today(), form.due_on, form.version + 1)
        if (now.noted_on, now.due_on, now.version) == noted:
            return
        now = await _open(by, follow_up, form.version)
        _refuse_past(form.due_on)
        after = {"attempts": now.attempts + 1, "due_on": form.due_on}
        noted_now = {"attempts": now.noted + 1, "last_attempt_on": clock.today()}
        await _set(now, {**noted_now, "due_on": form.due_on})
        before = {"attempts": now.attempts, "due_on": now.due_on}
        await record(
            by, "follow_up.attempt", now.id, _name(now), path=now.path, before=before, after=after
        )


class ReassignForm(Form):
    """Who sees to it from now on; empty for the leader of the team."""

    assignee: Annotated[UUID | None, Maybe] = None
    version: Version


async def reassign_follow_up(by: Who, follow_up: UUID, form: ReassignForm) -> None:
    """Give it to a member of the team that serves the household today. Twice is once."""
    async with transaction():
        now = await find_follow_up(by, follow_up, "visit.log")
        if now.assignee == form.assignee:
            return
        now = await _open(by, follow_up, form.version)
        names = {choice.id: choice.name for choice in await choices_assignees(now.team)}
        if form.assignee and form.assignee not in names:
            said = _("This person is not in the team. Choose one of the list.")
            raise Refused(fields={"assignee": said})
        await _set(now, {"assignee": form.assignee})
        before = {"assignee": now.assignee_name}
        after = {"assignee": names[form.assignee] if form.assignee else None}
        await record(
            by, "follow_up.reassign", now.id, _name(now), path=now.path, before=before, after=after
        )


class CloseForm(Form):
    """Why it ends; another reason is written out."""

    reason: Reason
    why: SafeLine = Field(default="", max_length=200)
    version: Version


async def close_follow_up(by: Who, follow_up: UUID, form: CloseForm) -> None:
    """Close it: done, no longer needed, moved away, or another reason. Twice is once."""
    if form.reason == "other" and not form.why:
        raise Refused(fields={"why": _("Write the reason.")})
    why = form.why if form.reason == "other" else form.reason
    async with transaction():
        now = await find_follow_up(by, follow_up, "visit.log")
        if now.closed_at and now.closed_why == why:
            return
        now = await _open(by, follow_up, form.version)
        await _set(now, {"closed_at": clock.now(), "closed_by": by.person, "closed_why": why})
        after = {"reason": why}
        await record(by, "follow_up.close", now.id, _name(now), path=now.path, after=after)
