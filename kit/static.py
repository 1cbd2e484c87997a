"""Static files under names that change with their content, so browsers keep them for a year.

The style sheets of static/css are one layered sheet, and the scripts of static/js/phone one script
for the pages and the worker, each joined in the order of its order.txt. Beside the sheet of all
pages, css/papers.txt names what only papers to print need, and css/light.txt the few of pages that
must weigh next to nothing. Our own scripts are sent without the comments (two spaces before one
behind code), the indents and the blank lines that only readers need.
"""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from kit.settings import ROOT, settings

FOLDER = ROOT / "static"
SHEET, SCRIPT = "css/app.css", "js/phone.js"
_JOINED = {
    SHEET: "css/order.txt",
    "css/papers.css": "css/papers.txt",
    "css/light.css": "css/light.txt",
    SCRIPT: "js/phone/order.txt",
}
_FONT = re.compile(r"\.\./(fonts/[\w.-]+)")
_SPOKEN = re.compile(r"^[ \t]*(?://.*)?\n|^[ \t]+|  // .*$", re.MULTILINE)
_REMARKS = re.compile(r"/\*.*?\*/|^[ \t]+|^\n", re.MULTILINE | re.DOTALL)
_PACKED = (".css", ".js", ".svg", ".webmanifest")
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("application/manifest+json", ".webmanifest")


@dataclass(frozen=True)
class File:
    """A file as it is sent: its bytes, the same gzipped if that helps, type and hashed name."""

    body: bytes
    packed: bytes | None
    media_type: str
    name: str


def _read(path: str) -> bytes:
    body = _joined(FOLDER / _JOINED[path]) if path in _JOINED else (FOLDER / path).read_bytes()
    if path in _JOINED and path.endswith(".css"):
        sheet = _REMARKS.sub("", body.decode())
        return _FONT.sub(lambda font: f"../{_file(font[1]).name}", sheet).encode()
    if path.endswith(".js") and ".min." not in path:
        return _SPOKEN.sub("", body.decode()).encode()
    return body


def _joined(order: Path) -> bytes:
    names = order.read_text("utf-8").split()
    return b"\n".join((order.parent / name).read_bytes() for name in names)


@cache
def _files() -> dict[str, File]:
    paths = {p.relative_to(FOLDER).as_posix() for p in FOLDER.rglob("*") if p.is_file()}
    return {path: _file(path) for path in sorted(paths | set(_JOINED))}


def _file(path: str) -> File:
    body = _read(path)
    stem, dot, ending = path.rpartition(".")
    name = f"{stem}.{hashlib.sha256(body).hexdigest()[:10]}{dot}{ending}"
    packed = gzip.compress(body, 9, mtime=0) if path.endswith(_PACKED) else None
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if kind == "application/javascript":  # of text the framework says the charset itself
        kind += "; charset=utf-8"
    return File(body, packed, kind, name)


def files() -> dict[str, File]:
    """All static files by their plain path."""
    if settings().debug:
        _files.cache_clear()
        _by_name.cache_clear()
    return _files()


@cache
def _by_name() -> dict[str, File]:
    return {file.name: file for file in _files().values()}


def static_url(path: str) -> str:
    """The address of a static file, with the hash of its content in the name."""
    return f"/static/{files()[path].name}"


@get("/static/{path:path}", opt={"open": True}, sync_to_thread=False)
def static_file(request: Request[Any, Any, Any], path: FromPath[str]) -> Response[bytes]:
    """A static file; under its hashed name it never changes."""
    plain, hashed = path.lstrip("/"), _by_name()
    file = hashed.get(plain) or files().get(plain)
    if file is None:
        raise NotFoundException
    kept = "public, max-age=31536000, immutable" if plain in hashed else "no-cache"
    headers = {"cache-control": kept, "vary": "accept-encoding"}
    if file.packed and "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        return Response(file.packed, media_type=file.media_type, headers=headers)
    return Response(file.body, media_type=file.media_type, headers=headers)
