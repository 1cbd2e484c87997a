"""The three errors a command or query may raise; routes and API turn them into answers."""


class NotFound(Exception):
    """The thing is not there, or the asker may not know that it is (404)."""


class Forbidden(Exception):
    """The asker sees the thing but may not do this to it (403)."""


class Refused(Exception):
    """A rule says no, in a sentence that tells what to do next.

    `fields` maps a form field to its own sentence; `message` speaks of the whole act.
    `status` is 422 for what can be mended by typing, 409 where somebody else was faster.
    `details` carries the values of both sides of a clash for whoever shows it.
    """

    def __init__(
        self,
        message: str = "",
        fields: dict[str, str] | None = None,
        *,
        status: int = 422,
        details: object = None,
    ) -> None:
        super().__init__(message or "; ".join((fields or {}).values()))
        self.message = message
        self.fields = fields or {}
        self.status = status
        self.details = details
        self.typed: dict[str, str] = {}
