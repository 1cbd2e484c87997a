"""Roles as people call them."""

from __future__ import annotations

from collections.abc import Sequence

from kit.i18n import N_
from kit.i18n import gettext as _
from people.permissions import GRANTED_ROLES

ROLE_WORDS = {
    "admin": N_("Administrator"),
    "coordinator": N_("Coordinator"),
    "trainer": N_("Trainer"),
    "viewer": N_("Chief (looks only)"),
    "leader": N_("Team leader"),
    "deputy": N_("Deputy team leader"),
    "member": N_("Team member"),
}


def role_word(role: str) -> str:
    """A role in the reader's language."""
    return _(ROLE_WORDS.get(role, role))


def role_choices(roles: Sequence[str] = tuple(ROLE_WORDS)) -> list[tuple[str, str]]:
    """Roles to choose from, with their words."""
    return [(role, role_word(role)) for role in roles]


def granted_choices() -> list[tuple[str, str]]:
    """The roles that an admin gives; the others follow from a team."""
    return role_choices(GRANTED_ROLES)
