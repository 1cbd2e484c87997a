"""Check in: a trainee alone by the code of the wall, or a trainer by the trainee's own code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kit import clock
from kit.database import hold, new_id, transaction
from kit.errors import NotFound, Refused
from kit.forms import Form, Line, Maybe
from kit.i18n import gettext as _
from people.audit.commands import record
from people.permissions import Who
from people.sign_ins.waits import give_back, network_of, take_turn
from sessions.attendance.forms import MarkForm
from sessions.attendance.ledger import write_mark
from sessions.attendance.queries import find_held
from sessions.checkins.doors import Door, doors_showing, find_door, open_entry
from sessions.checkins.passes import DIGITS, make_receipt, wall_code
from sessions.checkins.queries import (
    CAME,
    LAST,
    Trainee,
    find_by_code,
    find_remembered,
    find_standing,
    last_digits,
    list_fitting,
)


class DigitsForm(Form):
    """The six digits of the wall, as somebody types them."""

    digits: Line = Field(default="", max_length=40)


async def use_digits(form: DigitsForm, address: str) -> str:
    """The code of the wall that shows six digits. Raises Refused for digits that no wall shows,
    and slows down who guesses."""
    digits = "".join(sign for sign in form.digits if sign.isascii() and sign.isdigit())
    if len(digits) != DIGITS:
        raise Refused(fields={"digits": _("Enter the six digits that the wall shows.")})
    keys = [f"digits:{network_of(address)}"]
    await take_turn(keys)
    doors = await doors_showing(digits, clock.now())
    if not doors:
        said = _("No session shows these digits now. Look at the wall again: they change.")
        raise Refused(fields={"digits": said})
    if len(doors) > 1:
        said = _("Two sessions show these digits just now. Wait for the next ones.")
        raise Refused(fields={"digits": said})
    await give_back(keys)
    return wall_code(doors[0].secret, doors[0].id, clock.now())


class CheckInForm(Form):
    """Who a trainee is: letters of the name and the end of the phone; or, by `enrolment`, one of
    several who fit, or whom the device remembers."""

    letters: Line = Field(default="", max_length=80)
    digits: Line = Field(default="", max_length=40)
    enrolment: Annotated[UUID | None, Maybe] = None


async def check_in(word: str, form: CheckInForm, address: str) -> str:
    """Check a trainee in with the ticket of an opened page; the receipt. Who is in already stays
    so, from the first time.

    Raises NotFound for a ticket that no longer holds; Refused when the door is shut, when nobody
    fits what was typed, and (409, details: the trainees) when several do.
    """
    entry = await open_entry(word)
    door, ticket = entry.door, entry.ticket
    if ticket is None:
        raise NotFound
    if shut := door.why_shut(ticket.opened_at):
        raise Refused(shut)
    keys = _keys(door, ticket.device, address)
    trainee = await _remembered(door, ticket.device, form)
    if trainee is None:
        await take_turn(keys)
        trainee = await _fitting(door, form)
        await give_back(keys)
    again = await _mark_alone(door, trainee, ticket.opened_at, ticket.device)
    return make_receipt(door.secret, door.id, trainee.enrolment, again=again)


def _keys(door: Door, device: str, address: str) -> list[str]:
    return [f"guest:{door.id} {device}", f"hall:{door.id} {network_of(address)}"]


async def _remembered(door: Door, device: str, form: CheckInForm) -> Trainee | None:
    """Whom the device remembers, if that is who asks, by one button and without typing."""
    if form.enrolment is None or form.letters or form.digits:
        return None
    found = await find_remembered(door, device)
    return found if found and found.enrolment == form.enrolment else None


async def _fitting(door: Door, form: CheckInForm) -> Trainee:
    fields = {}
    if not form.letters:
        fields["letters"] = _("Enter the first two letters of your name.")
    if not last_digits(form.digits):
        fields["digits"] = _("Enter the last %(num)s digits of your phone number.", num=LAST)
    if fields:
        raise Refused(fields=fields)
    found = await list_fitting(door, form.letters, form.digits)
    if not found:
        said = _("Nobody of this session fits. Check both, or ask the trainer to enter you.")
        raise Refused(said)
    chosen = [one for one in found if len(found) == 1 or one.enrolment == form.enrolment]
    if not chosen:
        raise Refused(_("Several people fit. Choose yourself."), status=409, details=found)
    return chosen[0]


async def _mark_alone(door: Door, trainee: Trainee, came_at: datetime, device: str) -> bool:
    """Mark a trainee who came at an instant; whether there was a mark already, which stays."""
    doer = Who(person=trainee.person, account=None, name=trainee.name)
    async with transaction():
        await hold("enrolment", [trainee.enrolment])
        if (await find_standing(door, trainee.person)).taken:
            return True
        mark = arrival(door, trainee.person, came_at)
        await write_mark(door, mark, by=None, via="qr", device=device)
        await _told(doer, "attendance.check_in", door, trainee, mark)
    return False


def arrival(door: Door, person: UUID, came_at: datetime) -> MarkForm:
    """The mark of somebody who comes at an instant: present, or late by the clock."""
    if (late := door.lateness(came_at)) is None:
        return MarkForm(nonce=new_id(), person=person, state="present")
    return MarkForm(nonce=new_id(), person=person, state="late", minutes=late)


async def _told(by: Who, action: str, door: Door, trainee: Trainee, mark: MarkForm) -> None:
    """The line of the log, in the transaction of the mark."""
    after = {"person": trainee.name, "state": mark.state, "minutes": mark.minutes}
    after = {name: told for name, told in after.items() if told is not None}
    await record(by, action, door.id, door.title, path=door.path, after=after)


class ScanForm(Form):
    """A personal code: scanned, which gives its whole address, or typed."""

    code: Line = Field(default="", max_length=300)


@dataclass(frozen=True)
class Scanned:
    """Whose code was scanned, and whether that person was in already."""

    trainee: Trainee
    again: bool


async def scan_code(by: Who, meeting_id: UUID, form: ScanForm) -> Scanned:
    """Check the owner of a personal code in. Who is in already stays so, from the first time; who
    was marked absent before is there now.

    Raises NotFound, Forbidden; Refused when the door is shut, and for a code that nobody of the
    session has.
    """
    door = await find_door((await find_held(by, meeting_id)).id)
    if shut := door.why_shut_here(clock.now()):
        raise Refused(shut)
    try:
        trainee = await find_by_code(door, form.code)
    except NotFound:
        said = _("Nobody of this session has this code. Look the person up, or let them in.")
        raise Refused(fields={"code": said}) from None
    return Scanned(trainee, await _mark_by_code(by, door, trainee))


async def _mark_by_code(by: Who, door: Door, trainee: Trainee) -> bool:
    async with transaction():
        await hold("enrolment", [trainee.enrolment])
        if (await find_standing(door, trainee.person)).taken in CAME:
            return True
        mark = arrival(door, trainee.person, clock.now())
        await write_mark(door, mark, by=by.person, via="code")
        await _told(by, "attendance.scan", door, trainee, mark)
    return False
