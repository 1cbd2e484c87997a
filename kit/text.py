"""Vietnamese text: one stored form, a search key, sort keys and names.

Every function takes any Unicode form (NFC or NFD). Keys hold ASCII only, so that plain byte
order, the same on both database engines, is Vietnamese order.
"""

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
"""The Vietnamese alphabet, with f j w z of foreign names where Latin order has them."""

_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""Huyền, hỏi, ngã, sắc, nặng; ngang is 0."""

_SHAPES = {"\u0306": "aă", "\u0302": "aâeêoô", "\u031b": "oơuư"}
"""Marks that make another letter: breve, circumflex, horn, as pairs of plain and marked."""

_LOOKALIKES = str.maketrans(
    {"ð": "đ", "ɖ": "đ", "ı": "i", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h"}
)
_WORD = re.compile(r"\d+|[^\W\d_]+")
_BRACKETED = re.compile(r"[(\[].*?(?:[)\]]|$)")


def nfc(text: str) -> str:
    """The composed form, in which all text is stored."""
    return unicodedata.normalize("NFC", text)


def squeeze(text: str) -> str:
    """One line in NFC: ends trimmed, runs of blanks made one, invisible characters dropped."""
    if not text.isprintable():
        seen = (" " if c.isspace() else c for c in text)
        text = "".join(c for c in seen if unicodedata.category(c) not in ("Cc", "Cf"))
    return nfc(" ".join(text.split()))


def _bare(text: str) -> str:
    """Decomposed lower case without any combining mark."""
    return "".join(c for c in _decomposed(text) if not unicodedata.combining(c))


def _decomposed(text: str) -> str:
    """Lower case, look-alike letters made plain, marks standing apart from their letters."""
    lower = unicodedata.normalize("NFKD", text).casefold().translate(_LOOKALIKES)
    return unicodedata.normalize("NFKD", lower)


@lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """Search key: lower case without marks, đ as d, blanks squeezed.

    Both placements of a tone ("hòa", "hoà") and both Unicode forms give the same key.
    """
    return squeeze(_bare(squeeze(text)).replace("đ", "d"))


def _letters(word: str) -> tuple[list[str], int]:
    """The letters of a decomposed word with their shapes but no tone, and the tone's rank."""
    letters: list[str] = []
    tone = 0
    for c in word:
        if c in _TONES:
            tone = _TONES[c]
        elif c in _SHAPES and letters:
            pairs = _SHAPES[c]
            at = pairs[::2].find(letters[-1])
            letters[-1] = pairs[2 * at + 1] if at >= 0 else letters[-1]
        elif not unicodedata.combining(c):
            letters.append(c)
    return letters, tone


def _letter_key(letter: str) -> str:
    """A letter and the rank of its shape; a letter of another script comes after z."""
    if letter not in LETTERS:
        return f"z9{ord(letter):06x}"
    plain = _bare(letter).replace("đ", "d")
    return f"{plain}{LETTERS.index(letter) - LETTERS.index(plain)}"


def _number_key(digits: str) -> str:
    """A whole number: how many digits it has, then the digits."""
    value = "".join(str(unicodedata.digit(c, 0)) for c in digits).lstrip("0")[:99]
    return f"{len(value):02}{value}"


def _words_key(text: str) -> str:
    """Each syllable as its letters, then its tone as a digit, which sorts before any letter.

    So "hòa" < "hoan": letters decide first, the tone only between equal letters, and only then
    the next syllable.
    """
    parts: list[str] = []
    for word in _split(text):
        if word[0].isdigit():
            parts.append(_number_key(word))
        else:
            letters, tone = _letters(word)
            parts.append("".join(map(_letter_key, letters)) + str(tone))
    return "".join(parts)


def _split(text: str) -> list[str]:
    """Syllables and numbers of a text, each syllable decomposed."""
    return [_decomposed(word) for word in _WORD.findall(nfc(_decomposed(text)))]


def sort_key(name: str) -> str:
    """Key of a person's name: given name, then family name, then middle names.

    What stands in brackets ("Nguyễn Văn Hoa (Bảy)") comes last.
    """
    words = _BRACKETED.sub(" ", nfc(name)).split() or nfc(name).split()
    return _words_key(" ".join([*words[-1:], *words[:-1], *_BRACKETED.findall(nfc(name))]))


def sort_key_title(title: str) -> str:
    """Key of a team's or an area's name: word by word, numbers by value ("Tổ 2" < "Tổ 10")."""
    return _words_key(title)


def proper_name(name: str) -> str:
    """A name typed all in capitals or all in small letters as "Ưng Văn Trung"; others as typed."""
    name = squeeze(name)
    if name not in (name.upper(), name.lower()):
        return name
    return nfc(_WORD.sub(lambda word: word[0].capitalize(), name))


def initials(name: str) -> str:
    """First letters of the family and the given name without tones: "Ưng Văn Ánh" is "ƯA"."""
    words = [word for word in _split(_BRACKETED.sub(" ", nfc(name))) if not word[0].isdigit()]
    firsts = [_letters(word)[0][:1] for word in ([words[0], words[-1]] if words[1:] else words)]
    return nfc("".join(letter for first in firsts for letter in first).upper())


def code_of(name: str, taken: Collection[str], otherwise: str) -> str:
    """A code of letters, digits and underscores from a name, that is not taken; `otherwise` stands
    for a name without any of them."""
    stem = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")[:40] or otherwise
    tries = (stem if n == 1 else f"{stem}_{n}" for n in range(1, len(taken) + 2))
    return next(code for code in tries if code not in taken)
