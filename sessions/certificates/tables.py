"""What certificates store."""

from piccolo.columns import UUID, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class CertificateRegister(Table, tablename="certificate_register"):
    """The last number given in a year; taken in the transaction that issues, so without gaps."""

    year = Integer(primary_key=True)
    last = Integer()


class Certificate(Table, tablename="certificate"):
    """A certificate of taking part, with name, course and office in the words of its own day.
    (year, number) is unique and without gaps; `code` opens the public page; one that is revoked
    keeps its number."""

    id = UUID(primary_key=True)
    year = Integer()
    number = Integer()
    course = UUID()
    person = UUID()
    code = Text()
    person_name = Text()
    office_name = Text()
    course_title = Text()
    periods = Integer()
    first_on = Date()
    last_on = Date()
    issued_at = Timestamptz()
    issued_by = UUID(null=True)
    revoked_at = Timestamptz(null=True)
    revoked_by = UUID(null=True)
    revoked_why = Text()
