"""Tổ Số: the table of contents. Routers, the door, the timetable of jobs, the `toso` commands."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

import click
from litestar import Litestar, Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from demo import cli as demo_cli
from kit import cli, front_routes, i18n, operations_routes, static
from kit.answers import HANDLERS
from kit.backups import NIGHTLY
from kit.database import close_database, open_database
from kit.http import BIGGEST_BODY, BIGGEST_JSON, Shell
from kit.logs import ensure_logs
from kit.openapi import describe
from kit.scheduler import Job, make_scheduler
from notices.choices import routes as notice_choice_routes
from notices.deliveries import routes as delivery_routes
from notices.inbox import api as notices_api
from notices.inbox import routes as inbox_routes
from notices.jobs import PURGE_NOTICES, SEND
from people.accounts import routes as account_routes
from people.accounts.cli import account
from people.audit import routes as audit_routes
from people.imports import routes as import_routes
from people.imports import runs as import_runs
from people.imports.cli import import_
from people.jobs import routes as job_routes
from people.jobs.jobs import PURGE_RUNS
from people.me import routes as me_routes
from people.persons import api as persons_api
from people.persons import routes as person_routes
from people.sign_ins import routes as sign_in_routes
from people.sign_ins.door import Door, provide_who
from people.sign_ins.jobs import PURGE
from people.tokens.cli import token
from places.areas import api as areas_api
from places.areas import routes as area_form_routes
from places.holidays import routes as holiday_routes
from places.middleware import BodyOnPages
from places.offices import api as offices_api
from places.offices import routes as office_routes
from places.settings import routes as settings_routes
from reports.areas import routes as area_routes
from reports.home import routes as home_routes
from reports.teams import routes as team_figure_routes
from sessions.attendance import api as attendance_api
from sessions.attendance import person_routes as attendance_person_routes
from sessions.attendance import routes as attendance_routes
from sessions.attendance import sheet_routes as attendance_sheet_routes
from sessions.attendance import workbook as _marks  # noqa: F401  (offers its kind of workbook)
from sessions.calendar import routes as calendar_routes
from sessions.certificates import api as certificates_api
from sessions.certificates import jobs as certificate_jobs
from sessions.certificates import print_routes as certificate_print_routes
from sessions.certificates import prints as certificate_prints
from sessions.certificates import public_routes as certificate_public_routes
from sessions.certificates import routes as certificate_routes
from sessions.checkins import public_routes as self_checkin_routes
from sessions.checkins import routes as checkin_routes
from sessions.courses import api as courses_api
from sessions.courses import routes as course_routes
from sessions.duties import routes as duty_routes
from sessions.enrolments import api as enrolments_api
from sessions.enrolments import routes as enrolment_routes
from sessions.meetings import api as meetings_api
from sessions.meetings import routes as meeting_routes
from sessions.nominations import public_routes as nomination_page_routes
from sessions.nominations import routes as nomination_routes
from sessions.officials import cli as _officials_cli  # noqa: F401  (offers `toso import officials`)
from sessions.officials import routes as official_routes
from sessions.officials import workbook as _officials  # noqa: F401  (offers its kind of workbook)
from sessions.reminders import jobs as reminder_jobs
from sessions.results import api as results_api
from sessions.results import report_routes, warning_routes
from sessions.results import routes as result_routes
from sessions.summons import routes as summons_routes
from sessions.themes import routes as theme_routes
from sessions.training import routes as training_routes
from sessions.venues import routes as venue_routes
from sessions.walk_ins import routes as walk_in_routes
from teams.board import routes as board_routes
from teams.cards import routes as card_routes
from teams.catalogues import api as catalogues_api
from teams.catalogues import routes as catalogue_routes
from teams.exports import routes as export_routes
from teams.exports import visit_routes as visit_export_routes
from teams.follow_ups import routes as follow_up_routes
from teams.follow_ups.jobs import DIGEST
from teams.households import api as households_api
from teams.households import count_routes as hamlet_count_routes
from teams.households import jobs as household_jobs
from teams.households import merge_routes as household_merge_routes
from teams.households import resident_routes
from teams.households import routes as household_routes
from teams.imports import cli as _teams_cli  # noqa: F401  (offers its commands of `toso import`)
from teams.imports import households as _households  # noqa: F401  (offers its kind of workbook)
from teams.imports import members as _members  # noqa: F401  (offers its kind of workbook)
from teams.memberships import api as memberships_api
from teams.memberships import routes as membership_routes
from teams.newcomers import routes as newcomer_routes
from teams.offline import api as offline_api
from teams.offline import routes as offline_routes
from teams.papers import routes as paper_routes
from teams.participation import routes as participation_routes
from teams.reviews import routes as review_routes
from teams.roster import api as teams_api
from teams.roster import routes as roster_routes
from teams.visits import api as visits_api
from teams.visits import jobs as visit_jobs
from teams.visits import routes as visit_routes

VERSION = version("toso")

API = Router(
    "/api/v1",
    route_handlers=[
        *areas_api.ROUTES,
        *offices_api.ROUTES,
        *persons_api.ROUTES,
        *teams_api.ROUTES,
        *memberships_api.ROUTES,
        *catalogues_api.ROUTES,
        *visits_api.ROUTES,
        *offline_api.ROUTES,
        *households_api.ROUTES,
        *results_api.ROUTES,
        *notices_api.ROUTES,
        *certificates_api.ROUTES,
        *courses_api.ROUTES,
        *meetings_api.ROUTES,
        *enrolments_api.ROUTES,
        *attendance_api.ROUTES,
    ],
    request_max_body_size=BIGGEST_JSON,
    include_in_schema=True,
)

ROUTES: list[ControllerRouterHandler] = [
    static.static_file,
    *operations_routes.ROUTES,
    *sign_in_routes.ROUTES,
    *me_routes.ROUTES,
    *account_routes.ROUTES,
    *audit_routes.ROUTES,
    *job_routes.ROUTES,
    *inbox_routes.ROUTES,
    *notice_choice_routes.ROUTES,
    *delivery_routes.ROUTES,
    *person_routes.ROUTES,
    *roster_routes.ROUTES,
    *membership_routes.ROUTES,
    *newcomer_routes.ROUTES,
    *card_routes.ROUTES,
    *export_routes.ROUTES,
    *visit_export_routes.ROUTES,
    *household_routes.ROUTES,
    *household_merge_routes.ROUTES,
    *resident_routes.ROUTES,
    *hamlet_count_routes.ROUTES,
    *visit_routes.ROUTES,
    *review_routes.ROUTES,
    *paper_routes.ROUTES,
    *participation_routes.ROUTES,
    *home_routes.ROUTES,
    *team_figure_routes.ROUTES,
    *board_routes.ROUTES,
    *front_routes.ROUTES,
    *area_routes.ROUTES,
    *area_form_routes.ROUTES,
    *office_routes.ROUTES,
    *settings_routes.ROUTES,
    *holiday_routes.ROUTES,
    *catalogue_routes.ROUTES,
    *follow_up_routes.ROUTES,
    *import_routes.ROUTES,
    *course_routes.ROUTES,
    *meeting_routes.ROUTES,
    *attendance_routes.ROUTES,
    *attendance_person_routes.ROUTES,
    *attendance_sheet_routes.ROUTES,
    *enrolment_routes.ROUTES,
    *checkin_routes.ROUTES,
    *self_checkin_routes.ROUTES,
    *walk_in_routes.ROUTES,
    *official_routes.ROUTES,
    *nomination_routes.ROUTES,
    *nomination_page_routes.ROUTES,
    *summons_routes.ROUTES,
    *result_routes.ROUTES,
    *report_routes.ROUTES,
    *warning_routes.ROUTES,
    *training_routes.ROUTES,
    *calendar_routes.ROUTES,
    *certificate_routes.ROUTES,
    *certificate_print_routes.ROUTES,
    *certificate_public_routes.ROUTES,
    *theme_routes.ROUTES,
    *venue_routes.ROUTES,
    *duty_routes.ROUTES,
    *offline_routes.ROUTES,
    API,
]

TIMETABLE: list[Job] = [
    SEND,
    DIGEST,
    *reminder_jobs.JOBS,
    NIGHTLY,
    visit_jobs.RECOUNT,
    household_jobs.FORGET,
    PURGE,
    PURGE_RUNS,
    PURGE_NOTICES,
    certificate_jobs.PURGE_PRINTS,
]

COMMANDS: list[click.Command] = [*cli.COMMANDS, account, token, import_, *demo_cli.COMMANDS]


@asynccontextmanager
async def living(_: Litestar) -> AsyncIterator[None]:
    """The database and the clock's motor, from the first request to the last."""
    ensure_logs()
    await open_database()
    motor = make_scheduler(TIMETABLE)
    motor.start()
    gc.freeze()  # the code itself is no garbage: looking through it would stop all for 100 ms
    try:
        yield
    finally:
        gc.unfreeze()
        motor.shutdown(wait=False)
        await import_runs.stop()
        await certificate_prints.stop()
        await asyncio.sleep(0)
        await close_database()


def make_app() -> Litestar:
    """The app without its shell, as tests and the OpenAPI document see it."""
    return Litestar(
        route_handlers=ROUTES,
        middleware=[Door, BodyOnPages],
        dependencies={"who": Provide(provide_who, sync_to_thread=False)},
        exception_handlers=HANDLERS,
        state=State({"timetable": TIMETABLE}),
        lifespan=[living],
        compression_config=CompressionConfig(
            backend="gzip", minimum_size=900, gzip_compress_level=5, exclude="^/static/"
        ),
        openapi_config=describe(VERSION),
        request_max_body_size=BIGGEST_BODY,
        include_in_schema=False,
        logging_config=None,
    )


app = Shell(make_app())


@click.group(commands=COMMANDS)
@click.version_option(VERSION, message="Tổ Số %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """Tổ Số: the register of community digital-technology teams."""
    checks = [*visit_jobs.CHECKS, *household_jobs.CHECKS, *certificate_jobs.CHECKS]
    context.obj = cli.Program(app, checks)
    i18n.language.set("vi" if os.environ.get("LANG", "").startswith("vi") else "en")
