"""The rules of the house that a machine can check."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.routes import HTTPRoute

from app import make_app
from kit.settings import ROOT

ROOMS = ("kit", "places", "people", "teams", "sessions", "notices", "reports", "demo")
MOST_LINES, MOST_OF_A_FUNCTION, MOST_OF_A_HANDLER = 350, 25, 10
MARKUP_OF_OURS = {"ui/forms.html", "ui/heads.html", "board/show.html"}
METHODS = {"get", "post", "put", "patch", "delete"}


def code() -> list[Path]:
    """Every Python file of the rooms, and the table of contents."""
    return [ROOT / "app.py", *(f for room in ROOMS for f in sorted((ROOT / room).rglob("*.py")))]


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, methods and inner ones too."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function's body without its docstring and its signature."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def handlers(file: Path) -> Iterator[tuple[ast.AsyncFunctionDef | ast.FunctionDef, str]]:
    """The handlers of a file, each with its method."""
    for function in functions(file):
        for decorator in function.decorator_list:
            name = getattr(getattr(decorator, "func", None), "id", "")
            if name in METHODS:
                yield function, name


def named(file: Path, function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Where a function stands."""
    return f"{file.relative_to(ROOT)}:{function.lineno} {function.name}"


def test_no_file_is_long() -> None:
    lengths = {f: len(f.read_text("utf-8").splitlines()) for f in code()}
    assert [f"{f} {n}" for f, n in lengths.items() if n > MOST_LINES] == []


def test_no_function_is_long() -> None:
    long = [
        f"{named(file, one)} {lines_of(one)}"
        for file in code()
        for one in functions(file)
        if lines_of(one) > MOST_OF_A_FUNCTION
    ]
    assert long == []


def test_a_handler_reads_a_form_runs_a_command_and_answers() -> None:
    long = [
        f"{named(file, one)} {lines_of(one)}"
        for file in code()
        for one, _ in handlers(file)
        if lines_of(one) > MOST_OF_A_HANDLER
    ]
    assert long == []


def commands_imported(file: Path) -> set[str]:
    """The commands that a file knows by name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(".commands"):
            found |= {alias.asname or alias.name for alias in node.names}
    return found - {"record", "record_view"}


def test_a_get_runs_no_command() -> None:
    """That somebody looked at people is the one thing a GET writes down."""
    wrong = []
    for file in code():
        known = commands_imported(file)
        for one, method in handlers(file):
            called = {getattr(c.func, "id", "") for c in ast.walk(one) if isinstance(c, ast.Call)}
            if method == "get" and called & known:
                wrong.append(f"{named(file, one)} {called & known}")
    assert wrong == []


def test_every_route_has_a_guard_or_says_that_it_is_open() -> None:
    found = {
        handler
        for route in make_app().routes
        if isinstance(route, HTTPRoute) and not route.path.startswith("/schema")
        for handler in route.route_handlers
        if "OPTIONS" not in handler.http_methods
    }
    assert found
    bare = [handler for handler in found if not handler.guards and not handler.opt.get("open")]
    assert [str(handler) for handler in bare] == []


def test_a_query_of_rows_names_whose_eyes_it_sees_with() -> None:
    """`who` comes first wherever a query takes it at all."""
    wrong = []
    for file in [f for f in code() if f.name in ("queries.py", "lists.py", "figures.py")]:
        for one in functions(file):
            names = [argument.arg for argument in one.args.args]
            if "who" in names and names[0] not in ("who", "self"):
                wrong.append(named(file, one))
    assert wrong == []


def test_every_fault_that_is_caught_whole_says_why() -> None:
    bare = re.compile(r"except (Base)?Exception\b[^:]*:(?P<why>.*)")
    found = [
        (file.relative_to(ROOT), line)
        for file in code()
        for line in file.read_text("utf-8").splitlines()
        if (match := bare.search(line)) and "#" not in match["why"]
    ]
    assert [str(file) for file, _ in found if file != Path("kit/sqlite.py")] == []


def test_no_variable_is_called_plain_session() -> None:
    named_so = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in code()
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Name) and node.id == "session"
    ]
    assert named_so == []


FORBIDDEN = {
    "a style of its own": r"\sstyle=|<style",
    "a script of its own": r"<script(?![^>]*\ssrc=)",
    "a handler of its own": r"\son(click|change|submit|input|load|error|key\w*)=|hx-on|[\"']js:",
    "a trigger filter": r"hx-trigger=\"[^\"]*\[",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_has(what: str) -> None:
    templates = sorted((ROOT / "templates").rglob("*.html"))
    assert templates
    wrong = [t for t in templates if re.search(FORBIDDEN[what], t.read_text("utf-8"))]
    assert [str(t.relative_to(ROOT)) for t in wrong] == []


def test_only_markup_of_our_own_making_goes_out_unescaped() -> None:
    templates = sorted((ROOT / "templates").rglob("*.html"))
    trusting = re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\(")
    found = {
        str(t.relative_to(ROOT / "templates"))
        for t in templates
        if trusting.search(t.read_text("utf-8"))
    }
    assert found <= MARKUP_OF_OURS
