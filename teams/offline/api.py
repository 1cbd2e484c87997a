"""The snapshot for phones: /api/v1/offline/snapshot."""

from __future__ import annotations

import hashlib
from typing import Any

from litestar import Request, Response, get
from litestar.serialization import encode_json
from litestar.types import ControllerRouterHandler

from kit.openapi import problems
from people.audit.commands import record
from people.permissions import Who
from people.sign_ins.door import Asker, may
from teams.offline.snapshot import Snapshot, make_snapshot

Asking = Request[Any, Any, Any]


@get(
    "/offline/snapshot",
    guards=[may("visit.log")],
    summary="What a phone carries along",
    tags=["offline"],
    responses=problems(),
)
async def get_snapshot(request: Asking, who: Asker) -> Response[Snapshot]:
    """The households of whoever asks, with what the visit form needs, to work without network.

    Ask again with the `ETag` in `If-None-Match`: 304 while nothing has changed.
    """
    snapshot = await make_snapshot(who)
    tag = f'"{hashlib.sha256(encode_json(snapshot)).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-store"}
    if request.headers.get("if-none-match", "") in (tag, f"W/{tag}"):
        return Response(None, status_code=304, headers=headers)  # type: ignore[arg-type]
    await _told(who, snapshot)
    return Response(snapshot, headers=headers)


async def _told(who: Who, snapshot: Snapshot) -> None:
    shown = {"shown": len(snapshot.households)}
    await record(who, "household.list", path=who.first_path("household.read"), after=shown)


ROUTES: list[ControllerRouterHandler] = [get_snapshot]
