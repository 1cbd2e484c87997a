"""How certificates are written: numbers, days and the place."""

from __future__ import annotations

import re
from datetime import date

from kit.days import show_day

_KIND_OF_PLACE = re.compile(
    r"(?:tỉnh|thành phố|quận|huyện|thị xã|phường|thị trấn|xã|khu phố|ấp|thôn) (?=\D)", re.IGNORECASE
)


def register_number(year: int, number: int) -> str:
    """0012/2026."""
    return f"{number:04}/{year}"


def days_of(first: date, last: date) -> str:
    """The days of a course as the paper says them, in Vietnamese whoever reads."""
    if first == last:
        return f"ngày {show_day(first)}"
    return f"từ ngày {show_day(first)} đến ngày {show_day(last)}"


def place_of(area: str) -> str:
    """The place before the day of a paper: an area's name without its kind ("Tân Trụ")."""
    return _KIND_OF_PLACE.sub("", area, count=1) if _KIND_OF_PLACE.match(area) else area
