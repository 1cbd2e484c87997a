"""What venues store."""

from piccolo.columns import UUID, Date, Integer, Text
from piccolo.table import Table


class Venue(Table, tablename="venue"):
    """A room or hall; no longer used from `until` on."""

    id = UUID(primary_key=True)
    name = Text()
    fold = Text()
    sort = Text()
    area = UUID()
    address = Text()
    seats = Integer(null=True)
    since = Date()
    until = Date(null=True)
    version = Integer()
