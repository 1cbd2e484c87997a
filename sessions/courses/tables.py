"""What courses store. Their state follows from days, and from what became of them."""

from piccolo.columns import UUID, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class Course(Table, tablename="course"):
    """A course. `audience` lists categories by comma, all when empty; `min_share` is the percent
    of periods to attend, `pass_mark` the least test score in tenths (65 is 6,5 of 10), empty
    without a test. `last_line` is the last place in line given to an enrolment."""

    id = UUID(primary_key=True)
    theme = Text()
    title = Text()
    fold = Text()
    sort = Text()
    aim = Text()
    area = UUID()
    required_periods = Integer()
    capacity = Integer()
    audience = Text()
    deadline = Date(null=True)
    min_share = Integer()
    pass_mark = Integer(null=True)
    last_line = Integer()
    planned_at = Timestamptz()
    planned_by = UUID(null=True)
    opened_on = Date(null=True)
    closed_on = Date(null=True)
    cancelled_on = Date(null=True)
    cancelled_by = UUID(null=True)
    cancelled_why = Text()
    version = Integer()


class CourseTrainer(Table, tablename="course_trainer"):
    """A person who teaches a course."""

    course = UUID(primary_key=True)
    person = UUID()


class CourseQuota(Table, tablename="course_quota"):
    """How many people an office may name for a course."""

    course = UUID(primary_key=True)
    office = UUID()
    places = Integer()
