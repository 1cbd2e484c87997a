"""The page of the clock's own work."""

from __future__ import annotations

from litestar import Response, get
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.pages import page
from people.jobs.queries import list_jobs
from people.sign_ins.door import may


@get("/jobs", guards=[may("jobs.read")])
async def jobs_page(request: Asking) -> Response[str]:
    """What runs when, and what came of it."""
    return page(request, "jobs/list.html", jobs=await list_jobs(request.app.state.timetable))


ROUTES: list[ControllerRouterHandler] = [jobs_page]
