"""What follow-ups store."""

from piccolo.columns import UUID, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class FollowUp(Table, tablename="follow_up"):
    """A visit to come, or somebody to whom a resident was referred. It belongs to the household,
    so it goes where the household goes; `assignee` is empty where the team's leader is meant.
    `closed_visit` is the later visit that kept it."""

    id = UUID(primary_key=True)
    visit = UUID()
    household = UUID(null=True)
    due_on = Date()
    assignee = UUID(null=True)
    referral = Text(null=True)
    attempts = Integer()
    last_attempt_on = Date(null=True)
    made_at = Timestamptz()
    closed_at = Timestamptz(null=True)
    closed_by = UUID(null=True)
    closed_why = Text()
    closed_visit = UUID(null=True)
    version = Integer()
