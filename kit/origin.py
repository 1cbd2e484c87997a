"""Where the work of this moment comes from: which door, which address, which request."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """`via` is page, api, cli or job; the address is that of the asking device, if any."""

    via: str
    address: str | None = None
    request_id: str | None = None


origin: ContextVar[Origin] = ContextVar("origin", default=Origin(via="job"))  # noqa: B039  (it is frozen)
