"""Phones that send visits: `python -m bench.sending ADDRESS COOKIE CLIENTS SECONDS BATCH`, the
households on standard input, one a line.

Prints JSON: calls answered, seconds, and milliseconds of each; every visit must be created.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.parse import urlsplit
from uuid import uuid4

SERVICES = ("vneid_2", "pay_water", "qr_payment", "pay_electricity")
OUTCOMES = ("assisted", "independent", "pending")
DAYS = 300


class Failed(Exception):
    """The server answered something other than what was created."""


def record(dice: random.Random, homes: list[str], number: int) -> dict[str, object]:
    """A visit as a phone sends it, at some time of the last months."""
    at = datetime.now(UTC) - timedelta(days=1 + dice.randrange(DAYS), seconds=dice.randrange(36000))
    first, second = dice.sample(SERVICES, 2)
    return {
        "id": str(uuid4()),
        "household": homes[number % len(homes)],
        "met": "met",
        "met_at": at.isoformat(timespec="seconds"),
        "consent": "consent",
        "supports": [
            {"service": first, "outcome": dice.choice(OUTCOMES)},
            {"service": second, "outcome": dice.choice(OUTCOMES)},
        ],
        "app_version": "bench",
    }


async def phone(
    address: str, cookie: str, until: float, batch: int, homes: list[str], numbers: count[int]
) -> list[float]:
    """Send calls until the time is over; milliseconds of each."""
    place, dice = urlsplit(address), random.Random()
    reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=1 << 22)
    took = []
    while True:
        visits = [record(dice, homes, next(numbers)) for _ in range(batch)]
        body = json.dumps({"visits": visits}).encode()
        head = (
            f"POST /api/v1/visits/sync HTTP/1.1\r\nhost: {place.netloc}\r\ncookie: {cookie}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        begun = time.perf_counter()
        if begun >= until:
            break
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        said = await reader.readexactly(length)
        took.append((time.perf_counter() - begun) * 1000)
        if said.count(b'"created"') != batch:
            raise Failed(answer.decode() + said.decode())
    writer.close()
    return took


async def send(address: str, cookie: str, clients: int, seconds: float, batch: int) -> str:
    """Let so many phones send for so long."""
    homes, numbers = sys.stdin.read().split(), count()
    begun = time.perf_counter()
    lists = await asyncio.gather(
        *(phone(address, cookie, begun + seconds, batch, homes, numbers) for _ in range(clients))
    )
    took = [ms for one in lists for ms in one]
    return json.dumps({"seconds": time.perf_counter() - begun, "ms": took})


if __name__ == "__main__":
    address, cookie, clients, seconds, batch = sys.argv[1:]
    try:
        print(asyncio.run(send(address, cookie, int(clients), float(seconds), int(batch))))
    except Failed as failed:
        sys.exit(str(failed))
