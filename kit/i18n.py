"""Two languages. English stands in the code, Vietnamese in translations/vi.po and on the screen."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from kit.settings import ROOT, settings

LANGUAGES = ("vi", "en")
language: ContextVar[str] = ContextVar("language", default="")


def current_language() -> str:
    """The language of this request: `vi` or `en`."""
    return language.get() or settings().language


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language inside, whatever the reader's: papers are Vietnamese."""
    token = language.set(code)
    try:
        yield
    finally:
        language.reset(token)


@cache
def translations(code: str) -> NullTranslations:
    """The catalogue of a language, read straight from its .po file."""
    path = ROOT / "translations" / f"{code}.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=code)
    binary = io.BytesIO()
    write_mo(binary, catalogue)
    binary.seek(0)
    return GNUTranslations(binary)


def gettext(message: str, **values: object) -> str:
    """The message in the reader's language, `%(name)s` filled in."""
    text = translations(current_language()).gettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """The message for a count, which it may name as `%(num)s`."""
    text = translations(current_language()).ngettext(one, many, count)
    return text % {"num": count, **values}


_ = gettext


def N_(message: str) -> str:  # noqa: N802  (the customary name)
    """Mark a message for translation where it is not yet known who reads it."""
    return message
