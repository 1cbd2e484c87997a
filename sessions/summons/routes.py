"""The summons of a course: the page, and the paper to take away."""

from __future__ import annotations

from asyncio import to_thread
from typing import Annotated
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.files import file, stem
from kit.forms import Form, Maybe, read_query
from kit.pages import page
from kit.typesetting import to_pdf, to_word
from people.audit.commands import record, record_view
from people.permissions import Who
from people.sign_ins.door import Asker, may
from sessions.summons.papers import paper_of
from sessions.summons.queries import Summons, find_summons


class SummonsFilter(Form):
    """The office whose people alone are listed, if any."""

    office: Annotated[UUID | None, Maybe] = None


@get("/courses/{course:uuid}/summons", guards=[may("course.read")])
async def summons_page(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[str]:
    """Who is summoned, by office, and the papers to take away."""
    summons = await find_summons(who, course)
    await record_view(who, "course.view", str(course), summons.course.path)
    exports = who.reaches("training.export", summons.course.path)
    return page(request, "summons/show.html", summons=summons, exports=exports)


@get("/courses/{course:uuid}/summons.docx", guards=[may("training.export")])
async def summons_word(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[bytes]:
    """The summons as a Word file, to be numbered and signed."""
    summons = await _taken(request, who, course, "docx")
    content = await to_thread(to_word, "summons.docx", paper_of(summons))
    return file(_name(summons, "docx"), content)


@get("/courses/{course:uuid}/summons.pdf", guards=[may("training.export")])
async def summons_pdf(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[bytes]:
    """The summons as a PDF."""
    summons = await _taken(request, who, course, "pdf")
    content = await to_thread(to_pdf, "summons.typ", paper_of(summons))
    return file(_name(summons, "pdf"), content)


async def _taken(request: Asking, who: Who, course: UUID, form: str) -> Summons:
    """The summons, put on record as taken away in a form."""
    asked = read_query(request, SummonsFilter)
    summons = await find_summons(who, course, "training.export", asked.office)
    after = {"form": form, "rows": summons.people}
    title, path = summons.course.title, summons.course.path
    await record(who, "course.summons", course, title, path=path, after=after)
    return summons


def _name(summons: Summons, ending: str) -> str:
    """The name of the file: after the course, and after the office if it is for one."""
    office = [one.name for one in summons.lists] if len(summons.lists) == 1 else []
    return f"giay-trieu-tap-{stem(summons.course.title, *office, most=80)}.{ending}"


ROUTES: list[ControllerRouterHandler] = [summons_page, summons_word, summons_pdf]
