"""The shell of the phone: one page without anybody's data, in each language, and its version."""

from __future__ import annotations

import hashlib
from typing import Any

from kit import i18n
from kit.pages import render
from kit.static import static_url
from teams.offline.offers import offers

SHELL = "/m/log"
SCRIPTS = ("js/idb-8.0.4.js", "js/phone.js")
FILES = (
    "css/app.css",
    "fonts/public-sans-latin.woff2",
    "fonts/public-sans-vietnamese.woff2",
    "icons.svg",
    "icons/mark.svg",
    "icons/mark-192.png",
    "js/app.js",
    "js/htmx-4.0.1.min.js",
    *SCRIPTS,
)
"""What the shell needs when there is no network."""


def app_version() -> str:
    """A word that is another one whenever a script of the phone is."""
    names = "".join(static_url(path) for path in SCRIPTS)
    return hashlib.sha256(names.encode()).hexdigest()[:10]


async def render_shell(language: str, frame: dict[str, Any]) -> str:
    """The shell in a language: the same for everybody, whoever asks."""
    i18n.language.set(language)
    seen = {key: value for key, value in frame.items() if key in ("body", "demo")}
    found = {"offers": await offers([]), "version": app_version(), "shells": shells()}
    return render("offline/shell.html", **seen, **found)


def shells() -> dict[str, str]:
    """The address of the shell in each language."""
    return {language: f"{SHELL}?language={language}" for language in i18n.LANGUAGES}


async def render_worker(frame: dict[str, Any]) -> str:
    """The service worker, with the files it keeps; its version is that of all it keeps."""
    kept = [static_url(path) for path in FILES]
    texts = [await render_shell(language, frame) for language in i18n.LANGUAGES]
    scripts = [static_url(path) for path in SCRIPTS]
    version = hashlib.sha256("\n".join([*kept, *texts]).encode()).hexdigest()[:16]
    return render("offline/sw.js", version=version, files=kept, scripts=scripts, shells=shells())
