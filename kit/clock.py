"""One clock: instants are UTC, days are those of Viet Nam (UTC+7, no summer time)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The local day of `now`: an officer's today, never the server's."""
    return local_day(now())


def local_day(instant: datetime) -> date:
    """The local day on which an instant falls."""
    return instant.astimezone(LOCAL).date()


def minute() -> int:
    """The minutes that have passed of the local day."""
    local = now().astimezone(LOCAL)
    return local.hour * 60 + local.minute


def midnight(day: date) -> datetime:
    """The instant at which a local day begins."""
    return datetime.combine(day, time.min, LOCAL)


@contextmanager
def frozen(instant: datetime) -> Iterator[None]:
    """Stop the clock at an instant, for whoever must ask for another day."""
    token = _frozen.set(instant)
    try:
        yield
    finally:
        _frozen.reset(token)
