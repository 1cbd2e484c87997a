"""What results store."""

from piccolo.columns import UUID, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class Result(Table, tablename="test_result"):
    """A trainee's score in the test of a course, in tenths: 65 is 6,5 of 10. At most one holds;
    one that was corrected or taken back is withdrawn, with why, and stays. `note` is why a score
    was entered after the course had ended."""

    id = UUID(primary_key=True)
    course = UUID()
    person = UUID()
    score = Integer()
    tested_on = Date()
    entered_at = Timestamptz()
    entered_by = UUID(null=True)
    note = Text()
    withdrawn_at = Timestamptz(null=True)
    withdrawn_by = UUID(null=True)
    withdrawn_why = Text()
