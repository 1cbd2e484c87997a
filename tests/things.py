"""Things the small world lacks, written straight into the tables."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import insert_many, new_id, value
from kit.text import fold, sort_key, sort_key_title
from notices.choices.commands import TRIAL
from notices.commands import notify
from notices.words import Words
from people.tables import Batch
from places.tables import Office, OfficeSpell
from teams.households.tables import Consent, Resident
from tests.world import id_of


async def an_office(name: str, area: UUID) -> UUID:
    """An office in an area since 2020."""
    office = new_id()
    await Office.insert(Office(id=office))
    await OfficeSpell.insert(
        OfficeSpell(
            id=new_id(),
            office=office,
            name=name,
            fold=fold(name),
            sort=sort_key_title(name),
            area=area,
            since=date(2020, 1, 1),
            until=None,
            version=1,
        )
    )
    return office


async def an_official(person: UUID, office: UUID, **more: Any) -> UUID:
    """A person's work in an office since 2020."""
    official = {"id": new_id(), "person": person, "office": office, "category": "civil_servant"}
    spell = {"job": "Chuyên viên", "since": date(2020, 1, 1), "until": None, "version": 1}
    await insert_many("official", [{**official, **spell, **more}])
    await value("UPDATE person SET office = {} WHERE id = {} RETURNING id", office, person)
    found = await value("SELECT id FROM official WHERE person = {} AND until IS NULL", person)
    return UUID(str(found))


async def a_move(area: UUID) -> UUID:
    """An assignment that moved nobody, made in an area."""
    path = await value("SELECT path FROM area_spell WHERE area = {} AND until IS NULL", area)
    batch = new_id()
    await Batch.insert(
        Batch(
            id=batch,
            kind="assignment",
            title="Tổ CNSCĐ ấp 1",
            path=path,
            made_at=clock.now(),
            made_by=None,
            counts="{}",
            undone_at=None,
            undone_by=None,
        )
    )
    return batch


async def a_resident(head: str) -> dict[str, str]:
    """A household by its head, with somebody who agreed to be named, and that consent."""
    household, resident, consent = await id_of(head), new_id(), new_id()
    name = "Nguyễn Văn Bảy"
    await Resident.insert(
        Resident(
            id=resident,
            household=household,
            name=name,
            fold=fold(name),
            sort=sort_key(name),
            age_band="60_up",
            sex="male",
            made_at=clock.now(),
            made_by=None,
            ended_on=None,
            anonymised_at=None,
            version=1,
        )
    )
    await Consent.insert(
        Consent(
            id=consent,
            household=household,
            resident=resident,
            visit=None,
            text_version=1,
            method="tapped",
            witness="",
            taken_by=await id_of("Hồ Minh Hoàng"),
            at=clock.now(),
            withdrawn_at=None,
            withdrawn_by=None,
            replaced_at=None,
        )
    )
    return {"household": str(household), "resident": str(resident), "consent": str(consent)}


async def a_follow_up(visit: UUID, **more: Any) -> str:
    """A follow-up of a visit, due today unless said otherwise; its id."""
    household = await value("SELECT household FROM visit WHERE id = {}", visit)
    follow_up = {"id": new_id(), "visit": visit, "household": household, "due_on": clock.today()}
    await insert_many("follow_up", [{**follow_up, "made_at": clock.now(), **more}])
    return str(follow_up["id"])


async def a_notice(person: UUID) -> dict[str, str]:
    """A notice to a person, with its delivery on the page."""
    await notify([person], TRIAL.key, "thing", "", Words("Settings changed"), "/")
    notice = await value("SELECT id FROM notice WHERE person = {}", person)
    delivery = await value("SELECT id FROM delivery WHERE notice = {}", notice)
    return {"notice": str(notice), "delivery": str(delivery)}
