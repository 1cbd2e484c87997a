"""Builds `certificate-frame.pdf`, the frame of certificates, of the drawing beside it.

A PDF keeps it once however many pages show it; the drawing itself would be kept with each page.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import typst

HERE = Path(__file__).parent
FRAME = "certificate-frame.pdf"
MADE = datetime(2026, 1, 1, tzinfo=UTC)


def build() -> bytes:
    """The frame as a page of PDF, the same bytes each time."""
    return typst.compile(HERE / "frame.typ", root=HERE, format="pdf", timestamp=MADE)


if __name__ == "__main__":
    (Path(sys.argv[1]) if sys.argv[1:] else HERE / FRAME).write_bytes(build())
