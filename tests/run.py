"""What `make test` does: each step named and timed, the first failure ends it.

`python -m tests.run check` stops before the suite. `TOSO_TEST_WORKERS` says how many processes
share a suite (by default one for each core, four at most).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import Missing, chromium, postgres

BIN = Path(sys.executable).parent
WORKERS = os.environ.get("TOSO_TEST_WORKERS") or str(min(os.cpu_count() or 1, 4))
NO_TESTS = 5  # pytest's own code for a run that found nothing to do


@dataclass
class Step:
    """One command, what it is called, and what it wants in its environment."""

    name: str
    command: list[str]
    needs: dict[str, str] = field(default_factory=dict)

    def run(self) -> int:
        """Run it with its output going straight to the reader, and give its exit code."""
        program = BIN / self.command[0]
        environment = {**os.environ, **self.needs}
        return subprocess.run([program, *self.command[1:]], env=environment, check=False).returncode


CHECKS = [
    Step("style", ["ruff", "check", "--quiet", "."]),
    Step("layout of the code", ["ruff", "format", "--check", "--quiet", "."]),
    Step("types", ["mypy", "--no-error-summary"]),
    Step("layers", ["lint-imports", "--no-logo"]),
]


def suite(name: str, database: str, *options: str, **needs: str) -> Step:
    """Give the step that runs the tests on a database."""
    return Step(name, ["pytest", *options], {"TOSO_TEST_DATABASE": database, **needs})


class Report:
    """The steps that ran, for the closing table."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.failed = False

    def run(self, step: Step) -> bool:
        """Run a step, note how it went, and say whether to go on."""
        print(f"\n=== {step.name}", flush=True)
        begun = time.monotonic()
        code = step.run()
        if code == NO_TESTS and step.command[0] == "pytest":
            print("No test was collected, which counts as a failure.")
        self.note("FAILED" if code else "ok", step.name, time.monotonic() - begun)
        return code == 0

    def note(self, verdict: str, name: str, seconds: float = 0) -> None:
        """Note a verdict: ok, FAILED or skipped."""
        self.failed = self.failed or verdict == "FAILED"
        self.lines.append(f"{verdict:8}{seconds:7.1f} s  {name}")

    def close(self) -> int:
        """Print the table and give the exit code of the whole."""
        print("\n=== summary", *self.lines, sep="\n", flush=True)
        return 1 if self.failed else 0


def run_suites(report: Report) -> None:
    """Run the tests on SQLite, on PostgreSQL, and in Chromium."""
    together = ["-n", WORKERS]
    if not report.run(suite("tests on SQLite", "sqlite", *together)):
        return
    try:
        with postgres() as url:
            step = suite("tests on PostgreSQL", "postgres", *together, TOSO_TEST_POSTGRES=url)
            passed = report.run(step)
    except Missing as missing:
        print(missing)
        report.note("FAILED", "tests on PostgreSQL")
        return
    if passed:
        run_browser(report)


def run_browser(report: Report) -> None:
    """Run the tests in Chromium; without one, warn loudly, and fail where CI is set."""
    try:
        path = chromium()
    except Missing as missing:
        print(f"\n!!! THE BROWSER TESTS DID NOT RUN. {missing} !!!\n", flush=True)
        in_ci = os.environ.get("CI") == "true"
        report.note("FAILED" if in_ci else "skipped", "tests in Chromium")
        return
    options = ["-n", WORKERS, "-m", "browser"]
    report.run(suite("tests in Chromium", "sqlite", *options, TOSO_TEST_CHROMIUM=path))


def main(arguments: list[str]) -> int:
    """Run the checks and, unless only they are wanted, the suites."""
    report = Report()
    if all(report.run(step) for step in CHECKS) and arguments != ["check"]:
        run_suites(report)
    return report.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
