"""E-mail addresses: those that every mail server takes, and no others."""

from __future__ import annotations

import re

from kit.i18n import N_

NOT_A_MAILBOX = N_("This is not an e-mail address.")
LONGEST = 120
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_MAILBOX = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


def read_mailbox(typed: str) -> str:
    """An address such as ten.ho@longan.gov.vn. ValueError, with a sentence for the user, for
    anything else: letters with marks, quotes, brackets, two dots in a row."""
    if len(typed) > LONGEST or not _MAILBOX.fullmatch(typed):
        raise ValueError(NOT_A_MAILBOX)
    return typed
