"""Persons: add one unless there already, edit one."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, field_validator

from kit import clock
from kit.database import new_id, run, transaction, value
from kit.errors import Forbidden, Refused
from kit.forms import Form, Line, Maybe, MaybeDay, MaybeEmail, MaybePhone, Version
from kit.i18n import gettext as _
from kit.spells import EVERYWHERE, as_of
from kit.text import fold, proper_name, sort_key
from people.audit.commands import changes, record
from people.permissions import Who
from people.persons.queries import find_person, list_twins
from people.reach import visible_areas
from people.tables import Person

OLDEST = 110


class PersonForm(Form):
    """A person. A birth day fills the birth year; a bare year will do."""

    name: Line = Field(min_length=2, max_length=80)
    sex: Annotated[Literal["female", "male"] | None, Maybe] = None
    born_on: MaybeDay = None
    born_year: Annotated[int | None, Maybe] = None
    phone: MaybePhone = None
    email: MaybeEmail = None
    organisation: Line = Field(default="", max_length=160)
    area: Annotated[UUID | None, Maybe] = None
    office: Annotated[UUID | None, Maybe] = None

    @field_validator("born_on")
    @classmethod
    def _lived(cls, value: date | None) -> date | None:
        if value and (value > clock.today() or value.year < clock.today().year - OLDEST):
            raise ValueError(_("This birthday cannot be right."))
        return value

    @field_validator("born_year")
    @classmethod
    def _lived_then(cls, value: int | None) -> int | None:
        if value and not clock.today().year - OLDEST <= value <= clock.today().year:
            raise ValueError(_("This birth year cannot be right."))
        return value

    def row(self) -> dict[str, Any]:
        """The columns of a person, with the keys that search and order them."""
        name = proper_name(self.name)
        return {
            **{k: getattr(self, k) for k in ("sex", "born_on", "phone", "email", "organisation")},
            "area": self.area,
            "office": self.office,
            "name": name,
            "fold": fold(name),
            "sort": sort_key(name),
            "born_year": self.born_on.year if self.born_on else self.born_year,
        }


class AddPersonForm(PersonForm):
    """A new person; `really_new` says that the possible duplicates shown are others."""

    really_new: bool = False


async def add_person(by: Who, form: AddPersonForm) -> UUID:
    """Add a person. Raises Refused (409, details: the twins) while duplicates are not denied."""
    await refuse_beyond_reach(by, form.area)
    await _refuse_no_office(by, form.office)
    year = form.born_on.year if form.born_on else form.born_year
    twins = await list_twins(by, form.name, year, form.phone)
    if twins and not form.really_new:
        raise Refused(
            _("This person may be here already. Look at the list, then decide."),
            status=409,
            details=twins,
        )
    async with transaction():
        person = await write_person(form)
        found = await find_person(by, person)
        after = form.model_dump(exclude={"really_new"}, exclude_none=True)
        await record(by, "person.add", person, found.name, path=found.path, after=after)
    return person


async def write_person(form: PersonForm) -> UUID:
    """Write a new person down in the caller's transaction, without asking for permission, and
    without a line in the log; the id."""
    person = new_id()
    await Person.insert(
        Person(id=person, made_at=clock.now(), merged_into=None, version=1, **form.row())
    )
    return person


async def refuse_beyond_reach(by: Who, area: UUID | None) -> None:
    """Raise Refused without an area (unless everything is within reach) or for one that is not
    there, Forbidden beyond reach."""
    if area is None:
        if not by.everywhere("person.edit"):
            raise Refused(fields={"area": _("Choose the area where this person lives or works.")})
        return
    sql = "SELECT a.path FROM area_spell a WHERE a.area = {} AND {}"
    path = await value(sql, area, as_of("a", clock.today()))
    if path is None:
        raise Refused(fields={"area": _("This area is not there. Choose another.")})
    if not by.reaches("person.edit", path):
        raise Forbidden


async def _refuse_no_office(by: Who, office: UUID | None) -> None:
    """Raise Refused for an office that is not there, or not within reach, today."""
    sql = (
        "SELECT o.id FROM office_spell o JOIN area_spell a ON a.area = o.area"
        " WHERE o.office = {} AND {} AND {} AND {}"
    )
    day = clock.today()
    reach = visible_areas(by, "office.read")
    if office and await value(sql, office, as_of("o", day), as_of("a", day), reach) is None:
        raise Refused(fields={"office": _("This office is not there. Choose another.")})


async def _refuse_of_official(person: UUID) -> None:
    """Raise Refused for somebody who is an official: the office follows from that entry, whose
    table lies above and is only named here."""
    sql = "SELECT id FROM official WHERE person = {} AND until IS NULL"
    if await value(sql, person):
        said = _("This person is an official: change the office there, with its day.")
        raise Refused(fields={"office": said})


class EditPersonForm(PersonForm):
    """The new words and numbers of a person; `version` is the one shown."""

    version: Version


async def edit_person(by: Who, person_id: UUID, form: EditPersonForm) -> None:
    """Change a person. Raises Refused (409, details: their values) if another was faster."""
    async with transaction():
        now = await find_person(by, person_id, "person.edit")
        if form.area != now.area:
            await refuse_beyond_reach(by, form.area)
        if form.office != now.office:
            await _refuse_no_office(by, form.office)
            await _refuse_of_official(person_id)
        new = form.row()
        told = {k: v for k, v in new.items() if k not in ("fold", "sort")}
        before, after = changes(now.__dict__, told)
        if not after:
            return
        await _save(by, person_id, form.version, new)
        path = now.path or EVERYWHERE
        await record(
            by, "person.edit", person_id, new["name"], path=path, before=before, after=after
        )


async def _save(by: Who, person_id: UUID, version: int, new: dict[str, Any]) -> None:
    sets = ", ".join(f"{column} = {{}}" for column in new)
    done = await run(
        f"UPDATE person SET {sets}, version = version + 1 WHERE id = {{}} AND version = {{}}"
        " RETURNING id",
        *(*new.values(), person_id, version),
    )
    if not done:
        raise Refused(
            _("Somebody else changed this person meanwhile. Look at their values."),
            status=409,
            details=await find_person(by, person_id),
        )
