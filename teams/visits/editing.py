"""The form of a visit at a desk: line by line, so that residents and obstacles stay with theirs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from kit import clock
from kit.days import parse_day
from kit.errors import Refused
from kit.forms import check
from kit.i18n import gettext as _
from teams.visits.card import Parts, local_time
from teams.visits.forms import EditVisitForm
from teams.visits.queries import VisitFound

BLANKS = 3
MOST_LINES = 60
LINE = ("service", "outcome", "obstacle", "referral", "resident")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]) ?[:hg.]? ?([0-5][0-9])")
Sent = Mapping[str, list[str]]


def lines_of(parts: Parts) -> list[dict[str, str]]:
    """The services of a visit as the form shows them, with blank lines to add more."""
    given = [{name: getattr(one, name) or "" for name in LINE} for one in parts.supports]
    return given + [dict.fromkeys(LINE, "")] * BLANKS


def typed_lines(sent: Sent) -> list[dict[str, str]]:
    """The lines as they were typed."""
    columns = [sent.get(name, [])[:MOST_LINES] for name in LINE]
    return [dict(zip(LINE, line, strict=True)) for line in zip(*columns, strict=False)]


def values_of(visit: VisitFound, parts: Parts) -> dict[str, Any]:
    """The single fields of the form, as the visit stands."""
    return {
        "met": visit.met,
        "day": clock.local_day(visit.met_at),
        "time": local_time(visit),
        "place": visit.place,
        "consent": visit.basis if visit.met == "met" else "",
        "consent_method": parts.consent_method or "tapped",
        "witness": parts.witness,
        "note": visit.note,
        "follow_up_on": parts.due_on if not parts.due_closed else None,
        "performed_by": visit.performed_by,
        "participants": [person["id"] for person in parts.people],
    }


def read_edit(sent: Sent, visit: VisitFound, parts: Parts) -> EditVisitForm:
    """The new content of a visit. Raises Refused with a sentence for each wrong field."""
    single = {name: values[0] for name, values in sent.items() if values}
    met, wrong = single.get("met", ""), dict[str, str]()
    lines = [line for line in typed_lines(sent) if line["service"]]
    read = {
        **{key: single.get(key, "") for key in ("version", "why", "note", "place", "witness")},
        "met": met,
        "met_at": _instant(single, visit, wrong),
        "consent": single.get("consent") or None if met == "met" else None,
        "consent_method": single.get("consent_method") or "tapped",
        "consent_text": parts.consent_text,
        "supports": [{key: value or None for key, value in line.items()} for line in lines],
        "follow_up_on": single.get("follow_up_on", ""),
        "follow_up_referral": parts.due_referral if not parts.due_closed else None,
        "participants": sent.get("participants", []),
        "performed_by": single.get("performed_by") or None,
    }
    return _checked(read, wrong)


def _checked(read: Mapping[str, Any], wrong: dict[str, str]) -> EditVisitForm:
    """The form, all that is wrong with it told at once. Raises Refused."""
    try:
        form = check(EditVisitForm, read)
    except Refused as refused:
        refused.fields = wrong | refused.fields
        raise
    if wrong:
        raise Refused(fields=wrong)
    return form


def _instant(single: Mapping[str, str], visit: VisitFound, wrong: dict[str, str]) -> datetime:
    """The moment typed as a day and a time; to the second as it was, if neither was changed or
    one is wrong, which is noted."""
    hour = _TIME.fullmatch(single.get("time", "").strip())
    if hour is None:
        wrong["time"] = _("Enter the time as 09:42.")
    day = _day(single.get("day", ""), wrong)
    if hour is None or day is None:
        return visit.met_at
    told, was = time(int(hour[1]), int(hour[2])), visit.met_at.astimezone(clock.LOCAL)
    same = (day, told) == (was.date(), was.time().replace(second=0, microsecond=0))
    return visit.met_at if same else datetime.combine(day, told, clock.LOCAL)


def _day(typed: str, wrong: dict[str, str]) -> date | None:
    try:
        return parse_day(typed)
    except ValueError as error:
        wrong["day"] = _(str(error))
        return None


def on_the_form(refused: Refused, sent: Sent) -> Refused:
    """A refusal with its sentences where the form has the fields."""
    places = {"met_at": "day", "household": "day", "area": "day", "form": _of_the_whole(sent)}
    fields: dict[str, str] = {}
    for name, sentence in refused.fields.items():
        first = name.partition(".")[0]
        unsaid = first == "supports" and name.endswith(".outcome")
        said = _("Choose the outcome of every service.") if unsaid else sentence
        fields.setdefault(places.get(first, first), said)
    refused.fields = fields
    return refused


def _of_the_whole(sent: Sent) -> str:
    """The field that stands against the others, in the order in which the form looks at them."""
    met = sent.get("met", [""])[0] == "met"
    if met and not sent.get("consent", [""])[0]:
        return "consent"
    return "supports" if not met and any(sent.get("service", [])) else "follow_up_on"
