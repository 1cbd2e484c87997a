"""What happened with a household: visits, residents and consents, with those merged into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from kit.database import SQL, rows
from kit.i18n import N_, current_language
from kit.i18n import gettext as _
from teams.households.family import FAMILY
from teams.households.residents import ConsentFound, ResidentFound

FIRST = 5
MOST = 200
MET_NAMES = {"met": N_("Met"), "absent": N_("Nobody at home"), "refused": N_("Declined")}
OUTCOME_NAMES = {
    "independent": N_("does it alone"),
    "assisted": N_("with guidance"),
    "on_behalf": N_("done for them"),
    "already_had": N_("had it before"),
    "pending": N_("not finished"),
    "refused": N_("declined"),
    "not_needed": N_("no need"),
}


@dataclass(frozen=True)
class VisitShown:
    """A visit on the card; of an anonymous one only the day and who went."""

    id: UUID
    day: date
    met: str
    anonymous: bool
    by_name: str
    services: list[tuple[str, str]] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """VNeID level 2: with guidance; Online dossier: not finished."""
        if self.met != "met":
            return _(MET_NAMES[self.met])
        if self.anonymous:
            return _("Met, without names")
        told = [f"{name}: {_(OUTCOME_NAMES[outcome])}" for name, outcome in self.services]
        return "; ".join(told) or _(MET_NAMES["met"])


@dataclass(frozen=True)
class _Row:
    id: UUID
    day: date
    met: str
    basis: str
    by_name: str
    name_vi: str | None
    name_en: str | None
    outcome: str | None


_VISITS = (
    FAMILY
    + """
SELECT p.id, p.day, p.met, p.basis, w.name AS by_name, c.name_vi, c.name_en, s.outcome
FROM (SELECT v.id, v.day, v.met, v.performed_by,
             CASE WHEN v.anonymised_at IS NULL THEN v.basis ELSE 'anonymous' END AS basis
      FROM visit v WHERE v.household IN (SELECT id FROM family) AND v.withdrawn_at IS NULL
      ORDER BY v.day DESC, v.id DESC LIMIT {}) p
JOIN person w ON w.id = p.performed_by
LEFT JOIN support s ON s.visit = p.id AND p.basis = 'consent' AND p.met = 'met'
LEFT JOIN catalogue_entry c ON c.code = s.service
ORDER BY p.day DESC, p.id DESC, s.line
"""
)


async def list_household_visits(household: UUID, limit: int = FIRST) -> list[VisitShown]:
    """The newest visits of a household already found, and of those merged into it."""
    shown: dict[UUID, VisitShown] = {}
    for line in await rows(_Row, _VISITS, household, limit):
        visit = shown.setdefault(
            line.id,
            VisitShown(line.id, line.day, line.met, line.basis == "anonymous", line.by_name),
        )
        name = line.name_en if current_language() == "en" else line.name_vi
        if name and line.outcome:
            visit.services.append((name, line.outcome))
    return list(shown.values())


async def list_residents(household: UUID, day: date | None = None) -> list[ResidentFound]:
    """The residents of a household already found and of those merged into it; given a day, those
    who still belong to it then."""
    there = SQL("(ended_on IS NULL OR ended_on > {})", day) if day else SQL("1 = 1")
    return await rows(
        ResidentFound,
        FAMILY + "SELECT id, household, name, age_band, sex, ended_on, version FROM resident"
        " WHERE household IN (SELECT id FROM family) AND {} ORDER BY sort, id",
        *(household, there),
    )


async def list_consents(household: UUID) -> list[ConsentFound]:
    """The consents of a household already found, newest first, those that ended too."""
    return await rows(
        ConsentFound,
        FAMILY + "SELECT c.id, c.household, c.resident, c.text_version, c.method, c.witness,"
        " p.name AS taken_by_name, c.at, c.withdrawn_at, c.replaced_at FROM consent c"
        " JOIN person p ON p.id = c.taken_by"
        " WHERE c.household IN (SELECT id FROM family) ORDER BY c.at DESC, c.id DESC LIMIT {}",
        *(household, MOST),
    )


@dataclass(frozen=True)
class MergedIn:
    """A household that was merged into another; `direct` into the very one shown."""

    id: UUID
    head: str
    code: str
    address: str


async def list_merged(household: UUID) -> list[MergedIn]:
    """The households merged into one already found, not those merged into these."""
    return await rows(
        MergedIn,
        "SELECT id, head, code, address FROM household WHERE merged_into = {} ORDER BY sort, id",
        household,
    )


def live_consents(consents: Sequence[ConsentFound]) -> list[ConsentFound]:
    """One consent for each resident, and one of the household, the newest that holds."""
    newest: dict[UUID | None, ConsentFound] = {}
    for consent in consents:
        if consent.holds:
            newest.setdefault(consent.resident, consent)
    return list(newest.values())
