"""The past of a team or a person in sentences, the newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from uuid import UUID

from kit.i18n import gettext as _
from kit.pages import day as written
from teams.memberships.queries import MembershipFound
from teams.roster.queries import AreaCovered, TeamFound
from teams.words import position_inside

Told = tuple[date, str]
POSITION_ORDER = {"leader": 0, "deputy": 1, "member": 2}


def team_history(
    team: TeamFound, spells: Iterable[MembershipFound], areas: Iterable[AreaCovered]
) -> list[tuple[str, str]]:
    """Founding, areas, who came and went, the end: (day as written, sentence)."""
    last_first = sorted(spells, key=lambda it: (POSITION_ORDER[it.position], it.sort), reverse=True)
    told = [*_founding(team), *_covering(team, areas), *_comings(last_first)]
    return _in_words(told)


def person_history(spells: Iterable[MembershipFound]) -> list[tuple[str, str]]:
    """When a person joined and left teams, and in which position: (day as written, sentence)."""
    told: list[Told] = []
    for spell, earlier, later in _chains(spells):
        values = {"team": spell.team_name, "position": position_inside(spell.position)}
        if not earlier:
            told.append((spell.joined_on, _("Joined %(team)s as %(position)s.", **values)))
        elif earlier.position != spell.position:
            told.append((spell.joined_on, _("Became %(position)s of %(team)s.", **values)))
        if spell.left_on and not later:
            told.append((spell.left_on, _left(_("Left %(team)s.", **values), spell)))
    return _in_words(told)


def _in_words(told: list[Told]) -> list[tuple[str, str]]:
    ordered = sorted(told, key=lambda line: line[0])
    return [(written(day), sentence) for day, sentence in reversed(ordered)]


def _founding(team: TeamFound) -> Iterator[Told]:
    if team.decision_number and team.decision_on:
        values = {"number": team.decision_number, "day": written(team.decision_on)}
        yield team.founded_on, _("Founded by Decision %(number)s of %(day)s.", **values)
    else:
        yield team.founded_on, _("The team was founded.")
    if team.dissolved_on:
        yield (
            team.dissolved_on,
            _("The team was dissolved: %(why)s.", why=_bare(team.dissolved_why)),
        )


def _covering(team: TeamFound, areas: Iterable[AreaCovered]) -> Iterator[Told]:
    for area in areas:
        if area.since not in (area.until, team.founded_on):
            yield area.since, _("Covers %(area)s from this day on.", area=area.name)
        if area.until and area.until not in (area.since, team.dissolved_on):
            yield area.until, _("No longer covers %(area)s.", area=area.name)


def _comings(spells: Iterable[MembershipFound]) -> Iterator[Told]:
    for spell, earlier, later in _chains(spells):
        values = {"name": spell.name, "position": position_inside(spell.position)}
        if not earlier:
            yield spell.joined_on, _("%(name)s joined as %(position)s.", **values)
        elif earlier.position != spell.position:
            yield spell.joined_on, _("%(name)s became %(position)s.", **values)
        if spell.left_on and not later:
            yield spell.left_on, _left(_("%(name)s left the team.", **values), spell)


def _left(sentence: str, spell: MembershipFound) -> str:
    if not spell.left_reason:
        return sentence
    reason = _("Reason: %(why)s.", why=_bare(spell.left_reason))
    return f"{sentence} {reason}"


def _bare(text: str) -> str:
    return text.rstrip(". ")


def _chains(
    spells: Iterable[MembershipFound],
) -> Iterator[tuple[MembershipFound, MembershipFound | None, MembershipFound | None]]:
    """Each spell with the one it follows on without a gap in the same team, and the one after it.

    A spell that ended on the day it began, a correction, is passed over.
    """
    by_person: dict[tuple[UUID, UUID], list[MembershipFound]] = defaultdict(list)
    for spell in sorted(spells, key=lambda spell: spell.joined_on):
        if spell.left_on is None or spell.left_on - spell.joined_on >= timedelta(days=1):
            by_person[spell.person, spell.team].append(spell)
    for chain in by_person.values():
        for earlier, spell, later in zip([None, *chain], chain, [*chain[1:], None], strict=False):
            before = earlier if earlier and earlier.left_on == spell.joined_on else None
            after = later if later and later.joined_on == spell.left_on else None
            yield spell, before, after
