"""Batches: what was changed at one go, by whom, and whether it was undone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.database import row
from kit.errors import NotFound
from people.permissions import Who


@dataclass(frozen=True)
class BatchFound:
    """A batch; `counts` is JSON, `path` the area it happened in."""

    id: UUID
    kind: str
    title: str
    path: str
    made_at: datetime
    made_by: UUID | None
    counts: str
    undone_at: datetime | None


_VERBS = {"assignment": "member.assign"}


def ruled_by(kind: str, verb: str) -> None:
    """Let batches of a kind be found, and undone, by who holds a verb where they happened."""
    _VERBS[kind] = verb


async def find_batch(who: Who, batch_id: UUID) -> BatchFound:
    """A batch within reach. Raises NotFound."""
    found = await row(
        BatchFound,
        "SELECT id, kind, title, path, made_at, made_by, counts, undone_at FROM batch"
        " WHERE id = {}",
        batch_id,
    )
    if found is None or not who.reaches(_VERBS[found.kind], found.path):
        raise NotFound
    return found
