"""A pace for pages that anybody may ask: so many at once, then as many as time gives back.

It lives in the memory of a process, so that asking writes nothing; several processes allow
several times as much.
"""

from __future__ import annotations

from kit import clock

MOST_KEYS = 10_000


class Pace:
    """A purse a key: `most` in it at first, filled again within `seconds`."""

    def __init__(self, most: float, seconds: float) -> None:
        self.most, self.per_second = most, most / seconds
        self._purses: dict[str, tuple[float, float]] = {}

    def take(self, key: str, cost: float = 1) -> int:
        """Pay from a key's purse, and 0; or pay nothing, and the whole seconds to wait."""
        now = clock.now().timestamp()
        held = self._held(key, now)
        if held < cost:
            return int((cost - held) / self.per_second) + 1
        self._keep(key, held - cost, now)
        return 0

    def charge(self, key: str, cost: float) -> None:
        """Take from a key's purse what is there, up to a cost: something has happened already."""
        now = clock.now().timestamp()
        self._keep(key, max(0.0, self._held(key, now) - cost), now)

    def forget(self) -> None:
        """Let everybody begin anew."""
        self._purses.clear()

    def _held(self, key: str, now: float) -> float:
        held, since = self._purses.get(key, (self.most, now))
        return min(self.most, held + max(0.0, now - since) * self.per_second)

    def _keep(self, key: str, held: float, now: float) -> None:
        self._purses.pop(key, None)
        if len(self._purses) >= MOST_KEYS:
            self._purses.pop(next(iter(self._purses)))  # whoever asked longest ago
        self._purses[key] = (held, now)
