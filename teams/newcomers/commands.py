"""A person new to the register who joins a team at once."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from kit.database import transaction
from kit.forms import Day, Line
from people.permissions import Who
from people.persons.commands import AddPersonForm, add_person
from teams.memberships.commands import AddMemberForm, Position, add_member
from teams.roster.queries import find_team


class NewMemberForm(AddPersonForm):
    """A person who is not in the register yet and joins a team at once."""

    position: Position = "member"
    decision: Line = Field(default="", max_length=120)
    on: Day


async def add_new_member(by: Who, team_id: UUID, form: NewMemberForm) -> UUID:
    """Add a person and the membership at one go: both or neither. The person's id.

    Raises Refused as `add_person` (possible duplicates) and `add_member` do.
    """
    async with transaction():
        team = await find_team(by, team_id, "member.assign")
        known = form.model_dump(exclude={"position", "decision", "on"})
        new = AddPersonForm.model_validate({**known, "area": form.area or team.area})
        person = await add_person(by, new)
        joins = {**form.model_dump(include={"position", "organisation", "decision", "on"})}
        await add_member(by, team_id, AddMemberForm.model_validate({**joins, "person": person}))
    return person
