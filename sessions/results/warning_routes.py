"""Trainees to remind: of a course, and of all courses that last."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.pages import page
from people.audit.commands import record_view
from people.sign_ins.door import Asker, may
from sessions.courses.queries import find_course
from sessions.results.warnings import for_zalo, list_warned, list_warned_courses


@get("/courses/{course:uuid}/warnings", guards=[may("course.read")])
async def course_warnings_page(
    request: Asking, who: Asker, course: FromPath[UUID]
) -> Response[str]:
    """Whom to remind in a course; its page takes the list from here."""
    found = await find_course(who, course)
    warned = await list_warned(found)
    await record_view(who, "result.view", found.title, found.path)
    text = for_zalo(found, warned)
    return page(request, "results/warnings.html", course=found, warned=warned, zalo=text)


@get("/courses/warnings", guards=[may("attendance.mark")])
async def warnings_page(request: Asking, who: Asker) -> Response[str]:
    """The courses with trainees to remind; the first page takes its line from here."""
    return page(request, "results/all_warnings.html", courses=await list_warned_courses(who))


ROUTES: list[ControllerRouterHandler] = [course_warnings_page, warnings_page]
