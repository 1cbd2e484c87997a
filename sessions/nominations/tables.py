"""What nominations store."""

from piccolo.columns import UUID, Text, Timestamptz
from piccolo.table import Table


class NominationLink(Table, tablename="nomination_link"):
    """A secret address at which an office without an account names people for a course, until it
    expires or is revoked. `used_at` is when it last named somebody."""

    id = UUID(primary_key=True)
    token_hash = Text()
    course = UUID()
    office = UUID()
    made_at = Timestamptz()
    made_by = UUID(null=True)
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True)
    revoked_at = Timestamptz(null=True)
    revoked_by = UUID(null=True)


class NominationToken(Table, tablename="nomination_token"):
    """One more secret of a link: what a reminder mails, for the first was not kept."""

    token_hash = Text(primary_key=True)
    link = UUID()
    made_at = Timestamptz()
