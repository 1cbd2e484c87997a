"""One thing of an API, made or changed: the answers that every noun gives alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from litestar import Request, Response

from kit.bodies import read_patch
from kit.errors import Refused
from kit.forms import FormType

Item = TypeVar("Item")


def made(path: str, item: Item) -> Response[Item]:
    """201: the thing that was made, and the path below /api/v1 where it is found again."""
    return Response(item, status_code=201, headers={"location": f"/api/v1{path}"})


@contextmanager
def telling(seen: Callable[[Any], object]) -> Iterator[None]:
    """Let `theirs` of a 409 be what `seen` makes of the thing in the way, or of each of several."""
    try:
        yield
    except Refused as refused:
        found = refused.details
        if isinstance(found, list):
            refused.details = [seen(one) for one in found]
        elif found is not None:
            refused.details = seen(found)
        raise


async def patch_one(
    request: Request[Any, Any, Any],
    form: type[FormType],
    now: object,
    seen: Callable[[Any], object],
    change: Callable[[FormType], Awaitable[None]],
) -> FormType:
    """Change what the body names of a thing found already; the rest stays as it is in `now`. What
    the whole form was then.

    Raises Refused for wrong fields, and with `theirs` (409) if another was faster.
    """
    with telling(seen):
        filled = await read_patch(request, form, now)
        await change(filled)
    return filled
