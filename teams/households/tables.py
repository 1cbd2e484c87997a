"""What households stores."""

from piccolo.columns import UUID, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class Household(Table, tablename="household"):
    """A household of a hamlet. `fibre` and `smartphone` are 1, 0 or unknown, as `source` says of
    the day `as_of`. `last_met_on` is the day of the last visit that met somebody, kept by the
    commands of visits. `fold` is the key of the head's name, `search` that of code and address. A
    merged one (`merged_into`) is shown as the other."""

    id = UUID(primary_key=True)
    area = UUID()
    code = Text()
    head = Text()
    fold = Text()
    sort = Text()
    search = Text()
    address = Text()
    phone = Text(null=True)
    people = Integer(null=True)
    fibre = Integer(null=True)
    smartphone = Integer(null=True)
    source = Text()
    as_of = Date(null=True)
    last_met_on = Date(null=True)
    muted_since = Date(null=True)
    mute_reason = Text()
    muted_by = UUID(null=True)
    merged_into = UUID(null=True)
    made_at = Timestamptz()
    made_by = UUID(null=True)
    anonymised_at = Timestamptz(null=True)
    version = Integer()


class HouseholdTeam(Table, tablename="household_team"):
    """A team set by hand for a household; without one, the team that covers the hamlet serves."""

    id = UUID(primary_key=True)
    household = UUID()
    team = UUID()
    since = Date()
    until = Date(null=True)


class Resident(Table, tablename="resident"):
    """Somebody of a household who was helped: a name only with consent, else age band and sex."""

    id = UUID(primary_key=True)
    household = UUID()
    name = Text(null=True)
    fold = Text()
    sort = Text()
    age_band = Text()
    sex = Text(null=True)
    made_at = Timestamptz()
    made_by = UUID(null=True)
    ended_on = Date(null=True)
    anonymised_at = Timestamptz(null=True)
    version = Integer()


class Consent(Table, tablename="consent"):
    """That a household or a resident agreed to be recorded by name: to which text, how, when, who
    asked; silence is no consent (Law 91/2025/QH15). Withdrawn, or replaced
    (`replaced_at`) when its visit was told otherwise; never deleted."""

    id = UUID(primary_key=True)
    household = UUID()
    resident = UUID(null=True)
    visit = UUID(null=True)
    text_version = Integer()
    method = Text()
    witness = Text()
    taken_by = UUID()
    at = Timestamptz()
    withdrawn_at = Timestamptz(null=True)
    withdrawn_by = UUID(null=True)
    replaced_at = Timestamptz(null=True)


class HamletCount(Table, tablename="hamlet_count"):
    """How many households a hamlet has, as a source says of a day: the denominator of coverage."""

    id = UUID(primary_key=True)
    area = UUID()
    households = Integer()
    as_of = Date()
    source = Text()
    made_at = Timestamptz()
    made_by = UUID(null=True)
    version = Integer()
