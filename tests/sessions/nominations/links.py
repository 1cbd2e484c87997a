"""A course that is open for naming, an office with two officials, and its link."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from kit import clock
from people.permissions import MACHINE
from sessions.courses.commands import OnDayForm, QuotaForm, open_course, set_quota
from sessions.nominations.commands import LinkForm, make_link
from tests.courses import a_course
from tests.sessions.lookups import course_of, town
from tests.things import an_office, an_official
from tests.world import id_of

LAW = "Phòng Tư pháp"
HERE = "203.0.113.7"
SOON = clock.today() + timedelta(days=5)


async def an_open_course(deadline: date | None = SOON, **more: object) -> UUID:
    """A course of the town that offices may name people for."""
    course = await a_course(await town(), "Kỹ năng số cơ bản", deadline=deadline, **more)
    version = (await course_of(course)).version
    await open_course(MACHINE, course, OnDayForm(on=clock.today(), version=version))
    return course


async def a_law_office() -> UUID:
    """The office, where Bùi Văn An (a civil servant) and Cao Thị Ánh (a cadre) work."""
    office = await an_office(LAW, await town())
    await an_official(await id_of("Bùi Văn An"), office)
    await an_official(await id_of("Cao Thị Ánh"), office, category="cadre", job="Trưởng phòng")
    return office


async def a_link(course: UUID, office: UUID, places: int | None = None) -> str:
    """The token of an office's link, with places if given."""
    if places:
        await set_quota(MACHINE, course, QuotaForm(office=office, places=places))
    return await make_link(MACHINE, course, office, LinkForm())
