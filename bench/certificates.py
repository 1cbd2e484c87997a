"""Papers: how fast the certificates of a course become one PDF."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, date, datetime

from bench.visits import Say
from kit.database import new_id
from sessions.certificates.codes import new_code
from sessions.certificates.papers import joined, parts_of
from sessions.certificates.queries import CertificateFound

COURSE, HALL = 60, 500
ADDRESS = "https://toso.tantru.example"


def measure(say: Say) -> None:
    """A usual course, and a large one."""
    for count, wished in ((COURSE, "< 10 s"), (HALL, "")):
        seconds, size = asyncio.run(_print(count))
        shown = f"{seconds:.2f} s  {size / 1024 / 1024:.1f} MB"
        say(f"{count} certificates in one PDF", shown, wished)


async def _print(count: int) -> tuple[float, int]:
    papers, begun = [_certificate(number + 1) for number in range(count)], time.perf_counter()
    parts = [part async for _, part in parts_of(papers, ADDRESS)]
    whole = await joined(parts)
    return time.perf_counter() - begun, len(whole)


def _certificate(number: int) -> CertificateFound:
    return CertificateFound(
        id=new_id(),
        year=2026,
        number=number,
        course=new_id(),
        person=new_id(),
        code=new_code(),
        person_name=f"Nguyễn Thị Ngọc Ánh {number}",
        office_name="Phòng Văn hóa và Thông tin",
        course_title="Kỹ năng số cơ bản cho cán bộ, công chức cấp xã",
        theme_name="Chuyển đổi số",
        body_name="Ủy ban nhân dân huyện Tân Trụ",
        body_parent="Ủy ban nhân dân tỉnh Long An",
        place_name="Tân Trụ",
        signing="TM. Ủy ban nhân dân\nChủ tịch",
        signer="",
        periods=8,
        first_on=date(2026, 11, 3),
        last_on=date(2026, 11, 10),
        issued_at=datetime(2026, 11, 11, tzinfo=UTC),
        issuer=None,
        revoked_at=None,
        revoked_why="",
        path="/",
    )


if __name__ == "__main__":
    from bench.__main__ import say as aloud

    measure(aloud)
