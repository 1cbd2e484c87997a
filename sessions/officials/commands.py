"""Officials: take one up, change the job or the office from a day on, end one."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from kit import clock
from kit.database import hold, new_id, refusing, run, transaction, value
from kit.errors import NotFound, Refused
from kit.forms import Day, Form, Line, Maybe, MaybeEmail, MaybePhone, Version
from kit.i18n import gettext as _
from kit.spells import as_of
from kit.text import fold, proper_name, sort_key
from people.audit.commands import changes, record
from people.permissions import Who
from people.reach import visible_areas, visible_persons
from people.tables import Person
from sessions.officials.queries import OfficialFound, find_official, list_likely, list_spells_of
from sessions.officials.tables import Official

Category = Literal["cadre", "civil_servant", "public_employee", "part_time"]


class PostForm(Form):
    """Where an official works, as what, from which day on."""

    office: UUID
    category: Category
    job: Line = Field(default="", max_length=160)
    since: Day


class AppointForm(PostForm):
    """A new official: somebody of the register (`person`), else a name. `really_new` says that the
    likely persons shown are others."""

    person: Annotated[UUID | None, Maybe] = None
    name: Line = Field(default="", max_length=80)
    born_year: Annotated[int | None, Maybe] = Field(default=None, ge=1900, le=2100)
    phone: MaybePhone = None
    email: MaybeEmail = None
    really_new: bool = False


async def appoint_official(by: Who, form: AppointForm) -> UUID:
    """Take up an official; whoever works elsewhere leaves that office on the day.

    Raises Refused for an office beyond reach or a day before the last change, and (409, details:
    the likely persons) while somebody of the register may be the same; NotFound for a person
    beyond reach.
    """
    async with transaction():
        path, office = await _office(by, form.office)
        _refuse_ahead(form.since)
        person = form.person or await _new_person(by, form)
        await _refuse_hidden(by, person, form)
        await hold("person", [person])
        official = await take_up(person, form)
        name = await value("SELECT name FROM person WHERE id = {}", person)
        after = {"office": office, **form.model_dump(include={"category", "job", "since"})}
        await record(by, "official.appoint", person, name, path=path, after=after)
    return official


async def _office(by: Who, office: UUID) -> tuple[str, str]:
    """Where an office of today lies, and its name. Raises Refused beyond reach."""
    today = clock.today()
    found = await run(
        "SELECT a.path, o.name FROM office_spell o JOIN area_spell a ON a.area = o.area"
        " WHERE o.office = {} AND {} AND {} AND {}",
        *(office, as_of("o", today), as_of("a", today), visible_areas(by, "official.edit")),
    )
    if not found:
        raise Refused(fields={"office": _("Choose an office from the list.")})
    return found[0]["path"], found[0]["name"]


def _refuse_ahead(day: date) -> None:
    if day > clock.today():
        raise Refused(fields={"since": _("Choose today or a day before.")})


async def _refuse_hidden(by: Who, person: UUID, form: AppointForm) -> None:
    """Raise NotFound for somebody of the register who is beyond reach."""
    sql = "SELECT p.id FROM person p WHERE p.id = {} AND p.merged_into IS NULL AND {}"
    seen = visible_persons(by, clock.today(), "person.read")
    if form.person and await value(sql, person, seen) is None:
        raise NotFound


async def _new_person(by: Who, form: AppointForm) -> UUID:
    """Write down somebody new. Raises Refused without a name, or while duplicates are likely."""
    if len(form.name) < 2:
        raise Refused(fields={"name": _("Fill this in.")})
    if not form.really_new:
        reach = visible_persons(by, clock.today(), "person.read")
        likely = await list_likely(reach, form.name, form.born_year, form.phone)
        if likely:
            said = _("This person may be here already. Look at the list, then decide.")
            raise Refused(said, status=409, details=likely)
    facts = form.model_dump(include={"born_year", "phone", "email"})
    return await write_person(form.name, form.office, facts)


async def write_person(name: str, office: UUID, facts: dict[str, Any]) -> UUID:
    """A new person who works in an office, at home where the office is until somebody says more."""
    area = await value(
        "SELECT area FROM office_spell WHERE office = {} AND {}",
        *(office, as_of("office_spell", clock.today())),
    )
    name, person = proper_name(name), new_id()
    known: dict[str, Any] = dict.fromkeys(("sex", "born_on", "born_year", "phone", "email"))
    await Person.insert(
        Person(
            id=person,
            name=name,
            fold=fold(name),
            sort=sort_key(name),
            **{**known, **facts},
            organisation="",
            area=area,
            office=office,
            merged_into=None,
            made_at=clock.now(),
            version=1,
        )
    )
    return person


async def take_up(person: UUID, form: PostForm) -> UUID:
    """Open a spell for a person who is held, ending the one before on its first day.

    Raises Refused when the person changed office later than that, or works there already.
    """
    spells = await list_spells_of(person)
    last = spells[0] if spells else None
    if last and last.until is None and last.office == form.office:
        said = _("This person works in this office already. Change that entry instead.")
        raise Refused(fields={"office": said}, status=409)
    if last:
        _refuse_earlier(form.since, last.until or last.since)
        if last.until is None:
            await _set(last, {"until": form.since})
    return await _open(person, form)


def _refuse_earlier(day: date, last: date) -> None:
    if day < last:
        sentence = _("The latest change holds from %(day)s. Choose that day or a later one.")
        raise Refused(fields={"since": sentence % {"day": last.strftime("%d/%m/%Y")}})


async def _open(person: UUID, form: PostForm) -> UUID:
    official = new_id()
    with refusing({"official": _("Somebody else changed this official meanwhile.")}):
        await Official.insert(
            Official(
                id=official,
                person=person,
                **form.model_dump(include={"office", "category", "job", "since"}),
                until=None,
                version=1,
            )
        )
    await _belongs(person, form.office)
    return official


async def _belongs(person: UUID, office: UUID | None) -> None:
    """Note on the person in which office he or she works now: reach looks there."""
    await run(
        "UPDATE person SET office = {}, version = version + 1"
        " WHERE id = {} AND office IS DISTINCT FROM {}",
        *(office, person, office),
    )


async def _set(now: OfficialFound, values: dict[str, Any]) -> None:
    """Change a spell. Raises Refused (409) when it is not as it was read."""
    sets = ", ".join(f"{column} = {{}}" for column in values)
    done = await run(
        f"UPDATE official SET {sets}, version = version + 1 WHERE id = {{}} AND version = {{}}"
        " RETURNING id",
        *(*values.values(), now.id, now.version),
    )
    if not done:
        raise Refused(_("Somebody else changed this official meanwhile."), status=409)


class ChangeOfficialForm(PostForm):
    """From `since` on the official has this office, category and job. `version` is the one
    shown."""

    version: Version


async def change_official(by: Who, official_id: UUID, form: ChangeOfficialForm) -> None:
    """Change an official from a day on; on the first day of the spell, correct it.

    Raises Refused (409, details: their values) if another was faster, and for a day before the
    latest change.
    """
    async with transaction():
        now = await find_official(by, official_id, "official.edit")
        new = form.model_dump(include={"office", "category", "job"})
        before, after = changes(now.__dict__, new)
        if not after:
            return
        path, office = await _office(by, form.office)
        _refuse_stale(now, form.version)
        _refuse_ahead(form.since)
        _refuse_earlier(form.since, now.since)
        await hold("person", [now.person])
        if form.since == now.since:
            await _set(now, new)
            await _belongs(now.person, form.office)
        else:
            await _set(now, {"until": form.since})
            await _open(now.person, form)
        told = {"office": office} if "office" in after else {}
        before |= {"office": now.office_name} if told else {}
        after |= {**told, "since": form.since}
        await record(
            by, "official.change", now.person, now.name, path=path, before=before, after=after
        )


def _refuse_stale(now: OfficialFound, version: int) -> None:
    if now.version != version:
        said = _(
            "Somebody else changed this official meanwhile. Look at their values, then save again."
        )
        raise Refused(said, status=409, details=now)
    if now.until:
        raise Refused(_("This official has left the office."), status=409, details=now)


class EndOfficialForm(Form):
    """The first day without the official."""

    on: Day
    version: Version


async def end_official(by: Who, official_id: UUID, form: EndOfficialForm) -> None:
    """End somebody's work in an office; the person stays on record. Twice is the same as once."""
    async with transaction():
        now = await find_official(by, official_id, "official.edit")
        if now.until == form.on:
            return
        _refuse_stale(now, form.version)
        if form.on < now.since:
            first = now.since.strftime("%d/%m/%Y")
            raise Refused(fields={"on": _("He or she has been there since %(day)s.", day=first)})
        if form.on > clock.today():
            raise Refused(fields={"on": _("Choose today or a day before.")})
        await hold("person", [now.person])
        await _set(now, {"until": form.on})
        await _belongs(now.person, None)
        after = {"office": now.office_name, "until": form.on}
        await record(by, "official.end", now.person, now.name, path=now.path, after=after)
