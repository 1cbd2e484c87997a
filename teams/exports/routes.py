"""What the lists show, as workbooks; who took one stands in the log."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Sequence

from litestar import Response, get
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.files import file
from kit.forms import check_query
from kit.i18n import gettext as _
from kit.phones import phone_shown
from kit.sheets import Cell, write_sheet
from people.audit.commands import record
from people.sign_ins.door import Asker, may
from teams.exports.queries import MemberLine, all_members, all_teams
from teams.roster.queries import TeamFilter, TeamLine


@get("/teams.xlsx", guards=[may("team.export")])
async def teams_workbook(request: Asking, who: Asker) -> Response[bytes]:
    """The teams of the list."""
    asked = check_query(request, TeamFilter)
    teams = await all_teams(who, asked)
    shown = {**asked.query(), "rows": len(teams)}
    await record(who, "team.export", path=who.first_path("team.export"), after=shown)
    heads = [_("Team"), _("Commune"), _("Area"), _("Leader"), _("Leader's phone"), _("Members")]
    heads += [_("Target size"), _("Missing"), _("Decision"), _("Day of the decision")]
    heads += [_("Founded on")]
    widths = (44, 22, 24, 28, 16, 12, 12, 28, 18, 14, 14)
    lines = [_team_cells(team) for team in teams]
    return await workbook("to-cnscd", _("Teams"), heads, lines, widths)


def _team_cells(team: TeamLine) -> list[Cell]:
    return [
        team.name,
        team.commune_name,
        team.area_name,
        team.leader_name,
        phone_shown(team.leader_phone) if team.leader_phone else None,
        team.size,
        team.target_size,
        ", ".join(team.gaps),
        team.decision_number,
        team.decision_on,
        team.founded_on,
    ]


@get("/members.xlsx", guards=[may("team.export")])
async def members_workbook(request: Asking, who: Asker) -> Response[bytes]:
    """The members of the teams of the list."""
    asked = check_query(request, TeamFilter)
    members = await all_members(who, asked)
    shown = {**asked.query(), "rows": len(members)}
    await record(who, "member.export", path=who.first_path("team.export"), after=shown)
    heads = [_("Commune"), _("Team"), _("Full name"), _("Position"), _("Sex"), _("Born")]
    heads += [_("Phone"), _("Organisation"), _("Joined on"), _("Decision")]
    widths = (22, 44, 28, 14, 10, 14, 16, 32, 14, 18)
    lines = [_member_cells(member) for member in members]
    return await workbook("thanh-vien-to-cnscd", _("Members"), heads, lines, widths)


def _member_cells(member: MemberLine) -> list[Cell]:
    sexes = {"female": _("Female"), "male": _("Male")}
    return [
        member.commune,
        member.team,
        member.name,
        member.role,
        sexes.get(member.sex or ""),
        member.born_on or member.born_year,
        phone_shown(member.phone) if member.phone else None,
        member.organisation,
        member.joined_on,
        member.decision,
    ]


async def workbook(
    stem: str, title: str, heads: list[str], lines: list[list[Cell]], widths: Sequence[int]
) -> Response[bytes]:
    """An .xlsx to keep, named after the day it was made."""
    data = await to_thread(write_sheet, title, heads, lines, widths)
    name = f"{stem}-{clock.today():%Y-%m-%d}.xlsx"
    return file(name, data)


ROUTES: list[ControllerRouterHandler] = [teams_workbook, members_workbook]
