"""Themes: add one, word it, retire it, bring it back."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from kit.database import refusing, run, transaction
from kit.errors import Refused
from kit.forms import Day, Form, Version
from kit.guard import SafeLine
from kit.i18n import gettext as _
from kit.text import code_of, fold
from people.audit.commands import changes, record
from people.permissions import Who, must
from sessions.themes.queries import ThemeFound, find_theme, list_themes
from sessions.themes.tables import Theme


class ThemeNamesForm(Form):
    """What a theme is called in both languages, and where it stands: the lowest rank first."""

    name_vi: SafeLine = Field(min_length=2, max_length=120)
    name_en: SafeLine = Field(min_length=2, max_length=120)
    rank: int = Field(default=500, ge=1, le=999)


class AddThemeForm(ThemeNamesForm):
    """A new theme, offered from a day on. Its code is made from the English name."""

    since: Day


async def add_theme(by: Who, form: AddThemeForm) -> str:
    """Add a theme; its code, never used again. Raises Refused for a name that is offered."""
    must(by.everywhere("catalogue.edit"))
    async with transaction():
        known = await list_themes()
        _refuse_twin(known, form, None)
        code = code_of(form.name_en, {theme.code for theme in known}, "theme")
        with refusing({"theme": _("Somebody else added this meanwhile. Look again.")}):
            await Theme.insert(Theme(code=code, **form.model_dump(), until=None, version=1))
        after = {"code": code, **form.model_dump()}
        await record(by, "theme.add", name=form.name_vi, after=after)
    return code


def _refuse_twin(known: Sequence[ThemeFound], form: ThemeNamesForm, own: str | None) -> None:
    for theme in known:
        if theme.code == own or theme.until:
            continue
        for field in ("name_vi", "name_en"):
            if fold(getattr(theme, field)) == fold(getattr(form, field)):
                said = _("There is a theme of this name already.")
                raise Refused(fields={field: said}, status=409)


class EditThemeForm(ThemeNamesForm):
    """Other names or another rank; `version` is the one shown."""

    version: Version


async def edit_theme(by: Who, code: str, form: EditThemeForm) -> None:
    """Word a theme anew or move it in the list; courses keep it.

    Raises Refused (409, details: the theme now) if another was faster.
    """
    must(by.everywhere("catalogue.edit"))
    async with transaction():
        now = await find_theme(code)
        before, after = changes(now.__dict__, form.model_dump(exclude={"version"}))
        if not after:
            return
        _refuse_stale(now, form.version)
        _refuse_twin(await list_themes(), form, code)
        await _set(now, after)
        await record(by, "theme.edit", name=form.name_vi, before=before, after=after)


def _refuse_stale(now: ThemeFound, version: int) -> None:
    if now.version != version:
        said = _("Somebody else changed this theme. Look at their values, then save again.")
        raise Refused(said, status=409, details=now)


async def _set(now: ThemeFound, values: dict[str, object]) -> None:
    """Change a theme. Raises Refused (409) when it is not as it was read."""
    sets = ", ".join(f"{column} = {{}}" for column in values)
    done = await run(
        f"UPDATE theme SET {sets}, version = version + 1"
        " WHERE code = {} AND version = {} RETURNING code",
        *(*values.values(), now.code, now.version),
    )
    if not done:
        _refuse_stale(now, -1)


class RetireThemeForm(Form):
    """The first day on which a theme is no longer offered."""

    on: Day
    version: Version


async def retire_theme(by: Who, code: str, form: RetireThemeForm) -> None:
    """Offer a theme no more from a day on; courses that have it keep it. Raises Refused for a day
    before its first one, and for the last theme that is left."""
    must(by.everywhere("catalogue.edit"))
    async with transaction():
        now = await find_theme(code)
        if now.until == form.on:
            return
        _refuse_stale(now, form.version)
        if form.on < now.since:
            raise Refused(fields={"on": _("The day lies before the first day of the theme.")})
        if not [one for one in await list_themes() if one.code != code and one.offered(form.on)]:
            raise Refused(_("Courses need a theme. Add another one first."))
        await _set(now, {"until": form.on})
        await record(by, "theme.retire", name=now.name_vi, after={"until": form.on})


class ThemeAgainForm(Form):
    """The theme as it was shown."""

    version: Version


async def bring_theme_back(by: Who, code: str, form: ThemeAgainForm) -> None:
    """Offer a retired theme again, as if it had never been retired."""
    must(by.everywhere("catalogue.edit"))
    async with transaction():
        now = await find_theme(code)
        if now.until is None:
            return
        _refuse_stale(now, form.version)
        names = ThemeNamesForm(name_vi=now.name_vi, name_en=now.name_en)
        _refuse_twin(await list_themes(), names, code)
        await _set(now, {"until": None})
        before = {"until": now.until}
        await record(by, "theme.bring_back", name=now.name_vi, before=before, after={})
