"""Attendance for programs and phones: /api/v1/sessions/{id}/attendance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from pydantic import Field

from kit.bodies import check_json, read_json
from kit.errors import Refused
from kit.forms import Form
from kit.i18n import gettext as _
from kit.listing import USUAL, After, Limit, Listed, Search, cursor, item
from kit.openapi import WRITES, WrongField, problems, takes
from people.audit.commands import record
from people.permissions import Who
from people.sign_ins.door import Asker, may
from sessions.attendance.commands import mark_in
from sessions.attendance.forms import Marked, MarkForm
from sessions.attendance.queries import HeldFound, TraineeFilter, find_held, list_trainees

Asking = Request[Any, Any, Any]
TAGS = ["sessions"]
MOST = 200
MORNING = {
    "nonce": "7d5f8c1e-2f0a-4b43-9f5e-0d9c6a6a0a01",
    "person": "01932c07-5e3a-7000-8000-0000000000a1",
    "state": "late",
    "minutes": 20,
    "marked_at": "2026-11-23T08:20:00+07:00",
}


class MarksForm(Form):
    """What a phone or program sends: marks, each judged by itself."""

    marks: list[Any] = Field(description="At most 200; each like the one of the example.")


@dataclass(frozen=True)
class MarkResult:
    """What became of a mark: created, duplicate, conflict (another content under a known nonce)
    or rejected. `state` is what holds of the person now, null for not taken; `at` since when."""

    nonce: str
    status: str
    errors: list[WrongField] = field(default_factory=list)
    state: str | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Taken:
    """What became of each mark, in the order it came."""

    results: list[MarkResult]


@dataclass(frozen=True)
class AttendanceItem:
    """Somebody who takes part in a session. `state` is null while not taken; `minutes` tells how
    late or how early."""

    person: UUID
    name: str
    office_name: str | None
    state: str | None
    minutes: int | None
    substitute: UUID | None
    substitute_name: str | None
    marked_at: datetime | None
    via: str | None


@get(
    "/sessions/{meeting:uuid}/attendance",
    guards=[may("course.read")],
    summary="List the attendance of a session",
    tags=TAGS,
    responses=problems(),
)
async def get_attendance(
    who: Asker,
    meeting: FromPath[UUID],
    q: Search = None,
    limit: Limit = USUAL,
    after: After = None,
) -> Listed[AttendanceItem]:
    """Those who take part in a session on its day, by given name, each with the mark that holds;
    that somebody asked is put on record."""
    held = await find_held(who, meeting, "course.read")
    asked = TraineeFilter(q=q or "", after=cursor(after))
    found, following = await list_trainees(held, asked, limit)
    told = {"shown": len(found)}
    await record(who, "attendance.list", held.id, held.title, path=held.path, after=told)
    items = [item(AttendanceItem, one, person=one.id) for one in found]
    return Listed(items, following or None)


@post(
    "/sessions/{meeting:uuid}/attendance",
    status_code=200,
    guards=[may("attendance.mark")],
    summary="Send marks of attendance",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(MarksForm, {"marks": [MORNING]}),
)
async def post_attendance(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[Taken]:
    """Take marks one by one and say of each what became of it; a nonce sent again is a duplicate.
    The last mark by its own time holds, and all are kept. At most 200 marks a call."""
    held = await find_held(who, meeting)
    form = await read_json(request, MarksForm)
    return Response(Taken(await _take(who, held, form.marks)), status_code=200)


async def _take(who: Who, held: HeldFound, records: Sequence[Any]) -> list[MarkResult]:
    """What became of each record; one that cannot be read is rejected, the rest goes on."""
    if len(records) > MOST:
        said = _("Send at most %(most)s marks at once; the rest in a second call.", most=MOST)
        raise Refused(said, status=413)
    read = [_read(record) for record in records]
    marks = [mark for mark in read if isinstance(mark, MarkForm)]
    # A phone that sends what it kept is signed in as its trainer is; a program has a token.
    via = "hand" if who.sign_in else "api"
    marked = iter(await mark_in(who, held, marks, via) if marks else [])
    return [_told(next(marked) if isinstance(one, MarkForm) else one) for one in read]


def _read(record: Any) -> MarkForm | Marked:
    if not isinstance(record, dict):
        return _rejected("", Refused(_("This record cannot be read.")))
    try:
        return check_json(MarkForm, record)
    except Refused as refused:
        return _rejected(str(record.get("nonce", ""))[:64], refused)


def _rejected(nonce: str, refused: Refused) -> Marked:
    wrong = [{"field": name, "message": said} for name, said in refused.fields.items()]
    if refused.message:
        wrong.append({"field": "", "message": refused.message})
    return Marked(nonce, "rejected", wrong)


def _told(marked: Marked) -> MarkResult:
    wrong = [WrongField(**error) for error in marked.errors]
    return MarkResult(marked.nonce, marked.status, wrong, marked.state, marked.at)


ROUTES: list[ControllerRouterHandler] = [get_attendance, post_attendance]
