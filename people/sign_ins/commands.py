"""Signing in and out, passwords, one-time links."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from pydantic import Field

from kit import clock
from kit.database import new_id, row, run, transaction, value
from kit.errors import NotFound, Refused
from kit.forms import Form, MaybePhone
from kit.i18n import gettext as _
from kit.settings import settings
from kit.spells import EVERYWHERE, as_of
from people.accounts.queries import find_account
from people.audit.commands import record
from people.permissions import Who
from people.sign_ins.passwords import (
    LONGEST,
    SHORTEST,
    hash_password,
    is_guessable,
    is_password,
    typed_password,
)
from people.sign_ins.queries import token_hash
from people.sign_ins.waits import give_back, keys_of, take_turn
from people.tables import Link, SignIn

LINK_MINUTES = 15
VISIT_HOURS = 12


class SignInForm(Form):
    """What a person signs in with. `keep` stays signed in for weeks on this device."""

    phone: MaybePhone = None
    password: str = Field(default="", max_length=LONGEST)
    keep: bool = False
    next: str = ""


@dataclass(frozen=True)
class _Keeper:
    account: UUID
    person: UUID
    name: str
    phone: str
    password_hash: str | None
    locked_at: datetime | None
    path: str


@dataclass(frozen=True)
class SignedIn:
    """A fresh sign-in: the token for the cookie, and how many seconds it lives (None: visit)."""

    token: str
    max_age: int | None


async def _keeper(condition: str, wanted: object) -> _Keeper | None:
    return await row(
        _Keeper,
        "SELECT c.id AS account, p.id AS person, p.name, c.phone, c.password_hash, c.locked_at,"
        " coalesce(a.path, '/') AS path FROM account c JOIN person p ON p.id = c.person"
        " LEFT JOIN area_spell a ON a.area = p.area AND {} WHERE " + condition,
        *(as_of("a", clock.today()), wanted),
    )


def _not_right() -> Refused:
    return Refused(_("The phone number or the password is not right. Please try again."))


async def sign_in(form: SignInForm, device: str, address: str, replaces: str = "") -> SignedIn:
    """Sign in with phone and password; the device's former sign-in, token `replaces`, ends.

    Raises Refused, slower after repeated wrong tries.
    """
    if not form.phone or not form.password:
        raise Refused(_("Enter your phone number and password."))
    keys = keys_of(form.phone, address)
    await take_turn(keys)
    keeper = await _keeper("c.phone = {}", form.phone)
    fits = await is_password(keeper.password_hash if keeper else None, form.password)
    if not fits or keeper is None:
        raise _not_right()
    async with transaction():
        if not await _holds("password_hash = {}", keeper.account, keeper.password_hash):
            raise _not_right()
        await give_back(keys)
        return await _open_sign_in(keeper, device, form.keep, "account.sign_in", replaces)


async def use_link(token: str, device: str, replaces: str = "") -> SignedIn:
    """Sign in with a one-time link. Raises Refused when it was used or is too old."""
    async with transaction():
        account = await value(
            "UPDATE link SET used_at = {} WHERE token_hash = {} AND used_at IS NULL"
            " AND expires_at > {} RETURNING account",
            *(clock.now(), token_hash(token), clock.now()),
        )
        keeper = await _keeper("c.id = {}", account) if account else None
        if keeper is None or not await _holds("phone = {}", keeper.account, keeper.phone):
            raise Refused(_("This link was used or is too old. Ask your coordinator for another."))
        return await _open_sign_in(keeper, device, True, "account.sign_in_by_link", replaces)


async def _holds(condition: str, account: UUID, wanted: object) -> bool:
    """Whether the account is still unlocked and as it was read; nobody changes it meanwhile."""
    held = await run(
        f"UPDATE account SET version = version WHERE id = {{}} AND locked_at IS NULL"
        f" AND {condition} RETURNING id",
        *(account, wanted),
    )
    return bool(held)


async def _open_sign_in(
    keeper: _Keeper, device: str, kept: bool, action: str, replaces: str
) -> SignedIn:
    token, now = secrets.token_urlsafe(32), clock.now()
    life = timedelta(days=settings().sign_in_days) if kept else timedelta(hours=VISIT_HOURS)
    if replaces:
        await run(
            "UPDATE sign_in SET ended_at = {} WHERE token_hash = {} AND ended_at IS NULL",
            *(now, token_hash(replaces)),
        )
    await SignIn.insert(
        SignIn(
            id=new_id(),
            token_hash=token_hash(token),
            account=keeper.account,
            device=device[:80],
            kept=int(kept),
            made_at=now,
            seen_at=now,
            expires_at=now + life,
            ended_at=None,
        )
    )
    who = Who(person=keeper.person, account=keeper.account, name=keeper.name)
    after = {"device": device[:80]}
    await record(who, action, keeper.person, keeper.name, path=keeper.path, after=after)
    return SignedIn(token, int(life.total_seconds()) if kept else None)


async def touch_sign_in(sign_in_id: UUID) -> int | None:
    """Note that a device was seen, and let a kept sign-in roll on: the seconds it lives now."""
    now, days = clock.now(), timedelta(days=settings().sign_in_days)
    kept = await value(
        "UPDATE sign_in SET seen_at = {}, expires_at = CASE kept WHEN 1 THEN {} ELSE expires_at END"
        " WHERE id = {} AND ended_at IS NULL RETURNING kept",
        *(now, now + days, sign_in_id),
    )
    return int(days.total_seconds()) if kept else None


async def touch_token(token_id: UUID) -> None:
    """Note that an API token was used."""
    await run("UPDATE api_token SET used_at = {} WHERE id = {}", clock.now(), token_id)


async def end_sign_in(by: Who, sign_in_id: UUID) -> None:
    """Sign one of one's own devices out. Twice is the same as once."""
    async with transaction():
        found = await SignIn.select(SignIn.device, SignIn.ended_at).where(
            (SignIn.id == sign_in_id) & (SignIn.account == by.account)
        )
        if not found:
            raise NotFound
        if found[0]["ended_at"] is None:
            await SignIn.update({SignIn.ended_at: clock.now()}).where(SignIn.id == sign_in_id)
            before, path = {"device": found[0]["device"]}, await _own_path(by)
            await record(by, "account.sign_out", by.person, by.name, path=path, before=before)


async def _own_path(by: Who) -> str:
    keeper = await _keeper("c.id = {}", by.account)
    return keeper.path if keeper else EVERYWHERE


async def end_other_sign_ins(by: Who) -> None:
    """Sign every other device of one's own out."""
    if not by.account:
        raise NotFound
    async with transaction():
        await end_sign_ins(by.account, keep=by.sign_in)
        await record(by, "account.sign_out_others", by.person, by.name, path=await _own_path(by))


async def end_all_sign_ins(by: Who, account_id: UUID) -> None:
    """Sign every device of an account out. Raises NotFound or Forbidden by reach."""
    account = await find_account(by, account_id, "account.edit")
    async with transaction():
        await end_sign_ins(account_id)
        await record(by, "account.sign_out_all", account.person, account.name, path=account.path)


class PasswordForm(Form):
    """A new password, and the old one where there is one."""

    old_password: str = Field(default="", max_length=LONGEST)
    new_password: str = Field(default="", max_length=LONGEST)


async def change_password(by: Who, form: PasswordForm) -> None:
    """Set one's own password; every other device is signed out. Raises Refused, also for wrong
    tries at the old one, which slow down like those at the door."""
    keeper = await _keeper("c.id = {}", by.account)
    if keeper is None:
        raise NotFound
    refuse_weak(form.new_password, keeper.phone)
    if keeper.password_hash is not None:
        keys = [f"account:{keeper.account}"]
        await take_turn(keys)
        if not await is_password(keeper.password_hash, form.old_password):
            raise Refused(fields={"old_password": _("This is not your present password.")})
        await give_back(keys)
    await store_password(by, keeper.account, form.new_password, keep=by.sign_in)


def refuse_weak(password: str, phone: str = "") -> None:
    """Raise Refused for a password that is short or that anybody would try first."""
    if len(typed_password(password)) < SHORTEST:
        sentence = _("Choose a password of at least %(count)s characters.", count=SHORTEST)
    elif is_guessable(password, phone):
        sentence = _("This password is easy to guess. Choose another, such as three or four words.")
    else:
        return
    raise Refused(fields={"new_password": sentence})


async def store_password(
    by: Who, account: UUID, password: str, *, keep: UUID | None = None
) -> None:
    """Store a password of an account and end its sign-ins but `keep`. Raises Refused if weak."""
    keeper = await _keeper("c.id = {}", account)
    if keeper is None:
        raise NotFound
    refuse_weak(password, keeper.phone)
    hashed = await hash_password(password)
    async with transaction():
        await run(
            "UPDATE account SET password_hash = {}, version = version + 1 WHERE id = {}",
            *(hashed, account),
        )
        await end_sign_ins(account, keep=keep)
        await record(by, "account.password", keeper.person, keeper.name, path=keeper.path)


async def end_sign_ins(account: UUID, *, keep: UUID | None = None) -> None:
    """End every sign-in of an account but one, and its unused links."""
    now = clock.now()
    await run(
        "UPDATE sign_in SET ended_at = {} WHERE account = {} AND ended_at IS NULL"
        + (" AND id <> {}" if keep else ""),
        *([now, account, keep] if keep else [now, account]),
    )
    await run("UPDATE link SET used_at = {} WHERE account = {} AND used_at IS NULL", now, account)


async def make_link(by: Who, account_id: UUID) -> str:
    """The token of a one-time sign-in link for an account within reach, good for 15 minutes.

    Links made before are worth nothing from now on. Raises Refused for a locked account.
    """
    account = await find_account(by, account_id, "account.link")
    token, now = secrets.token_urlsafe(24), clock.now()
    async with transaction():
        if account.locked_at:
            raise Refused(_("This account is locked. Unlock it first."))
        await run(
            "UPDATE link SET used_at = {} WHERE account = {} AND used_at IS NULL", now, account_id
        )
        await Link.insert(
            Link(
                id=new_id(),
                token_hash=token_hash(token),
                account=account_id,
                made_by=by.person,
                made_at=now,
                expires_at=now + timedelta(minutes=LINK_MINUTES),
                used_at=None,
            )
        )
        await record(by, "account.link", account.person, account.name, path=account.path)
    return token


class LanguageForm(Form):
    """The language to read in, and the page to come back to."""

    language: Literal["vi", "en"]
    back: str = "/"


async def save_language(by: Who, form: LanguageForm) -> None:
    """Keep one's own language with the account. Twice is the same as once."""
    if by.account is None or by.language == form.language:
        return
    async with transaction():
        await run(
            "UPDATE account SET language = {}, version = version + 1 WHERE id = {}",
            *(form.language, by.account),
        )
        before, after = {"language": by.language}, {"language": form.language}
        await record(by, "account.look", by.person, by.name, before=before, after=after)
