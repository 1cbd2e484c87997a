"""The households a phone carries along: short, with what the visit form needs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit.database import SQL, all_of, among, rows
from kit.spells import as_of
from people.permissions import Who
from teams.households.due import due_rule
from teams.households.queries import households_of
from teams.households.reach import covering, set_by_hand, visible_households
from teams.households.residents import label_of

MOST = 2_000


@dataclass(frozen=True)
class PhoneResident:
    """A resident on a phone: the name, or age band and sex in words."""

    id: UUID
    label: str
    sex: str | None


@dataclass(frozen=True)
class PhoneHousehold:
    """A household on a phone; `services` are the codes of the last visit that was by name."""

    id: UUID
    head: str
    code: str
    address: str
    area: str
    phone: str | None
    due_on: date | None
    last_met_on: date | None
    team: UUID | None
    residents: tuple[PhoneResident, ...] = ()
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Home:
    id: UUID
    head: str
    code: str
    address: str
    area: str | None
    phone: str | None
    last_met_on: date | None
    team: UUID | None


@dataclass(frozen=True)
class _More:
    """A resident, or a service of the last visit by name."""

    household: UUID
    resident: UUID | None
    name: str | None
    age_band: str | None
    sex: str | None
    service: str | None


_HOMES = """
WITH mine AS (SELECT h.id, h.head, h.code, h.address, h.area, h.phone, h.last_met_on, h.sort
    FROM {} WHERE {} ORDER BY h.sort, h.id LIMIT {}),
places AS (SELECT DISTINCT area FROM mine),
served AS MATERIALIZED (SELECT d.area, {} AS team FROM places d)
SELECT h.id, h.head, h.code, h.address, s.name AS area, h.phone, h.last_met_on,
       coalesce({}, d.team) AS team
FROM mine h JOIN served d ON d.area = h.area
LEFT JOIN area_spell s ON s.area = h.area AND {} ORDER BY h.sort, h.id
"""
_MORE = """
SELECT household, resident, name, age_band, sex, service FROM (
WITH RECURSIVE mine AS (SELECT h.id FROM household h WHERE h.id IN {}),
family(top, id) AS (SELECT m.id, m.id FROM mine m
    UNION ALL SELECT f.top, z.id FROM household z JOIN family f ON z.merged_into = f.id
    WHERE z.merged_into IS NOT NULL)
SELECT f.top AS household, r.id AS resident, r.name, r.age_band, r.sex,
       NULL AS service, r.sort, 0 AS line
FROM family f JOIN resident r ON r.household = f.id
WHERE r.ended_on IS NULL OR r.ended_on > {}
UNION ALL
SELECT m.id, NULL, NULL, NULL, NULL, p.service, '', p.line FROM mine m
JOIN support p ON p.visit = (SELECT v.id FROM visit v WHERE v.household = m.id AND v.met = 'met'
    AND v.basis = 'consent' AND v.withdrawn_at IS NULL AND v.anonymised_at IS NULL
    ORDER BY v.day DESC, v.id DESC LIMIT 1)
) x ORDER BY sort, line
"""


async def list_for_phone(who: Who) -> list[PhoneHousehold]:
    """The households that a member's own team serves (or, without a team, those within reach, two
    thousand at most), by the given name of the head; three queries."""
    rule = await due_rule()
    homes_of = households_of(who, rule.today, who.own_team)
    there = SQL("h.merged_into IS NULL AND h.muted_since IS NULL")
    mine = there if who.own_team else all_of([there, visible_households(who, rule.today)])
    values = (covering(rule.today, "d"), set_by_hand(rule.today), as_of("s", rule.today))
    homes = await rows(_Home, _HOMES, homes_of, mine, MOST, *values)
    residents, services = await _more([home.id for home in homes], rule.today)
    return [
        PhoneHousehold(
            **{**home.__dict__, "area": home.area or ""},
            due_on=rule.of(home.last_met_on),
            residents=tuple(residents[home.id]),
            services=tuple(services[home.id]),
        )
        for home in homes
    ]


async def _more(
    homes: list[UUID], day: date
) -> tuple[dict[UUID, list[PhoneResident]], dict[UUID, list[str]]]:
    residents: dict[UUID, list[PhoneResident]] = defaultdict(list)
    services: dict[UUID, list[str]] = defaultdict(list)
    for line in await rows(_More, _MORE, among(homes), day):
        if line.resident:
            label = line.name or label_of(line.age_band or "", line.sex)
            residents[line.household].append(PhoneResident(line.resident, label, line.sex))
        elif line.service:
            services[line.household].append(line.service)
    return residents, services
