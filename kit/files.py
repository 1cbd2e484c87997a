"""Files to take away: what they are called and what they are, said to the browser."""

from __future__ import annotations

from litestar import Response

from kit.text import fold

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Ending of a name → what such a file is."""


def file(name: str, content: bytes) -> Response[bytes]:
    """A file to keep, of the type that the ending of its name tells."""
    return Response(content, media_type=TYPES[name.rpartition(".")[2]], headers=kept_as(name))


def kept_as(name: str) -> dict[str, str]:
    """The headers of a file to keep under a name of ASCII; nothing on the way keeps a copy."""
    return {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "private, no-store",
    }


def stem(*words: str, most: int = 60) -> str:
    """Words as part of a file's name, without marks: "an-toan-thong-tin"."""
    plain = "".join(
        sign if sign.isascii() and sign.isalnum() else " " for sign in fold(" ".join(words))
    )
    return "-".join(plain.split())[:most].strip("-")
