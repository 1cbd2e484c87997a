"""What anybody may ask: whether a certificate is ours."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import TooManyRequestsException

from kit.errors import NotFound
from kit.http import address_of
from kit.pace import Pace
from people.sign_ins.waits import network_of
from sessions.certificates.queries import CertificateSeen, find_public

PACE = Pace(most=300, seconds=300)
"""Looks of one network: a class at its certificates is never stopped."""
WRONG = 15
"""A code that was never given costs as much as so many looks."""


async def check_code(
    connection: ASGIConnection[Any, Any, Any, Any], typed: str
) -> CertificateSeen | None:
    """What a code confirms; None for one that was never given. Raises HTTP 429 for who asks too
    often, or guesses."""
    network = network_of(address_of(connection.scope))
    if wait := PACE.take(network):
        raise TooManyRequestsException(headers={"retry-after": str(wait)})
    try:
        return await find_public(typed)
    except NotFound:
        PACE.charge(network, WRONG)
        return None
