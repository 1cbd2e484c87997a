"""Serving: one process by itself, or several under a watchman; both stop within three seconds.

A request in flight is answered before the end. What takes longer than `PATIENCE_SECONDS` is cut
off, which is safe: a command is one transaction, so it is done and acknowledged or it is not done.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable

from granian import Granian
from granian.constants import Interfaces
from granian.server.embed import Server
from litestar.types import ASGIApp

from kit import i18n
from kit.errors import Refused

PATIENCE_SECONDS = 2
BACKLOG = 1024
APP = "app:app"


def serve_alone(app: ASGIApp, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve from this very process until SIGINT or SIGTERM."""
    refuse_taken(host, port)
    i18n.language.set("")
    asyncio.run(_serve(app, host, port, ready))
    _leave()


def _leave() -> None:
    """End the process now that all is answered and closed.

    The server's own threads may still be putting their last connection away, and an interpreter
    that is taken down around them aborts.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


async def _serve(app: ASGIApp, host: str, port: int, ready: Callable[[], None]) -> None:
    server = Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        backlog=BACKLOG,
        log_enabled=False,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _stop, server)
    loop.call_later(0, ready)
    await server.serve()


def _stop(server: Server) -> None:
    server.stop()  # type: ignore[no-untyped-call]
    deadline = threading.Timer(PATIENCE_SECONDS, os._exit, [0])
    deadline.daemon = True
    deadline.start()


def serve_many(host: str, port: int, workers: int, *, reload: bool = False) -> None:
    """Serve from several processes, each with its own loop, pool and scheduler."""
    refuse_taken(host, port)
    i18n.language.set("")
    Granian(
        APP,
        address=host,
        port=port,
        workers=workers,
        interface=Interfaces.ASGI,
        websockets=False,
        backlog=BACKLOG,
        log_enabled=False,
        reload=reload,
        respawn_failed_workers=not reload,
        workers_kill_timeout=PATIENCE_SECONDS,
    ).serve()


def refuse_taken(host: str, port: int) -> None:
    """Raise Refused when the address cannot be listened on."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Refused(
            f"Cannot listen on {host}:{port}: {error.strerror}. Choose another with PORT."
        ) from None
