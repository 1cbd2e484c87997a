"""Doors at which trainees are checked in: `python -m bench.checking ADDRESS COOKIE SESSION CLIENTS
SECONDS`, the trainees on standard input, one a line.

One mark a call; each tenth is a mark sent before, sent again. Prints JSON: calls answered,
seconds, milliseconds of each, and how many marks were new; another answer than was due fails.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from datetime import UTC, datetime
from itertools import count
from urllib.parse import urlsplit
from uuid import uuid4

from bench.sending import Failed

REPEATS = 0.1
STATES = ("present", "present", "present", "late", "excused")


class Door:
    """A client that checks people in over one connection."""

    def __init__(self, address: str, cookie: str, meeting: str) -> None:
        place = urlsplit(address)
        self.place, self.sent, self.dice = place, list[bytes](), random.Random()
        self.head = (
            f"POST /api/v1/sessions/{meeting}/attendance HTTP/1.1\r\nhost: {place.netloc}\r\n"
            f"cookie: {cookie}\r\ncontent-type: application/json\r\ncontent-length: "
        )

    def record(self, person: str) -> bytes:
        """A mark of now."""
        mark = {
            "nonce": str(uuid4()),
            "person": person,
            "state": self.dice.choice(STATES),
            "marked_at": datetime.now(UTC).isoformat(),
        }
        return json.dumps({"marks": [mark]}).encode()

    async def check_in(self, people: list[str], numbers: count[int], until: float) -> list[float]:
        """Send marks until the time is over; milliseconds of each."""
        reader, writer = await asyncio.open_connection(self.place.hostname, self.place.port)
        took = []
        while time.perf_counter() < until:
            again = bool(self.sent) and self.dice.random() < REPEATS
            body = (
                self.dice.choice(self.sent)
                if again
                else self.record(people[next(numbers) % len(people)])
            )
            begun = time.perf_counter()
            writer.write(f"{self.head}{len(body)}\r\n\r\n".encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = int(answer.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            said = await reader.readexactly(length)
            took.append((time.perf_counter() - begun) * 1000)
            if (b'"duplicate"' if again else b'"created"') not in said:
                raise Failed(answer.decode() + said.decode())
            if not again:
                self.sent.append(body)
        writer.close()
        return took


async def check_in(address: str, cookie: str, meeting: str, clients: int, seconds: float) -> str:
    """Let so many doors check people in for so long."""
    people, numbers = sys.stdin.read().split(), count()
    doors = [Door(address, cookie, meeting) for _ in range(clients)]
    begun = time.perf_counter()
    until = begun + seconds
    lists = await asyncio.gather(*(door.check_in(people, numbers, until) for door in doors))
    took = [ms for one in lists for ms in one]
    new = sum(len(door.sent) for door in doors)
    return json.dumps({"seconds": time.perf_counter() - begun, "ms": took, "new": new})


if __name__ == "__main__":
    address, cookie, meeting, clients, seconds = sys.argv[1:]
    try:
        print(asyncio.run(check_in(address, cookie, meeting, int(clients), float(seconds))))
    except Failed as failed:
        sys.exit(str(failed))
