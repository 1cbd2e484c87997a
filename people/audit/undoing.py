"""Acts that can be taken back from the log; the rooms above say which, and by what address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from kit.database import SQL, among, run
from people.permissions import Who


@dataclass(frozen=True)
class Undo:
    """How an act is taken back: who may (`verb`), where a form is posted to (`address`, with {}
    for the subject), and the query of the subjects among ids (`still`) that can be so today."""

    verb: str
    address: str
    still: str


_UNDOS: dict[str, Undo] = {}


def offer_undo(action: str, undo: Undo) -> None:
    """Let lines of an action offer to take it back."""
    _UNDOS[action] = undo


async def find_undos(
    who: Who, acts: Iterable[tuple[str, UUID | None, str]]
) -> set[tuple[str, UUID]]:
    """Those of the acts (action, subject, path) that `who` may take back today; one query for each
    kind of act that is there."""
    subjects: dict[str, set[UUID]] = {}
    for action, subject, path in acts:
        undo = _UNDOS.get(action)
        if undo and subject and who.reaches(undo.verb, path):
            subjects.setdefault(action, set()).add(subject)
    found = set()
    for action, ids in subjects.items():
        for row in await run("{}", SQL(_UNDOS[action].still, among(sorted(ids)))):
            found.add((action, row["id"]))
    return found


def undo_address(action: str, subject: UUID) -> str:
    """Where an act on a subject is taken back by a POST."""
    return _UNDOS[action].address.format(subject)
