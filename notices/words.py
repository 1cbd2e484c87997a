"""Sentences whose reader is not known yet: msgids and values, kept as JSON until they are said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kit import clock
from kit.days import show_day
from kit.i18n import gettext, ngettext


@dataclass(frozen=True)
class Word:
    """A value that is itself a text to be translated, such as a position."""

    msgid: str


Value = str | int | date | datetime | Word


@dataclass(frozen=True)
class Words:
    """What a notice says: msgids of title and body (mark them with N_), and what fills both.

    `title_many` is the plural of the title, chosen by the value `num`. Days and instants are
    shown as the reader is used to.
    """

    title: str
    body: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    title_many: str = ""

    def packed(self) -> str:
        """As JSON."""
        values = {name: _pack(value) for name, value in self.values.items()}
        kept = {"title": self.title, "many": self.title_many, "body": self.body, "values": values}
        return json.dumps(kept, ensure_ascii=False)


@dataclass(frozen=True)
class Said:
    """A notice in the reader's language."""

    title: str
    body: str


def say_words(packed: str) -> Said:
    """What `Words.packed` kept, in the present language."""
    kept = json.loads(packed)
    values = {name: _shown(value) for name, value in kept["values"].items()}
    one, many, body = kept["title"], kept["many"], kept["body"]
    title = _counted(one, many, values) if many else gettext(one, **values)
    return Said(title, gettext(body, **values) if body else "")


def _counted(one: str, many: str, values: Mapping[str, Any]) -> str:
    rest = {name: value for name, value in values.items() if name != "num"}
    return ngettext(one, many, int(values["num"]), **rest)


def _pack(value: Value) -> object:
    if isinstance(value, Word):
        return {"word": value.msgid}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value


def _shown(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "word" in value:
        word = value["word"]
        return gettext(word)
    if "day" in value:
        return show_day(date.fromisoformat(value["day"]))
    local = datetime.fromisoformat(value["moment"]).astimezone(clock.LOCAL)
    return f"{show_day(local.date())} {local:%H:%M}"
