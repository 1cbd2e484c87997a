"""The body's name, hotline and words, on every page."""

from litestar.types import ASGIApp, Receive, Scope, Send

from people.sign_ins.door import asks_for_pages
from places.settings.queries import find_body


class BodyOnPages:
    """Middleware that hangs the body's settings on what every page shows."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look the settings up and go on."""
        if asks_for_pages(scope):
            body = await find_body()
            scope["state"]["frame"] |= {"body": body, "demo": body.demo}
        await self.app(scope, receive, send)
