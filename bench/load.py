"""A load that costs little: `python -m bench.load ADDRESS COOKIE CLIENTS SECONDS PATH…`.

Prints JSON: requests answered, seconds, and milliseconds of each. It runs as its own process and
parses no more of an answer than it must, so that the server gets the cores.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from itertools import cycle
from urllib.parse import urlsplit


class Failed(Exception):
    """The server answered something other than 200."""


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
    """Send one request and read the whole answer; its size in bytes."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head[:16]:
        raise Failed(head.partition(b"\r\n")[0].decode() + f" to {request.split(b' ')[1]!r}")
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    await reader.readexactly(length)
    return length


async def client(address: str, cookie: str, paths: list[str], until: float) -> list[float]:
    """Ask the paths in turn, once at least, until the time is over; milliseconds of each."""
    place = urlsplit(address)
    reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=1 << 22)
    took: list[float] = []
    for path in cycle(paths):
        heads = f"host: {place.netloc}\r\ncookie: {cookie}\r\naccept-encoding: gzip\r\n"
        request = f"GET {path} HTTP/1.1\r\n{heads}\r\n"
        begun = time.perf_counter()
        if took and begun >= until:
            break
        await ask(reader, writer, request.encode())
        took.append((time.perf_counter() - begun) * 1000)
    writer.close()
    return took


async def load(address: str, cookie: str, clients: int, seconds: float, paths: list[str]) -> str:
    """Let so many clients ask for so long."""
    begun = time.perf_counter()
    lists = await asyncio.gather(
        *(client(address, cookie, paths, begun + seconds) for _ in range(clients))
    )
    took = [ms for one in lists for ms in one]
    return json.dumps({"seconds": time.perf_counter() - begun, "ms": took})


if __name__ == "__main__":
    address, cookie, clients, seconds, *paths = sys.argv[1:]
    try:
        print(asyncio.run(load(address, cookie, int(clients), float(seconds), paths)))
    except Failed as failed:
        sys.exit(str(failed))
