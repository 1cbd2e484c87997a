"""What attendance stores: a ledger to which lines are only ever added."""

from piccolo.columns import UUID, Integer, Text, Timestamptz
from piccolo.table import Table

STATES = ("present", "late", "left_early", "excused", "unexcused", "substitute", "cleared")


class Mark(Table, tablename="mark"):
    """What somebody noted of a person in a training session. The last by (marked_at, id) holds;
    `cleared` takes the marks before it back, and no mark means "not taken", never "absent".
    `nonce` makes a repeated sending one mark; `minutes` tells how late or how early; a substitute
    is a person of the register or a bare name; `device` is a hash of the device that checked in,
    `reason` why a mark was corrected. The database refuses to change or delete a mark."""

    id = UUID(primary_key=True)
    nonce = UUID()
    training_session = UUID()
    person = UUID()
    state = Text()
    minutes = Integer(null=True)
    substitute = UUID(null=True)
    substitute_name = Text()
    marked_at = Timestamptz()
    received_at = Timestamptz()
    by = UUID(null=True)
    via = Text()
    device = Text()
    reason = Text()
