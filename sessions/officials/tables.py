"""What officials store: a spell of a person in an office."""

from piccolo.columns import UUID, Date, Integer, Text
from piccolo.table import Table

CATEGORIES = ("cadre", "civil_servant", "public_employee", "part_time")


class Official(Table, tablename="official"):
    """A person's work in an office from `since` until the day before `until`, in one of
    CATEGORIES. Spells of one person never overlap."""

    id = UUID(primary_key=True)
    person = UUID()
    office = UUID()
    category = Text()
    job = Text()
    since = Date()
    until = Date(null=True)
    version = Integer()
