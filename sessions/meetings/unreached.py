"""Whom no notice of a session reaches: somebody must call them, or write into the Zalo group."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kit import clock
from kit.database import rows
from kit.i18n import gettext as _
from kit.settings import settings
from kit.spells import as_of
from sessions.meetings.queries import MeetingFound

MOST = 200


@dataclass(frozen=True)
class Unreached:
    """A trainee of a session without an account whom no mail reaches either; `refused` is whether
    the last mail to them did not arrive."""

    person: UUID
    name: str
    phone: str | None
    email: str | None
    office_name: str | None
    refused: bool | None

    @property
    def why(self) -> str:
        """Why, in the reader's words."""
        if not self.email:
            return _("no mail address")
        return _("the last mail did not arrive") if self.refused else _("mail is not set up here")


async def list_unreached(meeting: MeetingFound) -> list[Unreached]:
    """The trainees of a session already found who have no account to read a notice in, and no
    address, one whose last mail was given up, or any address while no mail goes out; by name. An
    address that was corrected since is one to which no mail was given up."""
    mute = int(not settings().smtp_url)
    refused = "w.state = 'dead' AND w.address = p.email"
    return await rows(
        Unreached,
        "SELECT p.id AS person, p.name, p.phone, p.email, o.name AS office_name,"
        f" {refused} AS refused FROM enrolment e JOIN person p ON p.id = e.person"
        " LEFT JOIN office_spell o ON o.office = e.office AND {}"
        " LEFT JOIN delivery w ON w.id = (SELECT d.id FROM delivery d"
        "  JOIN notice n ON n.id = d.notice WHERE n.person = p.id AND d.channel = 'email'"
        "  AND d.state IN ('sent', 'dead') ORDER BY d.id DESC LIMIT 1)"
        " WHERE e.course = {} AND e.state = 'enrolled' AND e.since <= {}"
        f" AND (coalesce(p.email, '') = '' OR {refused} OR {{}} = 1)"
        " AND NOT EXISTS (SELECT 1 FROM account x WHERE x.person = p.id AND x.locked_at IS NULL)"
        " ORDER BY p.sort, p.id LIMIT {}",
        *(as_of("o", clock.today()), meeting.course, meeting.day, mute, MOST),
    )
