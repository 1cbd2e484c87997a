"""To tell somebody: the rows of a notice, in the transaction of what it tells of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit import clock
from kit.database import BATCH, SQL, among, insert_many, new_id, rows, run, transaction
from kit.pages import is_inside
from kit.settings import settings
from notices.hours import find_quiet_hours
from notices.kinds import NoticeKind, kind_of
from notices.words import Words


@dataclass(frozen=True)
class Secret:
    """A path that must not be kept longer than its mail needs it; then `veil` takes its place."""

    path: str
    veil: str


def open_path(path: str) -> Secret:
    """A path for which nobody signs in, so that a mail leads there whoever has no account too."""
    return Secret(path, path)


Link = str | Secret | Mapping[UUID, str] | Mapping[UUID, Secret]
"""Where a notice leads: a path of this app for everybody, a secret one, or each person's own."""


@dataclass(frozen=True)
class _Told:
    id: UUID
    person: UUID


@dataclass(frozen=True)
class _Reached:
    id: UUID


async def notify(
    persons: Iterable[UUID],
    kind: str,
    subject: UUID | str,
    slot: str,
    words: Words,
    link: Link,
    *,
    until: datetime | None = None,
) -> int:
    """Tell persons something, within the caller's transaction; how many had not been told yet.

    The key is (kind, subject, person, slot): however often it is called, by however many
    processes, each person has one notice, and one mail if the kind goes by mail, mail is set up
    and the person has an address and wants it. `slot` tells occasions of the same subject apart
    (a day, a version); "" for a thing that happens once. `link` is a path of this app, or each
    person's own. Mail leaves after the commit, by the sweep; if the caller rolls back, nobody was
    told. After `until` a mail that still waits helps nobody and is dropped.
    Raises KeyError for a kind that nobody offers, ValueError for a link that leads elsewhere.
    """
    offered, chosen, told = kind_of(kind), sorted(set(persons)), 0
    what = (offered.key, str(subject), slot, words.packed())
    async with transaction():
        for start in range(0, len(chosen), BATCH):
            some = chosen[start : start + BATCH]
            fresh = await _write([(one, *what, *_place(link, one)) for one in some])
            await _hand_over(offered, fresh, until)
            told += len(fresh)
    return told


def _place(link: Link, person: UUID) -> tuple[str, str]:
    """The path that a person is led to, and what takes its place after the mail."""
    own = link[person] if isinstance(link, Mapping) else link
    path, veil = (own.path, own.veil) if isinstance(own, Secret) else (own, "")
    if not (is_inside(path) and is_inside(veil or "/")):
        raise ValueError(path)
    return path, veil


async def _write(lines: Sequence[tuple[object, ...]]) -> list[_Told]:
    """The notices that were not there before, in the order of ids so that two never deadlock."""
    now = clock.now()
    places = ", ".join(["({}, {}, {}, {}, {}, {}, {}, {}, {})"] * len(lines))
    values = [value for line in lines for value in (new_id(), *line, now)]
    return await rows(
        _Told,
        "INSERT INTO notice (id, person, kind, subject, slot, words, link, veil, made_at)"
        f" VALUES {places} ON CONFLICT DO NOTHING RETURNING id, person",
        *values,
    )


async def _hand_over(kind: NoticeKind, told: Sequence[_Told], until: datetime | None) -> None:
    """The ways on which fresh notices go: the page at once, mail when it may."""
    if not told:
        return
    now = clock.now()
    ways = [_way(one.id, "page", kind, "sent", sent_at=now) for one in told]
    if "email" in kind.channels and settings().smtp_url:
        due = (await find_quiet_hours()).after(now) if kind.quiet else now
        wanted = await _reached_by_mail(kind, told)
        mailed = [one.id for one in told if one.person in wanted]
        ways += [_way(one, "email", kind, "waiting", next_at=due, until=until) for one in mailed]
    await insert_many("delivery", ways)


async def _reached_by_mail(kind: NoticeKind, told: Sequence[_Told]) -> set[UUID]:
    found = await rows(
        _Reached,
        "SELECT p.id FROM person p WHERE p.id IN {} AND p.email IS NOT NULL AND p.email <> ''"
        " AND NOT EXISTS (SELECT 1 FROM notice_preference f WHERE f.person = p.id"
        " AND f.kind = {} AND f.channel = 'email' AND f.wanted = 0)",
        *(among([one.person for one in told]), kind.key),
    )
    return {one.id for one in found}


def _way(
    notice: UUID,
    channel: str,
    kind: NoticeKind,
    state: str,
    *,
    sent_at: datetime | None = None,
    next_at: datetime | None = None,
    until: datetime | None = None,
) -> dict[str, object]:
    return {
        "id": new_id(),
        "notice": notice,
        "channel": channel,
        "state": state,
        "quiet": int(kind.quiet),
        "attempts": 0,
        "next_at": next_at,
        "sent_at": sent_at,
        "useful_until": until,
    }


async def take_back(kind: str, subject: UUID) -> None:
    """Let no letter of a kind about a subject go out that still waits, for what it says holds no
    longer; within the caller's transaction. The notice in the inbox stays."""
    told = SQL("SELECT n.id FROM notice n WHERE n.kind = {} AND n.subject = {}", kind, str(subject))
    await run(
        "UPDATE delivery SET state = 'dropped', next_at = NULL, result = 'overtaken'"
        " WHERE state = 'waiting' AND notice IN ({})",
        told,
    )


async def hide_secret(delivery: UUID) -> None:
    """Let the secret address of a notice go, for its letter needs it no more; the line that it went
    out stays."""
    await run(
        "UPDATE notice SET link = veil WHERE veil <> ''"
        " AND id = (SELECT d.notice FROM delivery d WHERE d.id = {})",
        delivery,
    )


async def purge_notices(before: datetime) -> int:
    """Delete notices made before an instant, with what became of them; how many."""
    return len(await run("DELETE FROM notice WHERE made_at < {} RETURNING 1 AS one", before))
