"""What places stores: thin identities, and spells that say what held from when to when."""

from piccolo.columns import UUID, Date, Integer, Text, Timestamptz
from piccolo.table import Table

AREA_KINDS = ("province", "district", "commune", "hamlet")


class Area(Table, tablename="area"):
    """A place that keeps its identity while its name, code and parent change.

    `number` is short and never re-used: the stones of which paths are built.
    """

    id = UUID(primary_key=True)
    number = Integer()
    kind = Text()


class AreaSpell(Table, tablename="area_spell"):
    """What an area was called and where it belonged, from `since` until the day before `until`.

    `path` is the chain of numbers from the root (`/1/12/133/`): reach is a prefix of it.
    `basis` names the decision it began by, `end_basis` the one that ended the area itself.
    """

    id = UUID(primary_key=True)
    area = UUID()
    name = Text()
    fold = Text()
    sort = Text()
    code = Text(null=True)
    parent = UUID(null=True)
    path = Text()
    since = Date()
    until = Date(null=True)
    basis = Text()
    end_basis = Text()
    version = Integer()


class Office(Table, tablename="office"):
    """An agency whose staff are trained."""

    id = UUID(primary_key=True)


class OfficeSpell(Table, tablename="office_spell"):
    """The name and the area of an office from `since` until the day before `until`."""

    id = UUID(primary_key=True)
    office = UUID()
    name = Text()
    fold = Text()
    sort = Text()
    area = UUID()
    since = Date()
    until = Date(null=True)
    version = Integer()


class Setting(Table, tablename="setting"):
    """A word or number of the body, edited in the app."""

    key = Text(primary_key=True)
    value = Text()
    changed_at = Timestamptz()
    changed_by = UUID(null=True)


class Holiday(Table, tablename="holiday"):
    """A day on which offices are closed, Tết among them."""

    day = Date(primary_key=True)
    name = Text()
