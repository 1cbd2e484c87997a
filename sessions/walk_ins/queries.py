"""Who may stand at the door: namesakes of a new person, the office somebody comes from."""

from __future__ import annotations

from uuid import UUID

from kit import clock
from kit.database import SQL, any_of, rows, value
from kit.spells import as_of
from kit.text import fold
from people.permissions import Who
from people.persons.queries import PERSON, PersonFound
from people.reach import visible_persons


async def list_namesakes(who: Who, name: str, phone: str | None) -> list[PersonFound]:
    """Persons within reach who have the same name, without marks, or the same phone."""
    today = clock.today()
    same = [SQL("p.fold = {}", fold(name)), *([SQL("p.phone = {}", phone)] if phone else [])]
    return await rows(
        PersonFound,
        PERSON + "{} AND {} ORDER BY p.sort, p.id LIMIT 10",
        *(as_of("a", today), as_of("o", today), any_of(same), visible_persons(who, today)),
    )


async def office_of(person: UUID) -> UUID | None:
    """The office in which a person works today."""
    found: UUID | None = await value(
        "SELECT coalesce(f.office, p.office) FROM person p"
        " LEFT JOIN official f ON f.person = p.id AND f.until IS NULL WHERE p.id = {}",
        person,
    )
    return found
