"""What certificates store."""

from piccolo.columns import UUID, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class CertificateRegister(Table, tablename="certificate_register"):
    """The last number given in a year; taken in the transaction that issues, so without gaps."""

    year = Integer(primary_key=True)
    last = Integer()


class Certificate(Table, tablename="certificate"):
    """A certificate of taking part, with name, course, office, body and signer in the words of its
    own day; `periods` is the length of its sessions, `fold` the search key of the name.
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
    fold = Text()
    theme_name = Text()
    body_name = Text()
    body_parent = Text()
    place_name = Text()
    signing = Text()
    signer = Text()


class CertificatePrint(Table, tablename="certificate_print"):
    """The certificates of a whole course being set as one PDF: how many are `done` of `total`,
    when its process was last `seen_at` work, and the PDF at the end. Kept for a day or two."""

    id = UUID(primary_key=True)
    course = UUID()
    state = Text()
    made_at = Timestamptz()
    made_by = UUID(null=True)
    total = Integer()
    done = Integer()
    seen_at = Timestamptz()
    content = Bytea(null=True)
