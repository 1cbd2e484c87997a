"""A real SMTP server on loopback that keeps what it took."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from kit.settings import settings
from tests.servers import free_port


@dataclass
class Mailbox:
    """The letters that came; `answer` may refuse, knowing stage (RCPT, DATA) and address."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    answer: Callable[[str, str], str] = lambda _stage, _address: ""

    @property
    def url(self) -> str:
        """As TOSO_SMTP_URL names it."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def to(self) -> list[str]:
        """The address of each letter, in alphabetical order."""
        return sorted(str(one["X-To"]) for one in self.letters)

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Take a recipient, unless `answer` says no."""
        refusal = self.answer("RCPT", address)
        if not refusal:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep a letter, unless `answer` says no."""
        refusal = self.answer("DATA", envelope.rcpt_tos[0])
        if refusal:
            return refusal
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        letter["X-To"] = envelope.rcpt_tos[0]
        self.letters.append(letter)
        return "250 OK"


@contextmanager
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server, and the settings that lead to it."""
    box = Mailbox(port=free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    monkeypatch.setattr(settings(), "smtp_url", box.url)
    monkeypatch.setattr(settings(), "mail_from", "so@toso.test")
    monkeypatch.setattr(settings(), "public_url", "http://so.test")
    try:
        yield box
    finally:
        controller.stop()
