"""The visit form as a browser without script sends it, read into what a phone would send."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from kit import clock
from kit.days import parse_day
from kit.errors import Refused
from kit.guard import finds_secret
from teams.offline.words import say

MOST_LETTERS = 500
Sent = Mapping[str, list[str]]
_TIME = re.compile(r"([01]?\d|2[0-3])[:hg.]([0-5]\d)")
_DAYS = re.compile(r"[0-9]{1,3}")


class Reading:
    """One pass over the fields: what they say, and of each wrong one what is wrong with it."""

    def __init__(self, sent: Sent) -> None:
        self.sent = sent
        self.errors: dict[str, str] = {}

    def one(self, name: str) -> str:
        """The first value of a field, trimmed."""
        return next(iter(self.sent.get(name, [])), "").strip()

    def must(self, ok: object, field: str, sentence: str) -> None:
        """Say what is wrong with a field unless it is all right."""
        if not ok:
            self.errors.setdefault(field, say(sentence))

    def moment(self) -> datetime:
        """When the visit was: as typed, else now."""
        now = clock.now().astimezone(clock.LOCAL)
        day, hour = self.day("on", "day"), self.one("at")
        found = _TIME.fullmatch(hour)
        self.must(found or not hour, "at", "time")
        if day is None and not hour:
            return now
        at = time(int(found[1]), int(found[2])) if found else now.time().replace(microsecond=0)
        return datetime.combine(day or now.date(), at, clock.LOCAL)

    def day(self, field: str, sentence: str) -> date | None:
        """The day typed into a field, None for an empty one."""
        typed = self.one(field)
        try:
            return parse_day(typed) if typed else None
        except ValueError:
            self.must(False, field, sentence)
            return None

    def supports(self, resident: UUID | str | None) -> list[dict[str, Any]]:
        """The ticked services, each with how it went and what stood in the way."""
        services = self.sent.get("service", [])
        self.must(services, "service", "service")
        return [self.support(code, resident) for code in services]

    def support(self, code: str, resident: UUID | str | None) -> dict[str, Any]:
        """One ticked service."""
        outcome, obstacle = self.one(f"outcome.{code}"), self.one(f"obstacle.{code}")
        self.must(outcome, f"outcome.{code}", "outcome")
        if outcome == "pending":
            self.must(obstacle, f"obstacle.{code}", "obstacle")
        found = {"service": code, "outcome": outcome, "resident": resident}
        return found | ({"obstacle": obstacle} if outcome == "pending" else {})

    def follow_up(self, met: str, day: date) -> date | None:
        """The day to come again, if any."""
        name, field = ("follow_up", "follow_up_on") if met == "met" else ("again", "again_on")
        tapped, typed = self.one(name), self.day(field, "day")
        wanted = typed or (day + timedelta(days=int(tapped)) if _DAYS.fullmatch(tapped) else None)
        self.must(wanted is None or wanted > day, field, "again")
        return wanted

    def note(self) -> str:
        """The note, if it holds no secret."""
        text = self.one("note")
        self.must(not finds_secret(text), "note", "note")
        self.must(len(text) <= MOST_LETTERS, "note", "long")
        return text


def read_resident(sent: Sent) -> dict[str, Any] | None:
    """Somebody new whom the visit helped, None when nobody new was.

    Raises Refused when nothing was said of the person.
    """
    reading = Reading(sent)
    if reading.one("resident") != "new" or reading.one("consent") != "consent":
        return None
    name, band, sex = reading.one("resident_name"), reading.one("age_band"), reading.one("sex")
    reading.must(name or band or sex, "age_band", "resident")
    reading.must(not finds_secret(name), "resident_name", "note")
    _stop(reading)
    consent = {
        "consent_method": reading.one("consent_method") or "tapped",
        "consent_text": reading.one("consent_text") or None,
        "witness": reading.one("witness"),
    }
    return {"name": name, "age_band": band, "sex": sex or None, **(consent if name else {})}


def read_visit(sent: Sent, household: UUID | None, resident: UUID | None = None) -> dict[str, Any]:
    """The visit as a phone would send it. Raises Refused with a sentence for each wrong field."""
    reading = Reading(sent)
    tapped = reading.one("met")
    met = tapped if tapped in ("absent", "refused") else "met"
    reading.must(tapped, "met", "met")
    place = reading.one("place") if tapped == "elsewhere" else "home"
    reading.must(place, "place", "place")
    met_at = reading.moment()
    found: dict[str, Any] = {
        "id": reading.one("id"),
        "household": household,
        "met": met,
        "met_at": met_at,
        "place": place,
        "consent": None,
        "note": reading.note(),
        "follow_up_on": reading.follow_up(met, met_at.date()),
        "follow_up_referral": reading.one("follow_up_referral") or None,
        "participants": list(sent.get("participants", [])),
        "performed_by": reading.one("performed_by") or None,
    }
    if met == "met":
        found |= _of_a_meeting(reading, resident)
    _stop(reading)
    return found


def _of_a_meeting(reading: Reading, resident: UUID | None) -> dict[str, Any]:
    consent, method = reading.one("consent"), reading.one("consent_method") or "tapped"
    reading.must(consent, "consent", "consent")
    picked = reading.one("resident") if consent == "consent" else ""
    helped = resident or (picked if picked not in ("", "new") else None)
    if consent == "consent" and method == "spoken":
        reading.must(reading.one("witness"), "witness", "witness")
    return {
        "consent": consent or None,
        "consent_method": method,
        "consent_text": reading.one("consent_text") or None,
        "witness": reading.one("witness") if consent == "consent" else "",
        "supports": reading.supports(helped),
    }


def _stop(reading: Reading) -> None:
    if reading.errors:
        raise Refused(fields=reading.errors)
