"""Venues: add one, change it, take it out of use, take it up again."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from kit import clock
from kit.database import hold, new_id, refusing, run, transaction
from kit.errors import Refused
from kit.forms import Day, Form, Line, Maybe, Version
from kit.i18n import gettext as _
from kit.i18n import ngettext
from kit.text import fold, sort_key_title
from people.audit.commands import changes, record
from people.permissions import Who
from people.reach import choices_areas
from sessions.venues.queries import VenueFound, count_planned_from, find_venue
from sessions.venues.tables import Venue


class VenueForm(Form):
    """A room or hall, the area it stands in, and how many can sit in it if that is known."""

    name: Line = Field(min_length=2, max_length=120)
    area: UUID
    address: Line = Field(default="", max_length=200)
    seats: Annotated[int | None, Maybe] = Field(default=None, ge=1, le=9999)

    def row(self) -> dict[str, Any]:
        """The columns of the venue, with the keys that search and order it."""
        keys = {"fold": fold(self.name), "sort": sort_key_title(self.name)}
        return {**self.model_dump(include={"name", "area", "address", "seats"}), **keys}


def _twin() -> dict[str, str]:
    said = _("A venue of this name is in use in this area already.")
    return {"venue_live": said, "venue.area, venue.fold": said}


async def add_venue(by: Who, form: VenueForm) -> UUID:
    """Add a venue, in use from today on. Raises Refused for an area beyond reach or a name that
    is in use there."""
    venue = new_id()
    async with transaction():
        path = await _path_for(by, form)
        with refusing(_twin()):
            await Venue.insert(
                Venue(id=venue, **form.row(), since=clock.today(), until=None, version=1)
            )
        after = form.model_dump(exclude_defaults=True)
        await record(by, "venue.add", venue, form.name, path=path, after=after)
    return venue


async def _path_for(by: Who, form: VenueForm) -> str:
    areas = {choice.id: choice.path for choice in await choices_areas(by, "course.edit")}
    if form.area not in areas:
        raise Refused(fields={"area": _("Choose an area from the list.")})
    return areas[form.area]


class EditVenueForm(VenueForm):
    """The venue's new words; `version` is the one shown."""

    version: Version


async def edit_venue(by: Who, venue_id: UUID, form: EditVenueForm) -> None:
    """Change a venue; sessions held in it show the new words.

    Raises Refused (409, details: the venue now) if another was faster.
    """
    async with transaction():
        now = await _held(by, venue_id)
        told = form.model_dump(exclude={"version"})
        before, after = changes(now.__dict__, told)
        if not after:
            return
        _refuse_stale(now, form.version)
        path = await _path_for(by, form)
        with refusing(_twin()):
            await _set(venue_id, form.row())
        name = form.name
        await record(by, "venue.edit", venue_id, name, path=path, before=before, after=after)


async def _held(by: Who, venue_id: UUID) -> VenueFound:
    """A venue to be changed, kept from others until the transaction ends."""
    await find_venue(by, venue_id, "course.edit")
    await hold("venue", [venue_id])
    return await find_venue(by, venue_id, "course.edit")


def _refuse_stale(now: VenueFound, version: int) -> None:
    if now.version != version:
        said = _("Somebody else changed this venue. Look at their values, then save again.")
        raise Refused(said, status=409, details=now)


async def _set(venue_id: UUID, values: dict[str, Any]) -> None:
    sets = ", ".join(f"{column} = {{}}" for column in values)
    sql = f"UPDATE venue SET {sets}, version = version + 1 WHERE id = {{}}"
    await run(sql, *values.values(), venue_id)


class EndVenueForm(Form):
    """The first day on which a venue is no longer used."""

    on: Day
    version: Version


async def end_venue(by: Who, venue_id: UUID, form: EndVenueForm) -> None:
    """Use a venue no more from a day on; what was held there keeps it. Raises Refused while
    sessions are planned there from that day on."""
    async with transaction():
        now = await _held(by, venue_id)
        if now.until == form.on:
            return
        _refuse_stale(now, form.version)
        if form.on < now.since:
            raise Refused(fields={"on": _("The day lies before the first day of the venue.")})
        if planned := await count_planned_from(venue_id, form.on):
            said = ngettext(
                "%(num)s session is planned there from that day on. Move it first.",
                "%(num)s sessions are planned there from that day on. Move them first.",
                planned,
            )
            raise Refused(fields={"on": said})
        await _set(venue_id, {"until": form.on})
        after = {"until": form.on}
        await record(by, "venue.end", venue_id, now.name, path=now.path, after=after)


class VenueAgainForm(Form):
    """The venue as it was shown."""

    version: Version


async def bring_venue_back(by: Who, venue_id: UUID, form: VenueAgainForm) -> None:
    """Use a venue again, as if it had never been out of use. Raises Refused where another of its
    name took its place."""
    async with transaction():
        now = await _held(by, venue_id)
        if now.until is None:
            return
        _refuse_stale(now, form.version)
        with refusing(_twin()):
            await _set(venue_id, {"until": None})
        before = {"until": now.until}
        await record(
            by, "venue.bring_back", venue_id, now.name, path=now.path, before=before, after={}
        )
