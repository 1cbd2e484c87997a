"""What themes store. A theme is retired by `until`, never deleted."""

from piccolo.columns import UUID, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class Theme(Table, tablename="theme"):
    """A theme of courses, with its name in both languages."""

    code = Text(primary_key=True)
    name_vi = Text()
    name_en = Text()
    rank = Integer()
    since = Date()
    until = Date(null=True)
    version = Integer()


class TrainingDuty(Table, tablename="training_duty"):
    """How many periods of training a year a category owes, from a day on; (category, since) is
    the key, and the newest `since` up to a day holds on it."""

    category = Text(primary_key=True)
    since = Date()
    periods = Integer()
    made_at = Timestamptz()
    made_by = UUID(null=True)
