"""One's own notices, in the language of the present reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Annotated
from uuid import UUID

from kit import clock
from kit.database import SQL, all_of, row, rows
from kit.errors import NotFound
from kit.forms import Form, Maybe
from notices.kinds import kind_title
from notices.words import Said, say_words
from people.permissions import Who

PAGE = 50


class InboxFilter(Form):
    """What the inbox is narrowed to, and the last notice of the page before."""

    unread: bool = False
    after: Annotated[UUID | None, Maybe] = None


@dataclass(frozen=True)
class NoticeFound:
    """A notice of one's own."""

    id: UUID
    kind: str
    words: str
    link: str
    made_at: datetime
    read_at: datetime | None

    @property
    def said(self) -> Said:
        """What it says."""
        return say_words(self.words)

    @property
    def title(self) -> str:
        """What it says in one line."""
        return self.said.title

    @property
    def body(self) -> str:
        """What it says beyond that."""
        return self.said.body

    @property
    def kind_title(self) -> str:
        """The msgid of what its kind is called."""
        return kind_title(self.kind)


_NOTICE = "SELECT n.id, n.kind, n.words, n.link, n.made_at, n.read_at FROM notice n WHERE {}"


def visible_notices(who: Who, alias: str = "n") -> SQL:
    """The condition that a notice was made for the asker: nobody reads those of others."""
    return SQL(f"{alias}.person = {{}}", who.person)


async def find_notice(who: Who, notice: UUID) -> NoticeFound:
    """A notice of one's own. Raises NotFound."""
    mine = all_of([visible_notices(who), SQL("n.id = {}", notice)])
    found = await row(NoticeFound, _NOTICE, mine)
    if found is None:
        raise NotFound
    return found


async def list_notices(
    who: Who, asked: InboxFilter, limit: int = PAGE
) -> tuple[list[NoticeFound], UUID | None]:
    """One's own notices, newest first, and the id to go on from if there are more."""
    conditions = [visible_notices(who)]
    if asked.unread:
        conditions.append(SQL("n.read_at IS NULL"))
    if asked.after:
        conditions.append(SQL("n.id < {}", asked.after))
    found = await rows(
        NoticeFound, _NOTICE + " ORDER BY n.id DESC LIMIT {}", all_of(conditions), limit + 1
    )
    shown = found[:limit]
    return shown, shown[-1].id if len(found) > limit else None


def by_day(notices: list[NoticeFound]) -> list[tuple[date, list[NoticeFound]]]:
    """Notices grouped by the local day they were made."""
    days = groupby(notices, key=lambda one: clock.local_day(one.made_at))
    return [(day, list(group)) for day, group in days]
