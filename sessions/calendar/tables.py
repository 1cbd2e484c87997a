"""What calendars store."""

from piccolo.columns import UUID, Text, Timestamptz
from piccolo.table import Table


class CalendarFeed(Table, tablename="calendar_feed"):
    """A secret address under which a calendar program reads a person's sessions."""

    id = UUID(primary_key=True)
    token_hash = Text()
    person = UUID()
    made_at = Timestamptz()
    revoked_at = Timestamptz(null=True)
