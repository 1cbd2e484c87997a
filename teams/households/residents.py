"""Residents: by name only with consent, which may be withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import SQL, hold_id, new_id, row, run, transaction, value
from kit.errors import NotFound, Refused
from kit.i18n import N_
from kit.i18n import gettext as _
from kit.text import fold, proper_name, sort_key
from people.audit.commands import changes, record
from people.permissions import Who
from teams.households.forgetting import forget_visits
from teams.households.forms import EditResidentForm, EndResidentForm, ResidentForm
from teams.households.promises import TOGETHER
from teams.households.queries import HouseholdFound, find_household
from teams.households.tables import Consent, Resident
from teams.roster.commands import refuse_future

AGE_NAMES = {
    "under_18": N_("Under 18"),
    "18_34": N_("18 to 34"),
    "35_59": N_("35 to 59"),
    "60_up": N_("60 and over"),
}
SEX_NAMES = {"female": N_("female"), "male": N_("male")}


@dataclass(frozen=True)
class ResidentFound:
    """Somebody of a household. Without consent there is no name, only age band and sex."""

    id: UUID
    household: UUID
    name: str | None
    age_band: str
    sex: str | None
    ended_on: date | None
    version: int

    @property
    def label(self) -> str:
        """The name, or what is known instead."""
        return self.name or label_of(self.age_band, self.sex)

    @property
    def age_words(self) -> str:
        """The age band in words, "" where it is not known."""
        return _(AGE_NAMES[self.age_band]) if self.age_band in AGE_NAMES else ""


def label_of(age_band: str, sex: str | None) -> str:
    """Somebody without a name, in words: "60 and over, female"."""
    known = [_(AGE_NAMES[age_band])] if age_band in AGE_NAMES else []
    known += [_(SEX_NAMES[sex])] if sex in SEX_NAMES else []
    return ", ".join(known) or _("Somebody of the household")


_RESIDENT = "SELECT id, household, name, age_band, sex, ended_on, version FROM resident WHERE "


async def find_resident(
    who: Who, resident: UUID, verb: str = "household.read"
) -> tuple[ResidentFound, HouseholdFound]:
    """A resident and the household, within reach. Raises NotFound or Forbidden."""
    found = await row(ResidentFound, _RESIDENT + "id = {}", resident)
    if found is None:
        raise NotFound
    return found, await find_household(who, found.household, verb)


async def add_resident(
    by: Who, household: UUID, form: ResidentForm, resident_id: UUID | None = None
) -> UUID:
    """Add a resident. Raises Refused for a name without consent. The same id again is once."""
    async with transaction():
        home = await find_household(by, household, "household.edit")
        if resident_id:
            await hold_id(resident_id)
            if await _is_there(by, resident_id):
                return resident_id
        _refuse_nobody(form)
        resident = resident_id or new_id()
        await Resident.insert(
            Resident(
                id=resident,
                household=household,
                made_at=clock.now(),
                made_by=by.person,
                ended_on=None,
                anonymised_at=None,
                version=1,
                **_row(form),
            )
        )
        if form.name:
            await _consent(by, household, resident, form)
        after = _told(form.age_band, form.sex, form.name)
        await record(by, "resident.add", household, home.head, path=home.path, after=after)
    return resident


async def _is_there(by: Who, resident: UUID) -> bool:
    """Whether a resident of this id exists. Raises NotFound for one beyond reach."""
    if await value("SELECT id FROM resident WHERE id = {}", resident) is None:
        return False
    await find_resident(by, resident)
    return True


def _refuse_nobody(form: ResidentForm) -> None:
    if not (form.name or form.age_band or form.sex):
        raise Refused(fields={"age_band": _("Choose the age band or the sex, or enter the name.")})


def _row(form: ResidentForm) -> dict[str, Any]:
    name = proper_name(form.name) if form.name else None
    return {
        "name": name,
        "fold": fold(name or ""),
        "sort": sort_key(name) if name else "",
        "age_band": form.age_band,
        "sex": form.sex,
    }


def _told(age_band: str, sex: str | None, name: str | None) -> dict[str, Any]:
    """What the log keeps of a resident: never the name, which may have to be forgotten."""
    return {"age_band": age_band, "sex": sex, "named": bool(name)}


async def _consent(by: Who, household: UUID, resident: UUID, form: ResidentForm) -> None:
    """Write down the consent to a name. Raises Refused when it was not asked for."""
    if form.consent_method is None:
        said = _("A name may be written down only with consent. Say how it was given.")
        raise Refused(fields={"consent_method": said})
    if form.consent_method == "spoken" and not form.witness:
        raise Refused(fields={"witness": _("A spoken consent needs a witness.")})
    if by.person is None:
        raise Refused(fields={"consent_method": _("Consent is asked by a person.")})
    await Consent.insert(
        Consent(
            id=new_id(),
            household=household,
            resident=resident,
            visit=None,
            text_version=await _text_version(form.consent_text),
            method=form.consent_method,
            witness=form.witness,
            taken_by=by.person,
            at=clock.now(),
            withdrawn_at=None,
            withdrawn_by=None,
            replaced_at=None,
        )
    )


async def _text_version(asked: int | None) -> int:
    """The version of the text that was read out: the one asked for, else today's."""
    sql = (
        "SELECT max(version) FROM consent_text"
        " WHERE since <= {} AND version = coalesce({}, version)"
    )
    found = await value(sql, clock.today(), asked)
    if found is None:
        raise Refused(fields={"consent_text": _("There is no such text of consent.")})
    return int(found)


@dataclass(frozen=True)
class ConsentText:
    """What is read out before a name is written down."""

    version: int
    text_vi: str
    text_en: str


async def find_consent_text() -> ConsentText:
    """The text of today. Raises NotFound when there is none."""
    found = await row(
        ConsentText,
        "SELECT version, text_vi, text_en FROM consent_text WHERE since <= {}"
        " ORDER BY version DESC LIMIT 1",
        clock.today(),
    )
    if found is None:
        raise NotFound
    return found


async def edit_resident(by: Who, resident: UUID, form: EditResidentForm) -> None:
    """Change a resident. A first name needs consent; a name goes only by withdrawing it.

    Raises Refused (409, details: their values) if another was faster.
    """
    async with transaction():
        now, home = await find_resident(by, resident, "household.edit")
        _refuse_nobody(form)
        if now.name and not form.name:
            said = _("To take a name away, withdraw the consent.")
            raise Refused(fields={"name": said})
        new = _row(form)
        if not changes(now.__dict__, {k: new[k] for k in ("name", "age_band", "sex")})[1]:
            return
        await _save(by, now, form.version, new)
        if form.name and not now.name:
            await _consent(by, now.household, resident, form)
        told = _told(now.age_band, now.sex, now.name), _told(form.age_band, form.sex, form.name)
        before, after = changes(*told)
        await record(
            by, "resident.edit", home.id, home.head, path=home.path, before=before, after=after
        )


async def _save(by: Who, now: ResidentFound, version: int, new: dict[str, Any]) -> None:
    sets = ", ".join(f"{column} = {{}}" for column in new)
    named = ", anonymised_at = NULL" if new.get("name") else ""
    done = await run(
        f"UPDATE resident SET {sets}{named}, version = version + 1"
        " WHERE id = {} AND version = {} RETURNING id",
        *(*new.values(), now.id, version),
    )
    if not done:
        theirs, _home = await find_resident(by, now.id)
        said = _("Somebody else changed this resident meanwhile. Look at their values.")
        raise Refused(said, status=409, details=theirs)


async def end_resident(by: Who, resident: UUID, form: EndResidentForm) -> None:
    """Somebody no longer belongs to the household from a day on. Twice is the same as once."""
    refuse_future(form.on)
    async with transaction():
        now, home = await find_resident(by, resident, "household.edit")
        if now.ended_on == form.on:
            return
        await _save(by, now, form.version, {"ended_on": form.on})
        after = {"until": form.on}
        await record(by, "resident.end", home.id, home.head, path=home.path, after=after)


@dataclass(frozen=True)
class ConsentFound:
    """A consent: of one resident, or of whoever spoke for the household."""

    id: UUID
    household: UUID
    resident: UUID | None
    text_version: int
    method: str
    witness: str
    taken_by_name: str
    at: datetime
    withdrawn_at: datetime | None
    replaced_at: datetime | None

    @property
    def holds(self) -> bool:
        """Whether somebody may be named by it: neither withdrawn nor replaced."""
        return self.withdrawn_at is None and self.replaced_at is None


_CONSENT = (
    "SELECT c.id, c.household, c.resident, c.text_version, c.method, c.witness,"
    " p.name AS taken_by_name, c.at, c.withdrawn_at, c.replaced_at FROM consent c"
    " JOIN person p ON p.id = c.taken_by WHERE "
)


async def find_consent(
    who: Who, consent: UUID, verb: str = "household.read"
) -> tuple[ConsentFound, HouseholdFound]:
    """A consent and the household, within reach. Raises NotFound or Forbidden."""
    found = await row(ConsentFound, _CONSENT + "c.id = {}", consent)
    if found is None:
        raise NotFound
    return found, await find_household(who, found.household, verb)


async def withdraw_consent(by: Who, consent: UUID) -> None:
    """Withdraw a consent: nobody is named by it any more, and what was agreed stays on record.

    A resident's own takes that name away; the household's takes away every name that no other
    consent covers. The visits that came of it are shown without their household from now on, and
    what was noted at them is forgotten; they count as before. Twice is the same as once.
    """
    async with transaction():
        found, home = await find_consent(by, consent, "household.edit")
        if found.withdrawn_at:
            return
        whose = SQL("resident = {}", found.resident) if found.resident else SQL("resident IS NULL")
        now, family = clock.now(), SQL(TOGETHER, found.household)
        await run(
            "{} UPDATE consent SET withdrawn_at = {}, withdrawn_by = {}"
            " WHERE household IN (SELECT id FROM family) AND {} AND withdrawn_at IS NULL",
            *(family, now, by.person, whose),
        )
        named = SQL("id = {}", found.resident) if found.resident else SQL(_UNCOVERED)
        await run(f"{{}} {_FORGET}", family, now, named)
        visits = await forget_visits(await _visits_by(found))
        before = {"method": found.method, "since": clock.local_day(found.at), "visits": visits}
        await record(by, "consent.withdraw", home.id, home.head, path=home.path, before=before)


async def _visits_by(consent: ConsentFound) -> list[UUID]:
    """The visits told by name because of a consent: those that helped its resident, or all of the
    household where it was the household's."""
    helped = SQL("SELECT s.visit FROM support s WHERE s.resident = {}", consent.resident)
    told = SQL("v.id IN ({})", helped) if consent.resident else SQL("1 = 1")
    found = await run(
        "{} SELECT v.id FROM visit v WHERE v.household IN (SELECT id FROM family)"
        " AND v.met = 'met' AND v.basis = 'consent' AND v.anonymised_at IS NULL AND {}",
        *(SQL(TOGETHER, consent.household), told),
    )
    return [visit["id"] for visit in found]


_FORGET = (
    "UPDATE resident SET name = NULL, fold = '', sort = '', anonymised_at = {},"
    " version = version + 1 WHERE household IN (SELECT id FROM family) AND name IS NOT NULL AND {}"
)
_UNCOVERED = (
    "NOT EXISTS (SELECT 1 FROM consent c WHERE c.withdrawn_at IS NULL AND c.replaced_at IS NULL"
    " AND (c.resident = resident.id"
    " OR (c.resident IS NULL AND c.household = resident.household)))"
)
