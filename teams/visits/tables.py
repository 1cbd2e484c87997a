"""What visits store. A visit keeps the area and the team of its own day."""

from piccolo.columns import UUID, Date, Integer, Text, Timestamptz
from piccolo.table import Table

MET = ("met", "absent", "refused")


class Visit(Table, tablename="visit"):
    """A visit; its id comes from the phone. `day` is the local day of `met_at`, `utc_offset` the
    phone's minutes east of UTC. `household` is empty where nobody said which. `content_hash` tells
    a repeated sending from another content under the same id. Since `anonymised_at` it is shown
    without its household; it counts as before."""

    id = UUID(primary_key=True)
    household = UUID(null=True)
    area = UUID()
    team = UUID()
    day = Date()
    met_at = Timestamptz()
    utc_offset = Integer()
    met = Text()
    place = Text()
    basis = Text()
    performed_by = UUID()
    entered_by = UUID()
    received_at = Timestamptz()
    via = Text()
    note = Text()
    app_version = Text()
    content_hash = Text()
    withdrawn_at = Timestamptz(null=True)
    withdrawn_by = UUID(null=True)
    withdrawn_why = Text()
    anonymised_at = Timestamptz(null=True)
    version = Integer()


class VisitVersion(Table, tablename="visit_version"):
    """An earlier content of a visit (JSON), who replaced it, when and why."""

    id = UUID(primary_key=True)
    visit = UUID()
    version = Integer()
    content = Text()
    by = UUID(null=True)
    at = Timestamptz()
    why = Text()


class Support(Table, tablename="support"):
    """One service given in a visit, with its outcome; `day` is the visit's."""

    visit = UUID(primary_key=True)
    line = Integer()
    service = Text()
    outcome = Text()
    obstacle = Text(null=True)
    referral = Text(null=True)
    resident = UUID(null=True)
    day = Date()


class Participant(Table, tablename="participant"):
    """A person who took part in a visit, the performer among them."""

    visit = UUID(primary_key=True)
    person = UUID()


class VisitFlag(Table, tablename="visit_flag"):
    """Something about a visit that a coordinator should look at; a warning, never a refusal.
    Where `asked_at` is set, `word` is for the author, who has read it since `read_at`."""

    visit = UUID(primary_key=True)
    code = Text()
    detail = Text()
    made_at = Timestamptz()
    reviewed_at = Timestamptz(null=True)
    reviewed_by = UUID(null=True)
    word = Text()
    asked_at = Timestamptz(null=True)
    read_at = Timestamptz(null=True)


class VisitTotal(Table, tablename="visit_total"):
    """The roll-up, changed in the transaction that changes the visit. The row without service
    counts visits (met, anonymous among them); rows with service and outcome count supports.
    Withdrawn visits are not in it."""

    team = UUID(primary_key=True)
    area = UUID()
    day = Date()
    service = Text()
    outcome = Text()
    visits = Integer()
    met = Integer()
    anonymous = Integer()
    supports = Integer()
