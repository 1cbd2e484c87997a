"""A visit as a card: all that was told, in words, and its past in sentences."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import ON_SQLITE, row, rows
from kit.i18n import N_
from kit.i18n import gettext as _
from kit.pages import moment
from kit.spells import as_of
from teams.catalogues.queries import Catalogues
from teams.households.history import list_residents
from teams.visits.queries import VersionFound, VisitFound
from teams.visits.words import outcome_word


@dataclass(frozen=True)
class Given:
    """A service given in a visit, as stored, with the resident who was helped."""

    service: str
    outcome: str
    obstacle: str | None
    referral: str | None
    resident: str | None
    name: str | None


@dataclass(frozen=True)
class Parts:
    """What hangs on a visit: services, who took part, the consent, the appointment."""

    supports: list[Given] = field(default_factory=list)
    people: list[dict[str, str]] = field(default_factory=list)
    consent_text: int | None = None
    consent_method: str | None = None
    witness: str = ""
    taker: str | None = None
    due_on: date | None = None
    due_closed: str = ""
    due_referral: str | None = None

    @property
    def names(self) -> list[str]:
        """Who took part, by given name."""
        return [person["name"] for person in self.people]


def _packed(table: str, columns: tuple[str, ...], order: str) -> str:
    """Rows of a subquery as one text of JSON, on either engine."""
    pairs = ", ".join(f"'{column}', z.{column}" for column in columns)
    if ON_SQLITE:
        return f"(SELECT json_group_array(json_object({pairs})) FROM ({table} ORDER BY {order}) z)"
    made = f"json_agg(json_build_object({pairs}))"
    return f"(SELECT CAST({made} AS text) FROM ({table} ORDER BY {order}) z)"


_SUPPORTS = _packed(
    "SELECT s.service, s.outcome, s.obstacle, s.referral, s.resident, r.name FROM support s"
    " LEFT JOIN resident r ON r.id = s.resident WHERE s.visit = v.id",
    ("service", "outcome", "obstacle", "referral", "resident", "name"),
    "s.line",
)
_PEOPLE = _packed(
    "SELECT p.id, p.name FROM participant x JOIN person p ON p.id = x.person WHERE x.visit = v.id",
    ("id", "name"),
    "p.sort, p.id",
)
_PARTS = f"""
SELECT {_SUPPORTS} AS supports, {_PEOPLE} AS people, c.text_version AS consent_text,
       c.method AS consent_method, coalesce(c.witness, '') AS witness, k.name AS taker,
       f.due_on, coalesce(f.closed_why, '') AS due_closed, f.referral AS due_referral
FROM visit v
LEFT JOIN consent c ON c.id = (SELECT y.id FROM consent y WHERE y.visit = v.id
    AND y.replaced_at IS NULL ORDER BY y.at DESC, y.id DESC LIMIT 1)
LEFT JOIN person k ON k.id = c.taken_by
LEFT JOIN follow_up f ON f.id = (SELECT g.id FROM follow_up g WHERE g.visit = v.id
    ORDER BY g.made_at DESC, g.id DESC LIMIT 1)
WHERE v.id = {{}}
"""


def _parts(**columns: Any) -> Parts:
    given = [Given(**line) for line in json.loads(columns.pop("supports") or "[]")]
    people = json.loads(columns.pop("people") or "[]")
    return Parts(supports=given, people=people, **columns)


async def find_parts(visit: UUID) -> Parts:
    """What hangs on a visit already found; one query."""
    return await row(_parts, _PARTS, visit) or Parts()


@dataclass(frozen=True)
class SupportWords:
    """A service given, in words."""

    service: str
    outcome: str
    obstacle: str
    referral: str
    resident: str

    @property
    def more(self) -> str:
        """What stood in the way and who was asked to go on."""
        told = []
        if self.obstacle:
            told.append(_("Obstacle: %(obstacle)s", obstacle=self.obstacle))
        if self.referral:
            told.append(_("Referred to: %(referral)s", referral=self.referral))
        return " · ".join(told)


def supports_in_words(
    visit: VisitFound, supports: list[Given], known: Catalogues
) -> list[SupportWords]:
    """The services of a visit in words; nobody is named where nobody wished to be."""
    return [
        SupportWords(
            known.name(given.service),
            outcome_word(given.outcome),
            known.name(given.obstacle),
            known.name(given.referral),
            "" if visit.nameless else given.name or "",
        )
        for given in supports
    ]


FIELDS = {
    "met_at": N_("day and time"),
    "met": N_("whether somebody was met"),
    "place": N_("place"),
    "consent": N_("consent"),
    "supports": N_("services and outcomes"),
    "note": N_("note"),
    "performed_by": N_("who performed it"),
    "participants": N_("who took part"),
}


def past_of(visit: VisitFound, versions: list[VersionFound], parts: Parts) -> list[tuple[str, str]]:
    """The past of a visit in sentences, the newest first: (instant as written, sentence)."""
    later, told = _content(visit, parts), list[tuple[str, str]]()
    for version in versions:
        earlier = json.loads(version.content)
        ended = bool(visit.withdrawn_at) and version is versions[0]
        told.append((moment(version.at), _sentence(version, earlier, later, ended)))
        later = earlier
    entered = _("%(name)s entered the visit.", name=visit.enterer)
    return [*told, (moment(visit.received_at), entered)]


def _sentence(
    version: VersionFound, earlier: Mapping[str, Any], later: Mapping[str, Any], ended: bool
) -> str:
    changed = [_(word) for key, word in FIELDS.items() if earlier.get(key) != later.get(key)]
    values = {
        "name": version.name or "Tổ Số",
        "why": version.why.rstrip("."),
        "what": ", ".join(changed),
    }
    if ended:
        return _("%(name)s withdrew the visit: %(why)s.", **values)
    if not changed:  # the follow-up, or how consent was given
        return _("%(name)s saved the visit again: %(why)s.", **values)
    return _("%(name)s changed %(what)s: %(why)s.", **values)


def _content(visit: VisitFound, parts: Parts) -> dict[str, Any]:
    """What a visit says now, as its earlier versions are kept."""
    kept = ("service", "outcome", "obstacle", "referral", "resident")
    return {
        "met": visit.met,
        "met_at": visit.met_at.isoformat(),
        "place": visit.place,
        "consent": visit.basis,
        "performed_by": str(visit.performed_by),
        "note": visit.note,
        "supports": [{key: getattr(given, key) for key in kept} for given in parts.supports],
        "participants": [person["id"] for person in parts.people],
    }


def local_time(visit: VisitFound) -> str:
    """The local time of a visit, as it is typed."""
    return f"{visit.met_at.astimezone(clock.LOCAL):%H:%M}"


@dataclass(frozen=True)
class Mate:
    """Somebody who may have taken part."""

    id: UUID
    name: str


async def list_mates(team: UUID, day: date) -> list[Mate]:
    """The members of a team on a day, by given name. For a team already found."""
    return await rows(
        Mate,
        "SELECT p.id, p.name FROM membership m JOIN person p ON p.id = m.person"
        " WHERE m.team = {} AND {} ORDER BY p.sort, p.id",
        *(team, as_of("m", day, "joined_on", "left_on")),
    )


async def choices_helped(visit: VisitFound) -> list[tuple[UUID, str]]:
    """Whom a visit may have helped: those of the household who are or were written down. Where
    nobody wished to be named, only those without a name."""
    found = await list_residents(visit.household) if visit.household else []
    return [(one.id, one.label) for one in found if not (visit.nameless and one.name)]
