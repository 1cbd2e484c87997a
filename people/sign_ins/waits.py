"""Patience with wrong tries: some are free, then come waits that double and always end.

A try is counted before it is made, so that tries sent all at once gain nothing. Nobody is locked
out for good: a stranger's tries from elsewhere slow an owner's own network only after many, and a
one-time link asks for no patience at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from kit import clock
from kit.database import run, transaction
from kit.errors import Refused
from kit.i18n import ngettext


@dataclass(frozen=True)
class Patience:
    """Tries that are free, the longest wait after more, and when all is forgotten."""

    free: int
    longest: timedelta
    forget: timedelta


MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
PATIENCE = {
    "pair": Patience(free=4, longest=MINUTE, forget=DAY),
    "phone": Patience(free=20, longest=MINUTE, forget=DAY),
    "address": Patience(free=50, longest=MINUTE, forget=timedelta(hours=1)),
    "account": Patience(free=4, longest=MINUTE, forget=DAY),
    "digits": Patience(free=30, longest=MINUTE, forget=timedelta(hours=1)),
    "guest": Patience(free=8, longest=MINUTE, forget=timedelta(hours=1)),
    "hall": Patience(free=100, longest=MINUTE, forget=timedelta(hours=1)),
    "naming": Patience(free=30, longest=MINUTE, forget=timedelta(hours=1)),
}
"""At a session's door: six digits from a network, names from a device, names from a network, which
a whole class may share."""
SHARED = {"address", "digits", "hall"}
"""What many honest people share: a right try takes back itself only."""


def keys_of(phone: str, address: str) -> list[str]:
    """What a try to sign in counts against, always in this order (so that locks never cross)."""
    network = network_of(address)
    return [f"pair:{phone} {network}", f"phone:{phone}", f"address:{network}"]


def network_of(address: str) -> str:
    """The address, or the /64 of an IPv6 one: whoever has one has them all."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return ":".join(parsed.exploded.split(":")[:4]) + "::/64"


async def take_turn(keys: list[str]) -> None:
    """Count a try for each key. Raises Refused (429, details: seconds) while one must wait."""
    now = clock.now()
    async with transaction():
        counts = [await _count(key, now) for key in keys]
        if any(open_at > now for _, open_at in counts):
            raise _too_many(max(int((at - now).total_seconds()) + 1 for _, at in counts))
        for key, (failures, _) in zip(keys, counts, strict=True):
            await run(
                "UPDATE sign_in_wait SET failures = {}, failed_at = {}, open_at = {}"
                " WHERE key = {}",
                *(failures, now, now + wait_after(key, failures), key),
            )


async def _count(key: str, now: datetime) -> tuple[int, datetime]:
    """How many tries there are with this one, and from when on one may try; locks the row."""
    found = await run(
        "INSERT INTO sign_in_wait (key, failures, failed_at, open_at) VALUES ({}, 0, {}, {})"
        " ON CONFLICT (key) DO UPDATE SET key = sign_in_wait.key"
        " RETURNING failures, failed_at, open_at",
        *(key, now, now),
    )
    past = found[0]
    old = past["failed_at"] < now - PATIENCE[_kind(key)].forget
    return (1 if old else past["failures"] + 1), past["open_at"]


def wait_after(key: str, failures: int) -> timedelta:
    """How long the next try must wait after so many."""
    patience = PATIENCE[_kind(key)]
    extra = failures - patience.free
    return min(timedelta(seconds=2 ** min(extra, 12)), patience.longest) if extra > 0 else 0 * DAY


async def give_back(keys: list[str]) -> None:
    """The try was right: forget those of its owner, and take this one off what is shared."""
    for key in keys:
        if _kind(key) in SHARED:
            await run(
                "UPDATE sign_in_wait SET failures = failures - 1, open_at = {} WHERE key = {}",
                *(clock.now(), key),
            )
        else:
            await run("DELETE FROM sign_in_wait WHERE key = {}", key)


def _kind(key: str) -> str:
    return key.partition(":")[0]


def _too_many(seconds: int) -> Refused:
    return Refused(
        ngettext(
            "Too many wrong tries. Please wait %(num)s second, then try again.",
            "Too many wrong tries. Please wait %(num)s seconds, then try again.",
            seconds,
        ),
        status=429,
        details=seconds,
    )
