"""Pages of imports: upload, preview, confirm, progress, undo."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.types import ControllerRouterHandler

from kit.errors import Refused
from kit.files import file
from kit.forms import check, read_form, typed
from kit.i18n import gettext as _
from kit.pages import done, page
from kit.workbooks import LIMITS
from people.audit.commands import record_view
from people.imports import runs
from people.imports.commands import (
    ConfirmForm,
    UploadForm,
    confirm_import,
    discard_import,
    undo_import,
    upload_file,
)
from people.imports.kinds import STATE_NAMES, Kind, choose_kind, find_kind, kinds_of
from people.imports.papers import template_sheet, wrong_sheet
from people.imports.queries import PAGE, find_import, list_imports, list_lines
from people.permissions import Who
from people.reach import choices_tops
from people.sign_ins.door import Asker, may

Asking = Request[Any, Any, Any]
IMPORTS = [may("import.upload")]
Shown = Literal["", "new", "changed", "unchanged", "doubt", "wrong"]


@get("/imports", guards=IMPORTS)
async def imports_page(
    request: Asking, who: Asker, before: FromQuery[UUID | None] = None, kind: FromQuery[str] = ""
) -> Response[Any]:
    """The form to upload a workbook, of any kind or of one, and what was imported so far."""
    return await _imports(request, who, choose_kind(who, kind) if kind else None, before)


async def _imports(
    request: Asking,
    who: Who,
    only: Kind | None = None,
    before: UUID | None = None,
    refused: Refused | None = None,
) -> Response[Any]:
    offered = [only] if only else kinds_of(who)
    context = {
        "imports": await list_imports(who, before, only.key if only else ""),
        "tops": [(choice.id, choice.name) for choice in await choices_tops(who)],
        "kinds": offered,
        "only": only,
        "dated": any(kind.dated for kind in offered),
    }
    return page(request, "imports/index.html", refused, **context)


@post("/imports", guards=IMPORTS)
async def upload_here(request: Asking, who: Asker, kind: FromQuery[str] = "") -> Response[Any]:
    """Upload a workbook: on to its preview, or back with the reason."""
    only = choose_kind(who, kind) if kind else None
    try:
        name, content, form = await _read_upload(request)
        uploaded = await upload_file(who, name, content, form)
    except Refused as refused:
        return await _imports(request, who, only, refused=refused)
    return done(f"/imports/{uploaded}")


async def _read_upload(request: Asking) -> tuple[str, bytes, UploadForm]:
    """The file's name and content and the form. Raises Refused (413 for far too large)."""
    try:
        sent = await request.form()
    except HTTPException as error:
        if error.status_code != 413:
            raise
        limit = LIMITS.upload // (1024 * 1024)
        sentence = _("The file is larger than %(limit)s MB. Keep only the list and save it again.")
        raise Refused(fields={"file": sentence % {"limit": limit}}, status=413) from None
    book = sent.get("file")
    if not isinstance(book, UploadFile) or not book.filename:
        raise Refused(fields={"file": _("Choose the workbook that holds the list.")})
    return book.filename, await book.read(), _checked(dict(sent))


def _checked(sent: dict[str, Any]) -> UploadForm:
    try:
        return check(UploadForm, sent)
    except Refused as refused:
        refused.typed = typed(sent)
        raise


@get("/imports/template.xlsx", guards=IMPORTS)
async def template_here(who: Asker, kind: FromQuery[str] = "") -> Response[bytes]:
    """The empty template of a kind."""
    chosen = choose_kind(who, kind)
    return file(f"mau-{chosen.key}.xlsx", template_sheet(chosen))


@get("/imports/{import_id:uuid}", guards=IMPORTS)
async def import_page(
    request: Asking,
    who: Asker,
    import_id: FromPath[UUID],
    only: FromQuery[Shown] = "",
    after: Annotated[int, QueryParameter(ge=0, le=10_000_000)] = 0,
) -> Response[Any]:
    """What a workbook will do, is doing or has done."""
    shown = await _import(request, who, import_id, only, after)
    await record_view(who, "import.view", str(import_id), path=who.first_path("import.upload"))
    return shown


async def _import(
    request: Asking,
    who: Who,
    import_id: UUID,
    only: Shown = "",
    after: int = 0,
    refused: Refused | None = None,
) -> Response[Any]:
    found = await find_import(who, import_id)
    lines = await list_lines(import_id, (only,) if only else tuple(STATE_NAMES), after)
    doubts = await list_lines(import_id, ("doubt",)) if found.open else []
    return page(
        request,
        "imports/show.html",
        refused,
        it=found,
        kind=find_kind(found.kind),
        lines=lines[:PAGE],
        more=len(lines) == PAGE,
        doubts=doubts,
        only=only,
        states=STATE_NAMES,
    )


@post("/imports/{import_id:uuid}/confirmation", guards=IMPORTS)
async def confirm_here(request: Asking, who: Asker, import_id: FromPath[UUID]) -> Response[Any]:
    """Start to apply an import; the page tells how far it is."""
    try:
        run_id = await confirm_import(who, import_id, await read_form(request, ConfirmForm))
    except Refused as refused:
        return await _import(request, who, import_id, refused=refused)
    if run_id:
        await runs.start(who, import_id, run_id)
    return done(f"/imports/{import_id}")


@post("/imports/{import_id:uuid}/discarding", guards=IMPORTS)
async def discard_here(request: Asking, who: Asker, import_id: FromPath[UUID]) -> Response[Any]:
    """Drop an uploaded file."""
    try:
        await discard_import(who, import_id)
    except Refused as refused:
        return await _import(request, who, import_id, refused=refused)
    return done("/imports", _("The file was discarded. Nothing was imported."))


@post("/imports/{import_id:uuid}/undoing", guards=IMPORTS)
async def undo_here(request: Asking, who: Asker, import_id: FromPath[UUID]) -> Response[Any]:
    """Take an import back whole."""
    try:
        await undo_import(who, import_id)
    except Refused as refused:
        return await _import(request, who, import_id, refused=refused)
    return done(f"/imports/{import_id}", _("The import was undone. The register is as before."))


@get("/imports/{import_id:uuid}/wrong.xlsx", guards=IMPORTS)
async def wrong_here(who: Asker, import_id: FromPath[UUID]) -> Response[bytes]:
    """The rows that could not be imported, each with its reason."""
    return file(*await wrong_sheet(who, import_id))


ROUTES: list[ControllerRouterHandler] = [
    imports_page,
    upload_here,
    template_here,
    import_page,
    confirm_here,
    discard_here,
    undo_here,
    wrong_here,
]
