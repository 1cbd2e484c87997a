"""The office's side: name people of one's own by list, by hand or by pasted rows, and take a name
back; all of it by the link alone, until the deadline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from kit import clock
from kit.database import among, hold, run, transaction, value
from kit.errors import NotFound, Refused
from kit.forms import Form, Line, Maybe, MaybePhone
from kit.i18n import gettext as _
from kit.spells import within
from kit.text import fold
from people.audit.commands import record
from people.permissions import MACHINE, Who
from people.sign_ins.waits import give_back, network_of, take_turn
from sessions.courses.commands import hold_course
from sessions.enrolments.clashes import clashes_of
from sessions.enrolments.commands import WithdrawForm, join_line, take_off
from sessions.enrolments.queries import find_enrolment
from sessions.enrolments.warnings import Newcomer, beside_audience
from sessions.nominations.pasting import MOST, NamedRow, read_pasted
from sessions.nominations.queries import Colleague, LinkFound, find_link, list_colleagues
from sessions.officials.commands import PostForm, take_up, write_person
from sessions.words import first_lines

WHOLE = 2000
Category = Literal["cadre", "civil_servant", "public_employee", "part_time"]


class NameForm(Form):
    """People of the office, chosen from its list."""

    people: list[UUID] = Field(default_factory=list, max_length=MOST)


class NewcomerForm(Form):
    """Somebody of the office who may not be in its list yet."""

    name: Line = Field(min_length=2, max_length=80)
    phone: MaybePhone = None
    job: Line = Field(default="", max_length=160)
    category: Annotated[Category | None, Maybe] = None


class RowsForm(Form):
    """Rows pasted from a spreadsheet."""

    rows: str = Field(min_length=1, max_length=20_000)


class TakeBackForm(Form):
    """A name to take back."""

    enrolment: UUID


async def open_link(token: str, address: str) -> tuple[LinkFound, list[str]]:
    """The link of a token for an act from an address, and the keys to give back when it is done:
    what fails slows down who tries. Raises NotFound, Refused (429)."""
    keys = [f"naming:{network_of(address)}"]
    await take_turn(keys)
    return await find_link(token), keys


def doer_of(found: LinkFound) -> Who:
    """Whoever holds the link, as the log calls them."""
    name = _("%(office)s, by its link", office=found.link.office_name)
    return Who(person=None, account=None, name=name)


async def name_people(token: str, form: NameForm, address: str) -> tuple[int, int]:
    """Name people of the office's own list; how many got a seat and how many wait.

    Raises NotFound for a dead link, Refused for somebody else, beyond the audience of the course
    or the places of the office, or with another session at the same time.
    """
    _found, keys = await open_link(token, address)
    async with transaction():
        found = await _held(token)
        own = {one.id: one for one in await list_colleagues(found, limit=WHOLE)}
        if not form.people or not set(form.people) <= own.keys():
            raise Refused(fields={"people": _("Choose people of your office from the list.")})
        chosen = [own[person] for person in dict.fromkeys(form.people)]
        told = await _enrol(found, [_newcomer(one, found) for one in chosen], "people")
        await give_back(keys)
    return told


async def _held(token: str) -> LinkFound:
    """The link again, while its course is kept from others."""
    found = await find_link(token)
    await hold_course(MACHINE, found.course.id, "course.enrol")
    return await find_link(token)


def _newcomer(one: Colleague, found: LinkFound) -> Newcomer:
    return Newcomer(one.id, one.name, found.link.office, one.category, one.state)


async def _enrol(
    found: LinkFound, chosen: Sequence[Newcomer], field: str, doubts: Sequence[str] = ()
) -> tuple[int, int]:
    new = [one for one in chosen if one.state is None]
    if not new:
        return 0, 0
    _refuse_rules(found, new, field)
    if busy := await clashes_of(found.course.id, new, within("a.path", [found.course.path])):
        raise Refused(fields={field: "\n".join(busy)})
    course, by = found.course, doer_of(found)
    seated = await join_line(by, course.id, new, "link", "nominated")
    sql = "UPDATE nomination_link SET used_at = {} WHERE id = {}"
    await run(sql, clock.now(), found.link.id)
    after: dict[str, object] = {"people": [one.name for one in new], "seated": len(seated)}
    after |= {"doubts": list(doubts)} if doubts else {}
    await record(by, "nomination.name", course.id, course.title, path=course.path, after=after)
    return len(seated), len(new) - len(seated)


def _refuse_rules(found: LinkFound, new: Sequence[Newcomer], field: str) -> None:
    """The deadline is a rule of the link itself; these are the others."""
    if beside := beside_audience(found.course, new):
        raise Refused(fields={field: beside})
    if len(new) > found.left:
        said = _(
            "Your office has %(left)s places left, and this would be %(num)s people.",
            left=found.left,
            num=len(new),
        )
        raise Refused(fields={field: said})
    if len(new) > found.names_left:
        said = _(
            "Your office has given %(num)s names for this course, with those taken back. Ask"
            " whoever sent you this address to add the others.",
            num=found.link.named,
        )
        raise Refused(fields={field: said})


async def name_newcomer(token: str, form: NewcomerForm, address: str) -> tuple[int, int]:
    """Name one person by hand. Raises NotFound, Refused."""
    row = NamedRow(0, form.name, form.phone, form.job, form.category or "")
    return await _name_rows(token, [row], address, "name")


async def name_pasted(token: str, form: RowsForm, address: str) -> tuple[int, int]:
    """Name the people of pasted rows, all or none. Raises NotFound, Refused with a sentence for
    each line that cannot be understood."""
    pasted = read_pasted(form.rows)
    if len(pasted.rows) > MOST:
        raise Refused(fields={"rows": _("Paste at most %(num)s rows at once.", num=MOST)})
    if pasted.wrong or not pasted.rows:
        raise Refused(
            fields={"rows": first_lines(pasted.wrong or [_("No row with a name was found.")])}
        )
    return await _name_rows(token, pasted.rows, address, "rows")


async def _name_rows(
    token: str, rows: Sequence[NamedRow], address: str, field: str
) -> tuple[int, int]:
    _found, keys = await open_link(token, address)
    async with transaction():
        found = await _held(token)
        desk = _Desk(found, await list_colleagues(found, limit=WHOLE))
        new = [row for row in rows if not desk.knows(row)]
        if desk.wrong:
            raise Refused(fields={field: first_lines(desk.wrong)})
        _refuse_rules(found, desk.strangers(new), field)
        for row in new:
            await desk.write(row)
        told = await _enrol(found, desk.chosen, field, desk.doubts)
        await give_back(keys)
    return told


class _Desk:
    """Finds the person of each row: somebody of the office, of the register, or somebody new."""

    def __init__(self, found: LinkFound, own: Sequence[Colleague]) -> None:
        self._found = found
        self._own: dict[str, list[Colleague]] = defaultdict(list)
        for one in own:
            self._own[fold(one.name)].append(one)
        self._seen: set[object] = set()
        self.chosen: list[Newcomer] = []
        self.wrong: list[str] = []
        self.doubts: list[str] = []

    def knows(self, row: NamedRow) -> bool:
        """Whether a row is settled: somebody of the office's list, twice the same, or wrong."""
        own = self._own[fold(row.name)]
        if row.phone:
            own = [one for one in own if one.phone in (None, row.phone)]
        if len(own) > 1:
            self._refuse(row, _("several people of your office are called so. Add the phone."))
        elif own:
            if own[0].id not in self._seen:
                self._seen.add(own[0].id)
                self.chosen.append(_newcomer(own[0], self._found))
        else:
            return self._is_no_newcomer(row)
        return True

    def _is_no_newcomer(self, row: NamedRow) -> bool:
        """Whether a row that nobody of the office fits lacks something, or came before."""
        key = fold(row.name), row.phone
        if key in self._seen:
            return True
        self._seen.add(key)
        if row.phone is None:
            self._refuse(row, _("nobody of your office is called so. Add the phone."))
        elif not self._category(row):
            self._refuse(row, _("add whether it is a cadre, civil servant, public employee…"))
        return bool(self.wrong)

    def _refuse(self, row: NamedRow, why: str) -> None:
        where = _("Line %(num)s, %(name)s", num=row.number, name=row.name)
        self.wrong.append(f"{where if row.number else row.name}: {why}")

    def _category(self, row: NamedRow) -> str:
        """What somebody new is: as said, or what the course is for, if that is but one thing."""
        meant = self._found.course.categories
        return row.category or (meant[0] if len(meant) == 1 else "")

    def strangers(self, rows: Sequence[NamedRow]) -> list[Newcomer]:
        """Everybody who would be enrolled, those not written down yet among them."""
        office, state = self._found.link.office, None
        new = [
            Newcomer(self._found.link.id, row.name, office, self._category(row), state)
            for row in rows
        ]
        return [*(one for one in self.chosen if one.state is None), *new]

    async def write(self, row: NamedRow) -> None:
        """Find somebody of the register by name and phone, or write a new person down. An official
        of another office stays there; only the course notes who named this person."""
        office, category = self._found.link.office, self._category(row)
        person = await self._registered(row)
        if person is None:
            person = await write_person(row.name, office, {"phone": row.phone})
        await hold("person", [person])
        sql = "SELECT id FROM official WHERE person = {} AND until IS NULL"
        if await value(sql, person) is None:
            post = {"office": office, "category": category, "job": row.job}
            form = PostForm.model_validate({**post, "since": clock.today()})
            await take_up(person, form)
        self.chosen.append(await self._as_enrolled(row, person, category))

    async def _registered(self, row: NamedRow) -> UUID | None:
        """Who has this name and phone already. A phone under another name is noted for trainers."""
        sql = "SELECT id, fold FROM person WHERE phone = {} AND merged_into IS NULL ORDER BY id"
        twins = await run(sql, row.phone)
        same = [one["id"] for one in twins if one["fold"] == fold(row.name)]
        if twins and not same:
            self.doubts.append(row.name)
        return same[0] if same else None

    async def _as_enrolled(self, row: NamedRow, person: UUID, category: str) -> Newcomer:
        state = await value(
            "SELECT state FROM enrolment"
            " WHERE course = {} AND person = {} AND state <> 'withdrawn'",
            *(self._found.course.id, person),
        )
        one = Newcomer(person, row.name, self._found.link.office, category, None)
        return replace(one, state=state)


async def take_back(token: str, form: TakeBackForm, address: str) -> None:
    """Take a name back that the office's link has given; whoever waits moves up. Twice is once.

    Raises NotFound for a dead link, and for somebody whom the trainer enrolled.
    """
    _found, keys = await open_link(token, address)
    async with transaction():
        found = await _held(token)
        now, course = await find_enrolment(MACHINE, form.enrolment)
        mine = await run(
            "SELECT id FROM enrolment"
            " WHERE id = {} AND course = {} AND office = {} AND how = 'link'",
            *(form.enrolment, found.course.id, found.link.office),
        )
        if not mine:
            raise NotFound
        if now.state != "withdrawn":
            by = doer_of(found)
            why = WithdrawForm(reason=_("Taken back by the office."), version=now.version)
            moved = await take_off(by, course, now, why)
            after = {"person": now.name, "moved_up": await _names(moved)}
            title, path = course.title, course.path
            await record(by, "nomination.take_back", course.id, title, path=path, after=after)
        await give_back(keys)


async def _names(people: list[UUID]) -> list[str]:
    sql = "SELECT name FROM person WHERE id IN {} ORDER BY sort, id"
    return [one["name"] for one in await run(sql, among(people))]
