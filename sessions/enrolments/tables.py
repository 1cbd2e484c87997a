"""What enrolments store."""

from piccolo.columns import UUID, Date, Integer, Text, Timestamptz
from piccolo.table import Table

STATES = ("nominated", "waiting", "enrolled", "withdrawn")


class Enrolment(Table, tablename="enrolment"):
    """A person in a course. `line` is the place in the order of asking, given once; `since` is
    the first day on which the person counts as a trainee, `until` the first day after. `code` is
    the personal code for attendance. One that is not withdrawn is unique by course and person."""

    id = UUID(primary_key=True)
    course = UUID()
    person = UUID()
    office = UUID(null=True)
    state = Text()
    line = Integer()
    how = Text()
    code = Text()
    since = Date(null=True)
    until = Date(null=True)
    asked_at = Timestamptz()
    asked_by = UUID(null=True)
    seated_at = Timestamptz(null=True)
    withdrawn_at = Timestamptz(null=True)
    withdrawn_by = UUID(null=True)
    withdrawn_why = Text()
    version = Integer()
