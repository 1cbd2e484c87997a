"""What a kind of notice must say of itself; the rooms above offer theirs."""

from __future__ import annotations

from dataclasses import dataclass

from kit.i18n import N_

CHANNELS = ("email",)
"""The ways out of the house. The inbox is always there and cannot be switched off."""
CHANNEL_NAMES = {"page": N_("In the app"), "email": N_("E-mail")}


@dataclass(frozen=True)
class NoticeKind:
    """A kind of notice. `title` is a msgid, as the reader's own choices call it; `channels` are
    the ways out beside the inbox; `quiet`: it waits for the morning in the quiet hours."""

    key: str
    title: str
    channels: tuple[str, ...] = CHANNELS
    quiet: bool = True


_KINDS: dict[str, NoticeKind] = {}


def offer_kind(
    key: str, title: str, channels: tuple[str, ...] = CHANNELS, *, quiet: bool = True
) -> NoticeKind:
    """Let notices of this kind be told. Raises ValueError for a way that does not exist."""
    if strange := set(channels) - set(CHANNELS):
        raise ValueError(f"{key}: {sorted(strange)}")
    _KINDS[key] = NoticeKind(key, title, channels, quiet)
    return _KINDS[key]


def notice_kinds() -> list[NoticeKind]:
    """Every kind on offer, in the order of offering."""
    return list(_KINDS.values())


def kind_of(key: str) -> NoticeKind:
    """A kind by its key. Raises KeyError for one that nobody offers: a fault of the caller."""
    return _KINDS[key]


def kind_title(key: str) -> str:
    """The msgid of a kind's title; the key itself for a kind of an older version."""
    return _KINDS[key].title if key in _KINDS else key
