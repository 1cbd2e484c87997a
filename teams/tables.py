"""What teams stores: teams, the areas they cover, and who was a member from when to when."""

from piccolo.columns import UUID, Date, Integer, Text, Timestamptz
from piccolo.table import Table

POSITIONS = ("leader", "deputy", "member")


class Team(Table, tablename="team"):
    """A community digital-technology team; `dissolved_on` is the first day without it."""

    id = UUID(primary_key=True)
    name = Text()
    fold = Text()
    sort = Text()
    founded_on = Date()
    dissolved_on = Date(null=True)
    dissolved_why = Text()
    decision_number = Text()
    decision_on = Date(null=True)
    target_size = Integer()
    phone = Text(null=True)
    version = Integer()


class TeamArea(Table, tablename="team_area"):
    """An area a team covers from `since` until the day before `until`."""

    id = UUID(primary_key=True)
    team = UUID()
    area = UUID()
    since = Date()
    until = Date(null=True)


class Membership(Table, tablename="membership"):
    """A person's spell in a team. `left_on` is the first day outside it."""

    id = UUID(primary_key=True)
    team = UUID()
    person = UUID()
    position = Text()
    organisation = Text()
    joined_on = Date()
    left_on = Date(null=True)
    left_reason = Text()
    decision = Text()
    version = Integer()


class MemberCard(Table, tablename="member_card"):
    """A printed card of a person in a team; `code` is what its QR leads to. Ended when replaced."""

    id = UUID(primary_key=True)
    person = UUID()
    team = UUID()
    code = Text()
    made_at = Timestamptz()
    made_by = UUID(null=True)
    ended_at = Timestamptz(null=True)
