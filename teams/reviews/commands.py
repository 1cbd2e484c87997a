"""Reviewing what looks odd: it is fine, or its author is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from kit import clock
from kit.database import ON_SQLITE, SQL, all_of, any_of, rows, run, transaction
from kit.errors import Forbidden, NotFound, Refused
from kit.forms import Form
from kit.guard import SafeLine
from kit.i18n import N_
from kit.i18n import gettext as _
from notices.commands import notify
from notices.kinds import offer_kind
from notices.words import Value, Word, Words
from people.audit.commands import record
from people.permissions import Who
from teams.reviews.queries import VERB
from teams.visits.filters import visible_visits
from teams.visits.words import FLAGS, flag_sentence

MOST = 200
ASKED = offer_kind("visit.asked", N_("Questions about visits I entered"))


class ReviewForm(Form):
    """What a reviewer found: `fine`, with a word if wanted, or `ask` its author, with a word."""

    verdict: Literal["fine", "ask"] = "fine"
    word: Annotated[SafeLine, Field(max_length=300)] = ""


class ReviewManyForm(ReviewForm):
    """The same for many flags at one go; each is `visit:code`."""

    flags: list[str] = Field(min_length=1, max_length=MOST)

    def tokens(self) -> list[tuple[UUID, str]]:
        """The flags as pairs of visit and code. Raises Refused for what is none."""
        try:
            parts = [token.partition(":") for token in dict.fromkeys(self.flags)]
            return [(UUID(visit), code) for visit, _colon, code in parts]
        except ValueError:
            raise Refused(_("Choose flags from the list.")) from None


@dataclass(frozen=True)
class _Flag:
    visit: UUID
    code: str
    detail: str
    day: date
    reviewed_at: object
    path: str
    author: UUID


async def review_flag(by: Who, visit: UUID, code: str, form: ReviewForm) -> None:
    """Say of one flag that it was looked at. The last reviewer's word stands.

    Raises NotFound for a flag out of sight, Forbidden for one that is not `by`'s to review,
    Refused (409) for one that somebody else reviewed meanwhile.
    """
    await _review(by, [(visit, code)], form)


async def review_flags(by: Who, form: ReviewManyForm) -> int:
    """Say of many flags that they were looked at; how many. All or none, as `review_flag`."""
    tokens = form.tokens()
    await _review(by, tokens, form)
    return len(tokens)


async def _review(by: Who, tokens: list[tuple[UUID, str]], form: ReviewForm) -> None:
    if form.verdict == "ask" and not form.word:
        raise Refused(fields={"word": _("Write what you want to know.")})
    async with transaction():
        flags = await _open(by, tokens)
        now, asked = clock.now(), form.verdict == "ask"
        await run(
            "UPDATE visit_flag AS f SET reviewed_at = {}, reviewed_by = {}, word = {},"
            " asked_at = {} WHERE {}",
            *(now, by.person, form.word, now if asked else None, _these(tokens)),
        )
        await _tell(by, flags, form)
        if asked:
            await _ask(by, flags, form.word)


async def _ask(by: Who, flags: list[_Flag], word: str) -> None:
    """Let the authors know: the question waits in their inbox, and on the visit's own page."""
    for flag in flags:
        said: dict[str, Value] = {
            "name": by.name,
            "day": flag.day,
            "odd": _odd(flag.code),
            "word": word,
        }
        await notify(
            [flag.author],
            ASKED.key,
            flag.visit,
            flag.code,
            Words(N_("%(name)s asks about your visit of %(day)s"), N_("%(odd)s “%(word)s”"), said),
            f"/visits/{flag.visit}",
        )


def _odd(code: str) -> Word:
    return Word(FLAGS.get(code, code))


async def _tell(by: Who, flags: list[_Flag], form: ReviewForm) -> None:
    """One line of the log, however many flags; it names the visit where there is but one."""
    first, alone = flags[0], len(flags) == 1
    await record(
        by,
        "visit.review",
        first.visit if alone else None,
        flag_sentence(first.code, first.detail) if alone else "",
        path=first.path,
        after={"verdict": form.verdict, "word": form.word, "rows": len(flags)},
    )


def _these(tokens: list[tuple[UUID, str]]) -> SQL:
    return any_of(SQL("(f.visit = {} AND f.code = {})", *token) for token in tokens)


_FLAGS = """
SELECT f.visit, f.code, f.detail, v.day, f.reviewed_at, v.entered_by AS author,
       coalesce((SELECT s.path FROM area_spell s WHERE s.area = v.area ORDER BY s.since DESC
                 LIMIT 1), '/') AS path
FROM visit_flag f JOIN visit v ON v.id = f.visit WHERE {} ORDER BY f.visit, f.code
"""


async def _open(by: Who, tokens: list[tuple[UUID, str]]) -> list[_Flag]:
    """The flags, kept from others until the end. Raises NotFound, Forbidden, Refused."""
    seen = await _found(tokens, visible_visits(by))
    if len(seen) < len(tokens):
        raise NotFound
    held = await _found(tokens, visible_visits(by, VERB), "" if ON_SQLITE else " FOR UPDATE OF f")
    if len(held) < len(tokens):
        raise Forbidden
    if any(flag.reviewed_at for flag in held):
        raise Refused(
            _("Somebody else looked at some of these meanwhile. Look again, then decide."),
            status=409,
        )
    return held


async def _found(tokens: list[tuple[UUID, str]], reach: SQL, more: str = "") -> list[_Flag]:
    return await rows(_Flag, _FLAGS + more, all_of([_these(tokens), reach]))


async def read_word(by: Who, visit: UUID, code: str) -> None:
    """Put away a reviewer's word, as its author. Twice is the same as once.

    Raises NotFound for a word that is not to `by`.
    """
    async with transaction():
        flags = await _found([(visit, code)], SQL("v.entered_by = {}", by.person))
        if not flags:
            raise NotFound
        read = await run(
            "UPDATE visit_flag SET read_at = {} WHERE visit = {} AND code = {}"
            " AND asked_at IS NOT NULL AND read_at IS NULL RETURNING visit",
            *(clock.now(), visit, code),
        )
        if read:
            name = flag_sentence(code, flags[0].detail)
            await record(by, "visit.word_read", visit, name, path=flags[0].path)
