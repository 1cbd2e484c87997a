"""The story of an area in sentences, told from its spells."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from kit.i18n import gettext as _
from places.areas.queries import SpellTold


def history_of(spells: Sequence[SpellTold]) -> list[tuple[date, str, str]]:
    """(day, sentence, decision), the newest first; `spells` come earliest first.

    A spell that only follows the move of an area above says nothing of its own.
    """
    lines = [(spells[0].since, _founded(spells[0]), spells[0].basis)] if spells else []
    for old, new in pairwise(spells):
        said = list(_changed(old, new))
        lines += [(new.since, sentence, new.basis) for sentence in said]
    if spells and spells[-1].until:
        lines.append((spells[-1].until, _("Ended."), spells[-1].end_basis))
    return lines[::-1]


def _founded(first: SpellTold) -> str:
    if first.parent_name:
        return _("%(name)s begins, within %(parent)s.", name=first.name, parent=first.parent_name)
    return _("%(name)s begins.", name=first.name)


def _changed(old: SpellTold, new: SpellTold) -> Iterator[str]:
    if old.name != new.name:
        yield _("Renamed from %(old)s to %(new)s.", old=old.name, new=new.name)
    if old.code != new.code:
        yield _code(old.code, new.code)
    if old.parent != new.parent:
        yield _moved(old.parent_name, new.parent_name)


def _code(old: str | None, new: str | None) -> str:
    if old and new:
        return _("Code changed from %(old)s to %(new)s.", old=old, new=new)
    return _("Given the code %(code)s.", code=new) if new else _("Code %(code)s dropped.", code=old)


def _moved(old: str | None, new: str | None) -> str:
    if old and new:
        return _("Moved from %(old)s to %(new)s.", old=old, new=new)
    return _("Placed within %(new)s.", new=new) if new else _("Taken out of %(old)s.", old=old)
