"""Areas: found one, change its name, code or parent from a day on, end it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, NoReturn
from uuid import UUID

from pydantic import Field

from kit.database import ON_SQLITE, new_id, refusing, run, transaction
from kit.errors import Forbidden, Refused
from kit.forms import Day, Form, Line, Maybe, Version
from kit.i18n import gettext as _
from kit.spells import EVERYWHERE
from kit.text import fold, sort_key_title
from people.audit.commands import changes, record
from people.batches.commands import UNVERSIONED, Recorder
from people.permissions import Who
from places.areas.queries import (
    AreaFound,
    find_last_spell,
    list_below,
    list_spells_from,
    next_number,
)
from places.tables import AREA_KINDS, Area, AreaSpell

Kind = Literal["province", "district", "commune", "hamlet"]


class FoundAreaForm(Form):
    """A new area. A code is unique together with the day from which it holds."""

    kind: Kind
    name: Line = Field(min_length=1, max_length=120)
    code: Annotated[Line | None, Maybe] = Field(default=None, min_length=1, max_length=20)
    parent: Annotated[UUID | None, Maybe] = None
    since: Day
    basis: Line = Field(default="", max_length=200)


def _clashes() -> dict[str, str]:
    code = _("Another area has this code from this day on.")
    spell = _("The area already has a name for that time.")
    return {
        "area_spell_code_since_key": code,
        "area_spell.code": code,
        "area_spell_overlap": spell,
        "area_spell_live": spell,
        "area_spell.area": spell,
        "area_number_key": _("Somebody added an area just now. Please save again."),
        "area.number": _("Somebody added an area just now. Please save again."),
    }


async def found_area(by: Who, form: FoundAreaForm) -> UUID:
    """Found an area. Raises Refused for a code in use or a place in the tree that cannot be."""
    async with transaction():
        await _lock_tree()
        above = await _path_above(by, form.kind, form.parent, form.since)
        area, path = await open_area(None, form, above)
        await record(by, "area.found", area, form.name, path=path, after=form.model_dump())
    return area


async def _lock_tree() -> None:
    """One change of the tree at a time, for each rests on the paths above it; readers go on.

    On SQLite the transaction alone has one writer.
    """
    if not ON_SQLITE:
        await run("LOCK TABLE area IN SHARE ROW EXCLUSIVE MODE")


async def _path_above(by: Who, kind: str, parent_id: UUID | None, since: date) -> str:
    """The path under which an area of a kind may lie from a day on, for good.

    Raises Refused unless the area above exists from that day on and never moves afterwards.
    """
    if parent_id is None:
        if not by.everywhere("area.edit"):
            raise Forbidden
        return EVERYWHERE
    spells = await list_spells_from(parent_id, since)
    if not spells or spells[0].since > since:
        _refuse_parent(_("The area above did not exist on this day."))
    if spells[-1].until:
        _refuse_parent(_("The area above ends later. Choose another one."))
    if any(spell.path != spells[0].path for spell in spells):
        _refuse_parent(_("The area above moves after this day. Choose a later day."))
    if not by.reaches("area.edit", spells[0].path):
        raise Forbidden
    if AREA_KINDS.index(kind) <= AREA_KINDS.index(spells[0].kind):
        _refuse_parent(_("This area cannot lie within that one."))
    return spells[0].path


def _refuse_parent(sentence: str) -> NoReturn:
    raise Refused(fields={"parent": sentence})


async def open_area(
    batch: Recorder | None, form: FoundAreaForm, parent_path: str
) -> tuple[UUID, str]:
    """Insert an area and its first spell: its id and path. The tree's rules are the caller's."""
    await _lock_tree()
    area, number = new_id(), await next_number()
    path = f"{parent_path}{number}/"
    with refusing(_clashes()):
        await Area.insert(Area(id=area, number=number, kind=form.kind))
        if batch:
            batch.made(Area, area, UNVERSIONED)
        spell = await _open_spell(
            area,
            {"name": form.name, "code": form.code, "parent": form.parent, "path": path},
            form.since,
            form.basis,
        )
    if batch:
        batch.made(AreaSpell, spell)
    return area, path


async def _open_spell(area: UUID, values: dict[str, Any], since: date, basis: str) -> UUID:
    """Insert a spell of name, code, parent and path; `until` and `version` may be given too."""
    spell = new_id()
    await AreaSpell.insert(
        AreaSpell(
            id=spell,
            area=area,
            fold=fold(values["name"]),
            sort=sort_key_title(values["name"]),
            since=since,
            basis=basis,
            end_basis="",
            **{"until": None, "version": 1, **values},
        )
    )
    return spell


class ChangeAreaForm(Form):
    """From `since` on the area has this name, code and parent. `version` is the one shown."""

    name: Line = Field(min_length=1, max_length=120)
    code: Annotated[Line | None, Maybe] = Field(default=None, min_length=1, max_length=20)
    parent: Annotated[UUID | None, Maybe] = None
    since: Day
    basis: Line = Field(default="", max_length=200)
    version: Version


async def change_area(by: Who, area_id: UUID, form: ChangeAreaForm) -> None:
    """Change an area from a day on; on the first day of its last spell this corrects that.

    A new parent moves the whole subtree from that day on: each area below gets a spell with its
    new path, so that the past keeps the map of its own day, and spells planned for later days
    move along. Changes of one area come in the order of their days.
    """
    async with transaction():
        await _lock_tree()
        now = await find_last_spell(by, area_id, "area.edit")
        if _is_so(now, form):
            return
        _refuse_stale(now, form.version)
        _refuse_earlier(now, form.since, "since")
        path = await _new_path(by, now, form)
        below = await list_below(now.path, form.since) if path != now.path else []
        with refusing(_clashes()):
            new = {"name": form.name, "code": form.code, "parent": form.parent, "path": path}
            await _respell(now, new, form.since, form.basis)
            for area in below:
                moved = path + area.path[len(now.path) :]
                await _respell(area, {"path": moved}, max(area.since, form.since))
        before, after = changes(now.__dict__, form.model_dump(exclude={"version"}))
        await record(by, "area.change", area_id, form.name, path=path, before=before, after=after)


def _is_so(now: AreaFound, form: ChangeAreaForm) -> bool:
    """Whether nothing would change, so that twice is the same as once."""
    same = (now.name, now.code, now.parent) == (form.name, form.code, form.parent)
    return same and not now.until and (form.basis or now.basis) == now.basis


def _refuse_stale(now: AreaFound, version: int) -> None:
    if now.version != version:
        raise Refused(
            _("Somebody else changed this area meanwhile. Look at their values, then save again."),
            status=409,
            details=now,
        )
    if now.until:
        raise Refused(_("This area has ended."), status=409, details=now)


def _refuse_earlier(now: AreaFound, day: date, field: str) -> None:
    if day < now.since:
        last = now.since.strftime("%d/%m/%Y")
        sentence = _(
            "The latest change holds from %(day)s. Choose that day or a later one.", day=last
        )
        raise Refused(fields={field: sentence})


async def _new_path(by: Who, now: AreaFound, form: ChangeAreaForm) -> str:
    if form.parent == now.parent:
        return now.path
    above = await _path_above(by, now.kind, form.parent, form.since)
    return f"{above}{now.number}/"


async def _respell(old: AreaFound, new: dict[str, Any], since: date, basis: str = "") -> None:
    """Close the spell of `old` and open one with `new` values; in place if it began that day.

    The version goes on from spell to spell, so that an outdated page is always noticed.
    """
    kept = {"name": old.name, "code": old.code, "parent": old.parent, "path": old.path}
    values = {**kept, **new}
    if old.since == since:
        texts = {"fold": fold(values["name"]), "sort": sort_key_title(values["name"])}
        await _set(old, {**values, **texts, "basis": basis or old.basis})
        return
    await _set(old, {"until": since})
    values |= {"until": old.until, "version": old.version + 1}
    await _open_spell(old.id, values, since, basis)


async def _set(spell: AreaFound, values: dict[str, Any]) -> None:
    sets = ", ".join(f"{column} = {{}}" for column in values)
    await run(
        f"UPDATE area_spell SET {sets}, version = version + 1 WHERE id = {{}}",
        *(*values.values(), spell.spell),
    )


class EndAreaForm(Form):
    """The first day without the area, and by which decision."""

    on: Day
    basis: Line = Field(min_length=3, max_length=200)
    version: Version


async def end_area(by: Who, area_id: UUID, form: EndAreaForm) -> None:
    """End an area. Raises Refused while areas, teams or offices still need it from that day on.

    Ending it on the day on which it has ended is done already.
    """
    async with transaction():
        await _lock_tree()
        now = await find_last_spell(by, area_id, "area.edit")
        if now.until == form.on:
            return
        _refuse_stale(now, form.version)
        _refuse_earlier(now, form.on, "on")
        if form.on == now.since:
            sentence = _("The latest change begins on this very day. Choose a later day.")
            raise Refused(fields={"on": sentence})
        await _refuse_needed(now, form.on)
        await _set(now, {"until": form.on, "end_basis": form.basis})
        after = {"until": form.on, "basis": form.basis}
        await record(by, "area.end", area_id, now.name, path=now.path, after=after)


async def _refuse_needed(area: AreaFound, day: date) -> None:
    """Raise Refused while something lies in the area on a day or later."""
    if await list_below(area.path, day):
        raise Refused(_("Areas still lie within it. Move or end those first."), status=409)
    live = "WHERE area = {} AND (until IS NULL OR until > {}) LIMIT 1"
    if await run(f"SELECT id FROM team_area {live}", area.id, day):
        raise Refused(_("Teams still cover it. Give them other areas first."), status=409)
    if await run(f"SELECT id FROM office_spell {live}", area.id, day):
        raise Refused(_("Offices still belong to it. Move or end those first."), status=409)
