"""Who may do what, and where: the one dictionary of roles, and reach as a prefix of the area tree.

A role is asked for on the route (`guards=[may("team.edit")]`), a row by the query that finds it:
what you may not see is not there (404), what you see but may not change is forbidden (403).
"""

from dataclasses import dataclass
from uuid import UUID

from kit.errors import Forbidden
from kit.spells import EVERYWHERE

READS = {
    "home.read",
    "team.read",
    "person.read",
    "area.read",
    "office.read",
    "household.read",
    "visit.read",
    "course.read",
    "calendar.read",
}
EXPORTS = {"team.export", "member.card", "visit.export", "training.export"}
OWN_TEAM = {"home.read", "team.read", "person.read", "member.card", "calendar.read"}
AT_THE_DOOR = {"household.read", "household.edit", "visit.read", "visit.log"}
CLASSROOM = {
    "course.read",
    "course.edit",
    "course.enrol",
    "official.edit",
    "attendance.mark",
    "attendance.import",
    "import.upload",
    "result.edit",
    "certificate.issue",
    "training.export",
    "calendar.read",
}
"""What a trainer does; a leader or member reads the own calendar only."""

ROLES: dict[str, frozenset[str]] = {
    "member": frozenset(OWN_TEAM | AT_THE_DOOR),
    "leader": frozenset(
        OWN_TEAM | AT_THE_DOOR | {"team.export", "household.merge", "visit.export"}
    ),
    "viewer": frozenset(READS | EXPORTS),
    "trainer": frozenset(
        {"home.read", "person.read", "area.read", "office.read", "office.edit"} | CLASSROOM
    ),
    "coordinator": frozenset(
        READS
        | EXPORTS
        | AT_THE_DOOR
        | CLASSROOM
        | {
            "attendance.correct",
            "household.merge",
            "visit.edit",
            "visit.review",
            "team.found",
            "team.edit",
            "team.dissolve",
            "member.assign",
            "person.edit",
            "office.edit",
            "import.make",
            "account.read",
            "account.edit",
            "account.link",
            "audit.read",
            "delivery.read",
            "delivery.edit",
        }
    ),
}
ROLES["admin"] = frozenset(
    set().union(*ROLES.values())
    | {"area.edit", "settings.edit", "catalogue.edit", "account.grant", "jobs.read"}
)

GRANTED_ROLES = ("admin", "coordinator", "trainer", "viewer")


@dataclass(frozen=True)
class Right:
    """A role held today: in the areas whose path begins with `path`, or in one team."""

    role: str
    path: str | None = None
    team: UUID | None = None

    def may(self, verb: str) -> bool:
        """Whether the role holds the verb."""
        return verb in ROLES[self.role]


@dataclass(frozen=True)
class Who:
    """Whoever asks: a person with an account, or the machine itself. `unread` counts the notices
    that wait in the inbox, up to 100, for the head of every page."""

    person: UUID | None
    account: UUID | None
    name: str
    rights: tuple[Right, ...] = ()
    language: str = "vi"
    theme: str = "auto"
    text_size: int = 17
    sign_in: UUID | None = None
    read_only: bool = False
    unread: int = 0

    def may(self, verb: str) -> bool:
        """Whether some right holds the verb, wherever."""
        if self.read_only and not _reads(verb):
            return False
        return any(right.may(verb) for right in self.rights)

    def paths(self, verb: str) -> list[str]:
        """The path prefixes within which the verb holds."""
        found = {r.path for r in self.rights if r.path is not None and r.may(verb)}
        return sorted(found) if self.may(verb) else []

    def teams(self, verb: str) -> list[UUID]:
        """The teams, beyond those areas, in which the verb holds."""
        found = {r.team for r in self.rights if r.team is not None and r.may(verb)}
        return sorted(found) if self.may(verb) else []

    def everywhere(self, verb: str) -> bool:
        """Whether the verb knows no border."""
        return EVERYWHERE in self.paths(verb)

    def reaches(self, verb: str, path: str) -> bool:
        """Whether the verb holds at a path."""
        return any(path.startswith(prefix) for prefix in self.paths(verb))

    def first_path(self, verb: str) -> str:
        """The first area within which the verb holds, for the log; the root's if there is none."""
        return next(iter(self.paths(verb)), EVERYWHERE)

    @property
    def home_path(self) -> str | None:
        """The area to show first: the first one within reach, if any."""
        paths = self.paths("team.read")
        return paths[0] if paths else None

    @property
    def own_team(self) -> UUID | None:
        """The team of the live membership, if any."""
        return next((right.team for right in self.rights if right.team), None)

    @property
    def roles(self) -> list[str]:
        """The roles held today, each once, in the order of rights."""
        return list(dict.fromkeys(right.role for right in self.rights))


MACHINE = Who(
    person=None, account=None, name="Tổ Số", rights=(Right(role="admin", path=EVERYWHERE),)
)


def _reads(verb: str) -> bool:
    return verb.endswith((".read", ".export", ".card"))


def must(allowed: bool) -> None:
    """Raise Forbidden unless allowed; for things already seen."""
    if not allowed:
        raise Forbidden
