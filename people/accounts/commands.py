"""Accounts: make, lock and unlock; roles: give and end; how the pages look to the owner."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator

from kit import clock
from kit.database import new_id, refusing, run, transaction
from kit.errors import Forbidden, NotFound, Refused
from kit.forms import Form, Maybe, Phone
from kit.i18n import gettext as _
from people.accounts.queries import find_account, list_grants
from people.audit.commands import record
from people.permissions import Who
from people.persons.queries import find_person
from people.reach import choices_areas
from people.sign_ins.commands import end_sign_ins
from people.tables import Account, RoleGrant


class AccountForm(Form):
    """Whose account, and the phone to sign in with."""

    person: UUID
    phone: Phone


def _clashes() -> dict[str, str]:
    taken = _("Another account signs in with this phone.")
    has_one = _("This person has an account already.")
    return {
        "account_phone_key": taken,
        "account.phone": taken,
        "account_person_key": has_one,
        "account.person": has_one,
    }


async def create_account(by: Who, form: AccountForm) -> UUID:
    """Make an account without a password: its owner comes in by link first.

    Raises Refused when the person has one, or another account uses the phone.
    """
    account = new_id()
    async with transaction():
        person = await find_person(by, form.person, "account.edit")
        with refusing(_clashes()):
            await Account.insert(
                Account(
                    id=account,
                    person=form.person,
                    phone=form.phone,
                    password_hash=None,
                    locked_at=None,
                    language="vi",
                    theme="auto",
                    text_size=17,
                    made_at=clock.now(),
                    version=1,
                )
            )
        await record(by, "account.create", form.person, person.name, path=person.path)
    return account


async def lock_account(by: Who, account_id: UUID, *, locked: bool) -> None:
    """Lock an account, which signs its devices out, or unlock it. Twice is the same as once."""
    account = await find_account(by, account_id, "account.edit")
    if account.person == by.person:
        raise Refused(_("You cannot lock your own account."))
    if bool(account.locked_at) == locked:
        return
    async with transaction():
        await run(
            "UPDATE account SET locked_at = {}, version = version + 1 WHERE id = {}",
            *(clock.now() if locked else None, account_id),
        )
        if locked:
            await end_sign_ins(account_id)
        action = "account.lock" if locked else "account.unlock"
        await record(by, action, account.person, account.name, path=account.path)


class GrantForm(Form):
    """A role within an area and below; an admin's has no area."""

    role: Literal["admin", "coordinator", "trainer", "viewer"]
    area: Annotated[UUID | None, Maybe] = None


async def grant_role(by: Who, person_id: UUID, form: GrantForm) -> UUID:
    """Give a role from today on. Raises Refused when held already or the area is missing."""
    area = None if form.role == "admin" else form.area
    if form.role != "admin" and area is None:
        raise Refused(fields={"area": _("Choose the area in which the role holds.")})
    if area and area not in {c.id for c in await choices_areas(by, "account.grant")}:
        raise Forbidden
    grant = new_id()
    async with transaction():
        person = await find_person(by, person_id, "account.grant")
        with refusing({"role_grant": _("This person holds this role there already.")}):
            await RoleGrant.insert(
                RoleGrant(
                    id=grant,
                    person=person_id,
                    role=form.role,
                    area=area,
                    since=clock.today(),
                    until=None,
                    given_by=by.person,
                )
            )
        after = {"role": form.role, "area": area}
        await record(by, "role.grant", person_id, person.name, path=person.path, after=after)
    return grant


async def end_grant(by: Who, person_id: UUID, grant_id: UUID) -> None:
    """End a role today; it counts no more at once. Twice is the same as once."""
    async with transaction():
        person = await find_person(by, person_id, "account.grant")
        grant = next((g for g in await list_grants(person_id) if g.id == grant_id), None)
        if grant is None:
            raise NotFound
        if grant.until:
            return
        if grant.role == "admin" and person_id == by.person:
            raise Refused(_("You cannot end your own admin role. Another admin can."))
        await run("UPDATE role_grant SET until = {} WHERE id = {}", clock.today(), grant_id)
        before = {"role": grant.role, "area": grant.area_name}
        await record(by, "role.end", person_id, person.name, path=person.path, before=before)


class LookForm(Form):
    """Language, colours and size of text, for one's own eyes."""

    language: Literal["vi", "en"]
    theme: Literal["auto", "light", "dark"]
    text_size: Annotated[Literal[17, 20, 23], BeforeValidator(int)]


async def save_look(by: Who, form: LookForm) -> None:
    """Keep how the pages look for oneself."""
    async with transaction():
        await run(
            "UPDATE account SET language = {}, theme = {}, text_size = {}, version = version + 1"
            " WHERE id = {}",
            *(form.language, form.theme, form.text_size, by.account),
        )
        after = form.model_dump()
        await record(by, "account.look", by.person, by.name, path=by.home_path or "/", after=after)
