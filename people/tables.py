"""Who: one row a person, whatever the roles; accounts, grants; the log; undoable batches."""

from piccolo.columns import UUID, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class Person(Table, tablename="person"):
    """A member, an official, a trainer or a chief: once each. `phone` is E.164."""

    id = UUID(primary_key=True)
    name = Text()
    fold = Text()
    sort = Text()
    sex = Text(null=True)
    born_on = Date(null=True)
    born_year = Integer(null=True)
    phone = Text(null=True)
    email = Text(null=True)
    organisation = Text()
    area = UUID(null=True)
    office = UUID(null=True)
    merged_into = UUID(null=True)
    made_at = Timestamptz()
    version = Integer()


class Account(Table, tablename="account"):
    """What a person signs in with, and how the pages shall look."""

    id = UUID(primary_key=True)
    person = UUID()
    phone = Text()
    password_hash = Text(null=True)
    locked_at = Timestamptz(null=True)
    language = Text()
    theme = Text()
    text_size = Integer()
    made_at = Timestamptz()
    version = Integer()


class RoleGrant(Table, tablename="role_grant"):
    """A role within an area and below, from `since` until the day before `until`."""

    id = UUID(primary_key=True)
    person = UUID()
    role = Text()
    area = UUID(null=True)
    since = Date()
    until = Date(null=True)
    given_by = UUID(null=True)


class SignIn(Table, tablename="sign_in"):
    """A device that is signed in. Only the SHA-256 of its token is kept."""

    id = UUID(primary_key=True)
    token_hash = Text()
    account = UUID()
    device = Text()
    kept = Integer()
    made_at = Timestamptz()
    seen_at = Timestamptz()
    expires_at = Timestamptz()
    ended_at = Timestamptz(null=True)


class SignInWait(Table, tablename="sign_in_wait"):
    """How long an account or an address must wait after wrong tries; it always ends."""

    key = Text(primary_key=True)
    failures = Integer()
    failed_at = Timestamptz()
    open_at = Timestamptz()


class Link(Table, tablename="link"):
    """A sign-in link that works once, for a quarter of an hour."""

    id = UUID(primary_key=True)
    token_hash = Text()
    account = UUID()
    made_by = UUID(null=True)
    made_at = Timestamptz()
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True)


class ApiToken(Table, tablename="api_token"):
    """A bearer token of a program; scope `read` or `write`. Only its SHA-256 is kept."""

    id = UUID(primary_key=True)
    token_hash = Text()
    account = UUID()
    name = Text()
    scope = Text()
    made_at = Timestamptz()
    used_at = Timestamptz(null=True)
    expires_at = Timestamptz(null=True)
    revoked_at = Timestamptz(null=True)


class AuditLine(Table, tablename="audit_line"):
    """One act: who, what, on whom, before and after (JSON), when, from where. Never changed."""

    id = UUID(primary_key=True)
    at = Timestamptz()
    person = UUID(null=True)
    doer = Text()
    action = Text()
    subject = UUID(null=True)
    subject_name = Text()
    path = Text()
    before = Text(null=True)
    after = Text(null=True)
    via = Text()
    address = Text(null=True)
    request_id = Text(null=True)


class Batch(Table, tablename="batch"):
    """A change of many rows, an import or a move on the board, that can be undone whole."""

    id = UUID(primary_key=True)
    kind = Text()
    title = Text()
    path = Text()
    made_at = Timestamptz()
    made_by = UUID(null=True)
    counts = Text()
    undone_at = Timestamptz(null=True)
    undone_by = UUID(null=True)


class BatchStep(Table, tablename="batch_step"):
    """One row that a batch made (`before` is null) or changed, with its version afterwards."""

    id = UUID(primary_key=True)
    batch = UUID()
    seq = Integer()
    what = Text()
    row_id = UUID()
    before = Text(null=True)
    version = Integer()


class ImportFile(Table, tablename="import_file"):
    """An uploaded workbook, on its way from the preview to the batch it became.

    `content` is dropped when it is no longer needed; `counts` and `options` are JSON.
    """

    id = UUID(primary_key=True)
    kind = Text()
    name = Text()
    size = Integer()
    hash = Text()
    content = Bytea(null=True)
    path = Text()
    made_at = Timestamptz()
    made_by = UUID(null=True)
    options = Text()
    counts = Text()
    state = Text()
    run = UUID(null=True)
    progress = Integer()
    total = Integer()
    seen_at = Timestamptz(null=True)
    ended_at = Timestamptz(null=True)
    fault = Text()
    batch = UUID(null=True)


class ImportLine(Table, tablename="import_line"):
    """A row of an uploaded workbook that is worth showing; (file, number) is unique.

    `candidate` is 1 where the reader may say that it is the same person; `cells` is JSON.
    """

    file = UUID(primary_key=True)
    number = Integer()
    state = Text()
    name = Text()
    place = Text()
    reason = Text()
    candidate = Integer()
    cells = Text(null=True)
