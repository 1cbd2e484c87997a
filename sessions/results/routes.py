"""Results of a course: where everybody stands, entering scores, the rule of the course."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from pydantic import Field

from kit import clock
from kit.answers import Asking
from kit.errors import Refused
from kit.forms import Day, Form, check, read_fields, read_form, read_query, read_typed
from kit.guard import SafeLine
from kit.i18n import gettext as _
from kit.i18n import ngettext
from kit.pages import done, link, page
from people.audit.commands import record_view
from people.permissions import Who
from people.sign_ins.door import Asker, may
from sessions.courses.queries import CourseFound, find_course
from sessions.results.commands import (
    Entered,
    ResultsForm,
    RuleForm,
    Score,
    enter_results,
    set_rule,
)
from sessions.results.figures import effects_of, last_test_day, rule_of, standing_of
from sessions.results.paste import read_pasted
from sessions.results.queries import ResultsFilter, find_trainee, list_changes, list_standing
from sessions.results.rule import Rule
from sessions.results.words import MOST, score_shown

READ, EDIT, RULE = [may("course.read")], [may("result.edit")], [may("course.edit")]


@get("/courses/{course:uuid}/results", guards=READ)
async def results_page(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[str]:
    """Where everybody of a course stands, and the fields for the scores of the test."""
    found = await find_course(who, course)
    await record_view(who, "result.view", found.title, found.path)
    return await _results(request, who, found)


async def _results(
    request: Asking, who: Who, course: CourseFound, refused: Refused | None = None
) -> Response[str]:
    asked = read_query(request, ResultsFilter)
    trainees, following = await list_standing(course, asked)
    if refused:
        refused.typed = await read_typed(request)
    shown = {"course": course, "trainees": trainees, "edits": _edits(who, course), "asked": asked}
    shown["next"] = link(_at(course.id), q=asked.q, after=following) if following else ""
    [effect] = await effects_of(course, rule_of(course))
    tested = await last_test_day(course.id) or clock.today()
    return page(request, "results/show.html", refused, effect=effect, tested_on=tested, **shown)


def _at(course_id: UUID) -> str:
    return f"/courses/{course_id}/results"


def _edits(who: Who, course: CourseFound) -> bool:
    """Whether scores may be entered by the asker; after the end only by who may correct."""
    if course.pass_mark is None or course.cancelled_on:
        return False
    verbs = ["result.edit"] if course.lives else ["result.edit", "attendance.correct"]
    return all(who.reaches(verb, course.path) for verb in verbs)


@post("/courses/{course:uuid}/results", guards=EDIT)
async def enter_here(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[Any]:
    """Enter and correct the scores of the page."""
    found = await find_course(who, course, "result.edit")
    try:
        entered = await enter_results(who, course, await _typed_scores(request))
    except Refused as refused:
        return await _results(request, who, found, refused)
    return done(await _onward(request, found), _said(entered))


async def _onward(request: Asking, course: CourseFound) -> str:
    """Where to go once a page is saved: the same page, or the next one if that was the button."""
    asked = read_query(request, ResultsFilter)
    if (await request.form()).get("then") != "next":
        return link(_at(course.id), **asked.query())
    _shown, following = await list_standing(course, asked)
    return link(_at(course.id), q=asked.q, after=following or asked.after)


async def _typed_scores(request: Asking) -> ResultsForm:
    """The form of the page, with one field a trainee: `score-ID`, and `was-ID` as it was shown."""
    sent = await request.form()
    people = [name.removeprefix("score-") for name in sent if name.startswith("score-")]
    scores = [
        {"person": p, "score": sent[f"score-{p}"], "was": sent.get(f"was-{p}")} for p in people
    ]
    try:
        return check(ResultsForm, {**await read_fields(request, ResultsForm), "scores": scores})
    except Refused as refused:
        raise Refused(fields=_by_person(refused.fields, people)) from None


def _by_person(fields: dict[str, str], people: list[str]) -> dict[str, str]:
    """Sentences of "scores.3.score" under the field of that trainee."""
    named = {}
    for name, sentence in fields.items():
        parts = name.split(".")
        one = len(parts) == 3
        named[f"score-{people[int(parts[1])]}" if one else name] = sentence
    return named


def _said(entered: Entered) -> str:
    if not entered.new and not entered.corrected:
        return _("Nothing changed.")
    new = ngettext("%(num)s result is entered.", "%(num)s results are entered.", entered.new)
    fixed = ngettext(
        "%(num)s result is corrected.", "%(num)s results are corrected.", entered.corrected
    )
    return " ".join([new] * bool(entered.new) + [fixed] * bool(entered.corrected))


@get("/courses/{course:uuid}/results/{person:uuid}", guards=READ)
async def changes_page(
    request: Asking, who: Asker, course: FromPath[UUID], person: FromPath[UUID]
) -> Response[str]:
    """What became of somebody's score: who entered, corrected or took it back, when and why."""
    found = await find_course(who, course)
    name = await find_trainee(found, person)
    changes = await list_changes(found, person)
    await record_view(who, "result.view", found.title, found.path)
    return page(request, "results/changes.html", course=found, name=name, changes=changes)


class PasteForm(Form):
    """Lines with names and scores, as a spreadsheet copies them."""

    pasted: str = Field(min_length=1, max_length=200_000)
    tested_on: Day
    reason: SafeLine = Field(default="", max_length=300)


@post("/courses/{course:uuid}/results/paste", guards=EDIT)
async def paste_here(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[Any]:
    """Enter scores from a spreadsheet, all lines or none."""
    found = await find_course(who, course, "result.edit")
    try:
        form = await _pasted_scores(await read_form(request, PasteForm), found)
        entered = await enter_results(who, course, form)
    except Refused as refused:
        return await _results(request, who, found, refused)
    return done(f"/courses/{course}/results", _said(entered))


async def _pasted_scores(form: PasteForm, course: CourseFound) -> ResultsForm:
    read = read_pasted(form.pasted, await standing_of(course))
    if read.wrong:
        raise Refused(fields={"pasted": read.sentence})
    if not read.scores:
        said = _("No line with a name and a score is found. Copy both columns together.")
        raise Refused(fields={"pasted": said})
    scores = list(read.scores.values())
    return ResultsForm(tested_on=form.tested_on, reason=form.reason, scores=scores)


class RuleAsked(Form):
    """The rule whose effect is asked for; what is not said is as it stands."""

    min_share: int | None = Field(default=None, ge=0, le=100)
    pass_mark: Score = Field(default=None, ge=0, le=MOST)


@get("/courses/{course:uuid}/rule", guards=RULE)
async def rule_page(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[str]:
    """The rule of a course, and what another one would make of its trainees."""
    return await _rule(request, await find_course(who, course, "course.edit"))


async def _rule(
    request: Asking, course: CourseFound, refused: Refused | None = None
) -> Response[str]:
    asked = read_query(request, RuleAsked)
    shown = {"course": course, "now": rule_of(course), "score_shown": score_shown}
    other = None if asked.min_share is None else Rule(asked.min_share, asked.pass_mark)
    effects = await effects_of(course, *(rule for rule in (rule_of(course), other) if rule))
    if refused:
        refused.typed = await read_typed(request)
    return page(request, "results/rule.html", refused, other=other, effects=effects, **shown)


@post("/courses/{course:uuid}/rule", guards=RULE)
async def set_rule_here(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[Any]:
    """Set the rule whose effect was shown."""
    try:
        await set_rule(who, course, await read_form(request, RuleForm))
    except Refused as refused:
        return await _rule(request, await find_course(who, course, "course.edit"), refused)
    return done(f"/courses/{course}/results", _("The rule is set."))


ROUTES: list[ControllerRouterHandler] = [
    results_page,
    enter_here,
    changes_page,
    paste_here,
    rule_page,
    set_rule_here,
]
