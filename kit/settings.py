"""Settings of the process, from `TOSO_*` variables; those of the body live in the app."""

import os
import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AliasChoices,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "TOSO_"
ROOT = Path(__file__).resolve().parent.parent
SECRETS = {"metrics_token"}
MAIL_SCHEMES = ("smtp", "starttls", "smtps")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
ONE_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+")
ONE_WORKER = (
    f"SQLite lets one process write; use one worker, or set {PREFIX}DATABASE_URL to PostgreSQL"
)


class WrongSettings(Exception):
    """The environment holds values the program cannot start with; `problems` lists them all."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """Every variable the process reads; `toso settings` prints this table."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", env_ignore_empty=True)

    database_url: Annotated[
        str,
        Field(description="sqlite:///path or postgres://user:password@host:port/name"),
    ] = "sqlite:///data/toso.db"
    data_dir: Annotated[Path, Field(description="folder of backups and generated files")] = Path(
        "data"
    )
    host: Annotated[str, Field(description="address to listen on")] = "127.0.0.1"
    port: Annotated[
        int,
        Field(
            ge=1,
            le=65535,
            description="port to listen on (PORT wins)",
            validation_alias=AliasChoices("PORT", "TOSO_PORT"),
        ),
    ] = 8000
    workers: Annotated[int, Field(ge=1, le=64, description="processes; SQLite allows one")] = 1
    public_url: Annotated[
        str,
        Field(
            description="address users type, such as https://so.example.vn; makes cookies secure"
        ),
    ] = ""
    proxies: Annotated[
        str,
        Field(description="addresses whose X-Forwarded-For is believed, separated by commas"),
    ] = "127.0.0.1,::1"
    language: Annotated[Literal["vi", "en"], Field(description="language before sign-in")] = "vi"
    metrics_token: Annotated[
        str, Field(description="bearer token for /metrics from beyond loopback")
    ] = ""
    backups_kept: Annotated[int, Field(ge=1, le=365, description="nightly backups kept")] = 7
    sign_in_days: Annotated[
        int, Field(ge=1, le=365, description="days a kept sign-in lasts without use")
    ] = 30
    pool_size: Annotated[
        int, Field(ge=1, le=200, description="PostgreSQL connections of a process")
    ] = 10
    smtp_url: Annotated[
        str,
        Field(
            description="mail server: smtps:// or starttls://user:password@host:port, or smtp:// "
            "without encryption; empty sends no mail"
        ),
    ] = ""
    mail_from: Annotated[
        str, Field(description="sender of mail, such as so@example.vn; needed with SMTP_URL")
    ] = ""
    debug: Annotated[bool, Field(description="gallery of components at /dev/ui")] = False

    @field_validator("database_url")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme == "sqlite" and parts.path.strip("/"):
            return value
        if parts.scheme in ("postgres", "postgresql") and parts.path.strip("/"):
            return value
        raise ValueError("must look like sqlite:///path or postgres://user:password@host/name")

    @field_validator("workers")
    @classmethod
    def _one_on_sqlite(cls, value: int, info: ValidationInfo) -> int:
        if value > 1 and str(info.data.get("database_url", "")).startswith("sqlite"):
            raise ValueError(ONE_WORKER)
        return value

    @field_validator("public_url")
    @classmethod
    def _absolute(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("http", "https"):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in MAIL_SCHEMES or not parts.hostname):
            raise ValueError("must look like smtps://user:password@host:port")
        if parts.scheme == "smtp" and parts.password and parts.hostname not in LOOPBACK:
            raise ValueError("a password travels in clear by smtp://; use starttls:// or smtps://")
        return value

    @field_validator("mail_from")
    @classmethod
    def _one_address(cls, value: str) -> str:
        if value and not ONE_ADDRESS.fullmatch(value):
            raise ValueError("must be one address, such as so@example.vn")
        return value

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> Self:
        if self.smtp_url and not self.mail_from:
            raise ValueError(f"mail needs a sender: set {PREFIX}MAIL_FROM")
        return self

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is a file of this machine."""
        return self.database_url.startswith("sqlite")

    @property
    def sqlite_path(self) -> Path:
        """Where the SQLite file lies: `sqlite:///a.db` is relative, `sqlite:////a.db` absolute."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def secure(self) -> bool:
        """Whether users reach us over HTTPS only."""
        return self.public_url.startswith("https://")


def read_settings() -> tuple[Settings, list[str]]:
    """Read the environment afresh: the settings, and what is wrong with it.

    Where anything is wrong, the settings are the built-in ones; nothing may start with them.
    """
    try:
        return Settings(), []
    except ValidationError as error:
        return Settings.model_construct(), [_sentence(dict(e)) for e in error.errors()]


@cache
def _read_once() -> tuple[Settings, list[str]]:
    return read_settings()


def settings() -> Settings:
    """The settings of this process, read once."""
    return _read_once()[0]


def check_settings() -> None:
    """Raise WrongSettings with every problem of this process's environment, if there is one."""
    problems = _read_once()[1]
    if problems:
        raise WrongSettings(problems)


def _sentence(error: dict[str, object]) -> str:
    location = error["loc"]
    name = str(location[0]) if isinstance(location, tuple) and location else "?"
    said = str(error["msg"]).removeprefix("Value error, ")
    if name == "?":
        return said
    return f"{variable(name)}={masked(name, error['input'])}: {said}"


def variable(name: str) -> str:
    """The variable that sets a field."""
    if name == "PORT" and not os.environ.get("PORT"):
        return f"{PREFIX}PORT"
    return name if name.isupper() else f"{PREFIX}{name.upper()}"


def masked(name: str, value: object) -> str:
    """A setting's value as it may be shown: tokens and passwords are hidden."""
    if name in SECRETS:
        return "•••" if value else ""
    return re.sub(r"(://[^:/@]*:)[^@/]*@", r"\1•••@", str(value))
