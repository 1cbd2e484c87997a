"""Persons for programs: /api/v1/persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Literal
from uuid import UUID

from litestar import Request, Response, get, patch, post
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from kit.bodies import read_json
from kit.changes import made, patch_one
from kit.listing import USUAL, After, Limit, Listed, Search, clashing, cursor, item, pages
from kit.openapi import LOCATION, WRITES, problems, takes
from people.audit.commands import record
from people.permissions import Who
from people.persons.commands import AddPersonForm, EditPersonForm, add_person, edit_person
from people.persons.queries import PersonFilter, find_person, list_persons
from people.sign_ins.door import Asker, may

Asking = Request[Any, Any, Any]
TAGS = ["persons"]
TEACHER = {"name": "Cao Thị Ánh", "born_year": 1988, "phone": "0900 000 101", "sex": "female"}


@dataclass(frozen=True)
class PersonItem:
    """A person. Of the birthday often only the year is known; `phone` is E.164."""

    id: UUID
    name: str
    sex: str | None
    born_on: date | None
    born_year: int | None
    phone: str | None
    email: str | None
    organisation: str
    area: UUID | None
    area_name: str | None
    office: UUID | None
    office_name: str | None
    version: int


@dataclass(frozen=True)
class PersonListItem:
    """A person in a list, with the team of today, if any."""

    id: UUID
    name: str
    born_on: date | None
    born_year: int | None
    phone: str | None
    organisation: str
    team: UUID | None
    team_name: str | None
    position: str | None


async def _person(who: Who, person: UUID) -> PersonItem:
    return item(PersonItem, await find_person(who, person))


@get(
    "/persons",
    guards=[may("person.read")],
    summary="List persons",
    tags=TAGS,
    responses=problems(),
)
async def get_persons(
    who: Asker,
    q: Search = None,
    team: FromQuery[UUID | None] = None,
    area: FromQuery[UUID | None] = None,
    without_team: FromQuery[bool] = False,
    limit: Limit = USUAL,
    after: After = None,
) -> Listed[PersonListItem]:
    """The persons within reach, by given name; that somebody asked is put on record."""
    none: Literal["none"] | None = "none" if without_team else None
    asked = PersonFilter(q=q or "", team=none, member_of=team, area=area, after=cursor(after))
    answer = pages(PersonListItem, *await list_persons(who, asked, limit))
    shown = {**asked.query(), "shown": len(answer.items)}
    await record(who, "person.list", path=who.first_path("person.read"), after=shown)
    return answer


@get(
    "/persons/{person:uuid}",
    guards=[may("person.read")],
    summary="Show a person",
    tags=TAGS,
    responses=problems(),
)
async def get_person(who: Asker, person: FromPath[UUID]) -> PersonItem:
    """A person within reach."""
    return await _person(who, person)


@post(
    "/persons",
    guards=[may("person.edit")],
    summary="Add a person",
    tags=TAGS,
    responses=problems(*WRITES),
    response_headers=LOCATION,
    operation_class=takes(AddPersonForm, TEACHER),
)
async def post_person(request: Asking, who: Asker) -> Response[PersonItem]:
    """Add a person. 409 with possible duplicates in `theirs`, unless `really_new` is true."""
    with clashing(PersonItem):
        person = await add_person(who, await read_json(request, AddPersonForm))
    return made(f"/persons/{person}", await _person(who, person))


@patch(
    "/persons/{person:uuid}",
    guards=[may("person.edit")],
    summary="Edit a person",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(
        EditPersonForm, {"organisation": "Hội Phụ nữ", "version": 1}, partly=("version",)
    ),
)
async def patch_person(request: Asking, who: Asker, person: FromPath[UUID]) -> PersonItem:
    """Change what the body names of a person; 409 with `theirs` if another was faster."""
    now = await find_person(who, person, "person.edit")
    change = partial(edit_person, who, person)
    await patch_one(request, EditPersonForm, now, partial(item, PersonItem), change)
    return await _person(who, person)


ROUTES: list[ControllerRouterHandler] = [get_persons, get_person, post_person, patch_person]
