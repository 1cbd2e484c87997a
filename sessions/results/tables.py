"""What results store."""

from piccolo.columns import UUID, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class Result(Table, tablename="test_result"):
    """A trainee's score in the test of a course, in tenths: 65 is 6,5 of 10. `note` is why it was
    corrected last; one that is withdrawn counts as not entered."""

    id = UUID(primary_key=True)
    course = UUID()
    person = UUID()
    score = Integer()
    tested_on = Date()
    entered_at = Timestamptz()
    entered_by = UUID(null=True)
    note = Text()
    version = Integer()
    withdrawn_at = Timestamptz(null=True)
    withdrawn_by = UUID(null=True)
