"""What training sessions store."""

from piccolo.columns import UUID, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class TrainingSession(Table, tablename="training_session"):
    """A meeting of a course. `starts` and `ends` are minutes after the local midnight of `day`,
    `periods` its length in periods of 45 minutes. `sequence` grows with each change that a
    calendar must hear of; `secret` makes the codes of the wall; `clash_why` says why it was
    saved in spite of a clash; `taken_at` tells that its attendance is complete."""

    id = UUID(primary_key=True)
    course = UUID()
    topic = Text()
    day = Date()
    starts = Integer()
    ends = Integer()
    venue = UUID(null=True)
    trainer = UUID(null=True)
    periods = Integer()
    sequence = Integer()
    secret = Text()
    clash_why = Text()
    made_at = Timestamptz()
    made_by = UUID(null=True)
    moved_at = Timestamptz(null=True)
    moved_by = UUID(null=True)
    moved_why = Text()
    cancelled_at = Timestamptz(null=True)
    cancelled_by = UUID(null=True)
    cancelled_why = Text()
    taken_at = Timestamptz(null=True)
    taken_by = UUID(null=True)
    version = Integer()
