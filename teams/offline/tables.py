"""What the server learns of phones."""

from piccolo.columns import UUID, Integer, Text, Timestamptz
from piccolo.table import Table


class LocalLoss(Table, tablename="local_loss"):
    """Records that a phone deleted without sending them: how many and why; told at the next
    sync, so that nothing vanishes in silence."""

    id = UUID(primary_key=True)
    person = UUID()
    at = Timestamptz()
    reason = Text()
    lost = Integer()
    device = Text()
    received_at = Timestamptz()
