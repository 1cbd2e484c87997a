"""Catalogues: add an entry, word it, retire it, bring it back; publish a text of consent."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kit import clock
from kit.database import insert_many, refusing, run, transaction
from kit.errors import Refused
from kit.forms import Day, Form, Version
from kit.guard import SafeLine
from kit.i18n import gettext as _
from kit.text import code_of, fold
from people.audit.commands import changes, record
from people.permissions import Who, must
from teams.catalogues.queries import Catalogues, Entry, forget_catalogues, read_catalogues
from teams.catalogues.tables import CatalogueEntry, ConsentText

USUAL_PLACE = "home"
"""Where a visit took place unless another place was said: always offered."""
List = Literal["service", "obstacle", "referral", "place"]


class NamesForm(Form):
    """What an entry is called in both languages, and where it stands: the lowest rank first."""

    name_vi: SafeLine = Field(min_length=2, max_length=80)
    name_en: SafeLine = Field(min_length=2, max_length=80)
    rank: int = Field(default=500, ge=1, le=999)


class AddEntryForm(NamesForm):
    """A new entry of a list, offered from a day on. Its code is made from the English name."""

    list: List
    since: Day


async def add_entry(by: Who, form: AddEntryForm) -> str:
    """Add an entry to a list; its code, never used again. Raises Refused for a name of the list
    that is offered already."""
    must(by.everywhere("catalogue.edit"))
    async with transaction():
        found = await read_catalogues()
        _refuse_twin(found, form.list, form, None)
        code = code_of(form.name_en, found.entries.keys(), "entry")
        with refusing({"catalogue_entry": _("Somebody else added this meanwhile. Look again.")}):
            entry = CatalogueEntry(code=code, **form.model_dump(), until=None, version=1)
            await CatalogueEntry.insert(entry)
        await record(by, "catalogue.add", name=form.name_vi, after={"code": code, **_told(form)})
    forget_catalogues()
    return code


def _told(form: NamesForm) -> dict[str, object]:
    return {key: str(value) for key, value in form.model_dump(exclude={"version"}).items()}


def _refuse_twin(found: Catalogues, name: str, form: NamesForm, own: str | None) -> None:
    for entry in found.of(name):
        if entry.code == own or entry.until:
            continue
        for field in ("name_vi", "name_en"):
            if fold(getattr(entry, field)) == fold(getattr(form, field)):
                said = _("This list has an entry of this name already.")
                raise Refused(fields={field: said}, status=409)


class EditEntryForm(NamesForm):
    """Other names or another rank. `version` is the one shown."""

    version: Version


async def edit_entry(by: Who, code: str, form: EditEntryForm) -> None:
    """Word an entry anew or move it in its list; its meaning stays, for visits keep the code.

    Raises Refused (409, details: the entry now) if another was faster.
    """
    must(by.everywhere("catalogue.edit"))
    async with transaction():
        found = await read_catalogues()
        now = found.find(code)
        before, after = changes(now.__dict__, form.model_dump(exclude={"version"}))
        if not after:
            return
        _refuse_stale(now, form.version)
        _refuse_twin(found, now.list, form, code)
        await _set(now, after)
        await record(by, "catalogue.edit", name=form.name_vi, before=before, after=after)
    forget_catalogues()


def _refuse_stale(now: Entry, version: int) -> None:
    if now.version != version:
        said = _("Somebody else changed this entry. Look at their values, then save again.")
        raise Refused(said, status=409, details=now)


async def _set(now: Entry, values: dict[str, object]) -> None:
    """Change an entry. Raises Refused (409) when it is not as it was read."""
    sets = ", ".join(f"{column} = {{}}" for column in values)
    done = await run(
        f"UPDATE catalogue_entry SET {sets}, version = version + 1"
        " WHERE code = {} AND version = {} RETURNING code",
        *(*values.values(), now.code, now.version),
    )
    if not done:
        said = _("Somebody else changed this entry. Look at their values, then save again.")
        raise Refused(said, status=409, details=now)


class RetireForm(Form):
    """The first day on which an entry is no longer offered."""

    on: Day
    version: Version


async def retire_entry(by: Who, code: str, form: RetireForm) -> None:
    """Offer an entry no more from a day on; visits of earlier days keep it and may be entered."""
    must(by.everywhere("catalogue.edit"))
    async with transaction():
        found = await read_catalogues()
        now = found.find(code)
        if now.until == form.on:
            return
        _refuse_stale(now, form.version)
        if form.on < max([now.since, *(gap.until for gap in now.gaps)]):
            raise Refused(fields={"on": _("The day lies before the first day of the entry.")})
        left = [entry for entry in found.offered(now.list, form.on) if entry.code != code]
        if code == USUAL_PLACE or not left:
            raise Refused(_("Visits need this entry. Word it anew instead."))
        await _set(now, {"until": form.on})
        after = {"until": form.on}
        await record(by, "catalogue.retire", name=now.name_vi, after=after)
    forget_catalogues()


class OfferAgainForm(Form):
    """The entry as it was shown."""

    version: Version


async def bring_entry_back(by: Who, code: str, form: OfferAgainForm) -> None:
    """Offer a retired entry again, from today on. The days on which it was not offered stay so."""
    must(by.everywhere("catalogue.edit"))
    async with transaction():
        found = await read_catalogues()
        now = found.find(code)
        if now.until is None:
            return
        _refuse_stale(now, form.version)
        names = NamesForm(name_vi=now.name_vi, name_en=now.name_en)
        _refuse_twin(found, now.list, names, code)
        await _set(now, {"until": None})
        if now.until < clock.today():
            gap = {"code": code, "since": now.until, "until": clock.today()}
            await insert_many("catalogue_gap", [gap])
        before = {"until": now.until}
        await record(by, "catalogue.bring_back", name=now.name_vi, before=before, after={})
    forget_catalogues()


class ConsentForm(Form):
    """A new wording of the consent in both languages, in use from a day on."""

    text_vi: str = Field(min_length=40, max_length=2000)
    text_en: str = Field(min_length=40, max_length=2000)
    since: Day


async def publish_consent(by: Who, form: ConsentForm) -> int:
    """Publish a wording of the consent; its version. Earlier ones stay for ever, for the one a
    resident agreed to must be known. Raises Refused for a day that is over. Twice is once."""
    must(by.everywhere("catalogue.edit"))
    async with transaction():
        last = (await read_catalogues()).wordings[0]
        if (last.text_vi, last.text_en, last.since) == (form.text_vi, form.text_en, form.since):
            return last.version
        if form.since < max(clock.today(), last.since):
            said = _("Choose today or a later day, not before the day of the last wording.")
            raise Refused(fields={"since": said})
        version = last.version + 1
        with refusing({"consent_text": _("Somebody else published a wording. Look again.")}):
            text = ConsentText(version=version, purposes=last.purposes, **form.model_dump())
            await ConsentText.insert(text)
        name = _("wording %(number)s", number=version)
        after = {"number": version, "since": form.since}
        await record(by, "consent.publish", name=name, after=after)
    forget_catalogues()
    return version
