"""Both languages are whole: every text of the code has its Vietnamese, with the same gaps."""

from __future__ import annotations

import re

from babel.messages.catalog import Message

from translations.__main__ import gathered, read_vietnamese

GAP = re.compile(r"%\(\w+\)s")


def parts(message: Message) -> tuple[list[str], list[str]]:
    """The English texts of a message, and the Vietnamese ones."""
    return listed(message.id), listed(message.string)


def listed(text: object) -> list[str]:
    """One text or several, as a list."""
    return [str(part) for part in text] if isinstance(text, list | tuple) else [str(text or "")]


def test_the_catalogue_holds_just_the_texts_of_the_code() -> None:
    assert {m.id for m in gathered() if m.id} == {m.id for m in read_vietnamese() if m.id}


def test_every_text_has_its_vietnamese() -> None:
    assert [m.id for m in read_vietnamese() if m.id and not all(parts(m)[1])] == []


def test_a_translation_keeps_the_gaps() -> None:
    for message in read_vietnamese():
        english, vietnamese = parts(message)
        for text in vietnamese if message.id else []:
            assert set(GAP.findall(text)) == set(GAP.findall(english[-1])), message.id
