"""Themes of courses: all of them, and one by its code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kit.database import row, rows
from kit.errors import NotFound
from kit.i18n import current_language


@dataclass(frozen=True)
class ThemeFound:
    """A theme, offered from `since` until the day before `until`; `courses` bear it."""

    code: str
    name_vi: str
    name_en: str
    rank: int
    since: date
    until: date | None
    version: int
    courses: int

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if current_language() == "en" else self.name_vi

    def offered(self, day: date) -> bool:
        """Whether it can be chosen on a day."""
        return self.since <= day and (self.until is None or day < self.until)


_THEME = """
SELECT t.code, t.name_vi, t.name_en, t.rank, t.since, t.until, t.version,
       (SELECT count(*) FROM course c WHERE c.theme = t.code) AS courses
FROM theme t
"""


async def list_themes() -> list[ThemeFound]:
    """Every theme, retired ones too, by rank."""
    return await rows(ThemeFound, _THEME + " ORDER BY t.rank, t.code")


async def find_theme(code: str) -> ThemeFound:
    """A theme by its code, retired ones too. Raises NotFound."""
    found = await row(ThemeFound, _THEME + " WHERE t.code = {}", code)
    if found is None:
        raise NotFound
    return found
