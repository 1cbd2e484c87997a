"""A notice as a letter, and the mail server that takes it."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from dataclasses import dataclass
from email import charset
from email.charset import Charset
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from kit.i18n import gettext as _
from kit.mailboxes import read_mailbox
from kit.pages import render
from kit.settings import settings
from notices.words import Said

PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}
TIMEOUT_SECONDS = 20
FROM_HERE = "toso.invalid"


BASE64 = Charset("utf-8")
BASE64.header_encoding = charset.BASE64


class WholeWords(EmailPolicy):
    """Mail as SMTP takes it, without the blanks that Python's own folding loses between the words
    of a long Vietnamese subject or name (each space stands within what is encoded)."""

    def fold(self, name: str, value: Any) -> str:
        """A header in lines of its own."""
        if str(value).isascii():
            plain: str = super().fold(name, value)
            return plain
        parts = [(one.display_name, one.addr_spec) for one in getattr(value, "addresses", ())]
        if parts:
            folded = f"{self.linesep} "
            text = ", ".join(f"{_encoded(name, said)}{folded}<{at}>" for said, at in parts)
        else:
            text = _encoded(name, str(value))
        return f"{name}: {text}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same in bytes."""
        return self.fold(name, value).encode("ascii", "surrogateescape")


def _encoded(name: str, text: str) -> str:
    return Header(text, BASE64, header_name=name).encode(linesep=SMTP.linesep)


POLICY = WholeWords(linesep=SMTP.linesep)


class Undeliverable(Exception):
    """The other side will never take this letter; trying again is in vain."""


@dataclass(frozen=True)
class Letter:
    """What a letter needs: to whom, what it says, where it leads ("" for a reader who could not
    open it), the key of its notice, and whether the reader has an account.

    It is written in the present language."""

    name: str
    address: str
    said: Said
    link: str
    key: tuple[str, str, str, str]
    body_name: str
    signs_in: bool = True

    @property
    def message_id(self) -> str:
        """The same for the same notice, so that a letter sent twice can be known as one."""
        mark = hashlib.sha256("\0".join(self.key).encode()).hexdigest()[:40]
        return f"<{mark}@{settings().mail_from.partition('@')[2] or FROM_HERE}>"

    def message(self) -> EmailMessage:
        """The letter in UTF-8, as plain text and as simple HTML. Raises Undeliverable."""
        try:
            to = Address(self.name, addr_spec=read_mailbox(self.address))
        except ValueError as error:
            raise Undeliverable("address") from error
        base = settings().public_url or f"http://{settings().host}:{settings().port}"
        values = {
            "name": self.name,
            "body_name": self.body_name,
            "address": base + self.link if self.link else "",
            "choices": f"{base}/me/notices" if self.signs_in else "",
        }
        letter = EmailMessage(policy=POLICY)
        letter["Subject"] = self.said.title
        letter["From"] = Address(self.body_name, addr_spec=settings().mail_from)
        letter["To"] = to
        letter["Message-ID"] = self.message_id
        if self.signs_in:
            letter["List-Unsubscribe"] = f"<{base}/me/notices>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(_plain(self.said, values), charset="utf-8")
        letter.add_alternative(
            render("notices/mail.html", said=self.said, **values), subtype="html"
        )
        return letter


def _plain(said: Said, values: dict[str, str]) -> str:
    here, chosen = values["address"], values["choices"]
    lines = [
        _("Dear %(name)s,", name=values["name"]),
        said.title,
        said.body,
        _("Open it here: %(address)s", address=here) if here else "",
        f"-- \n{values['body_name']}",
        _("What you are told by mail you choose here: %(address)s", address=chosen)
        if chosen
        else "",
    ]
    return "\n\n".join(line for line in lines if line) + "\n"


class MailServer:
    """The mail server of TOSO_SMTP_URL. Every method waits for it: run them in a thread."""

    def __init__(self) -> None:
        self.url = urlsplit(settings().smtp_url)
        self._open: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def send(self, message: EmailMessage, address: str) -> str:
        """Hand a letter over; what the server answered.

        Raises Undeliverable where it will never take it, OSError (of which smtplib's errors are)
        where it may take it later.
        """
        if self._open is None:
            self._open = self._connect()
        try:
            self._open.send_message(message, settings().mail_from, [address])
        except smtplib.SMTPRecipientsRefused as refused:
            raise self._told(*next(iter(refused.recipients.values()))) from refused
        except smtplib.SMTPDataError as refused:
            raise self._told(refused.smtp_code, refused.smtp_error) from refused
        except OSError:
            self.close()
            raise
        return "250"

    def close(self) -> None:
        """Say good-bye, if the server still listens."""
        server, self._open = self._open, None
        if server is not None:
            try:
                server.quit()
            except OSError:
                server.close()

    def _connect(self) -> smtplib.SMTP:
        scheme, host = self.url.scheme, self.url.hostname or ""
        port, wait = self.url.port or PORTS[scheme], TIMEOUT_SECONDS
        safe = ssl.create_default_context()
        if scheme == "smtps":
            return self._signed_in(smtplib.SMTP_SSL(host, port, timeout=wait, context=safe))
        server = smtplib.SMTP(host, port, timeout=wait)
        if scheme == "starttls":
            server.starttls(context=safe)
        return self._signed_in(server)

    def _signed_in(self, server: smtplib.SMTP) -> smtplib.SMTP:
        if self.url.username:
            server.login(unquote(self.url.username), unquote(self.url.password or ""))
        return server

    @staticmethod
    def _told(code: int, said: bytes | str) -> Exception:
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        answer = f"{code} {text}"[:200]
        return Undeliverable(answer) if 500 <= code < 600 else smtplib.SMTPException(answer)
