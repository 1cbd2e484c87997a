"""`python -m bench.pictures`: the README's pictures, taken from the invented district."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import xlsxwriter
from playwright.sync_api import Browser, Page, sync_playwright
from python_calamine import CalamineWorkbook

from bench.program import ROOT, Program, Server
from demo.cast import HAN, NGHI, TAM, Player
from tests.servers import Missing, chromium

FOLDER = ROOT / "docs" / "pictures"
REGISTER = ROOT / "demo" / "data" / "thanh-vien-to-cnscd.xlsx"
BIGGEST = 150_000
PHONE, SCREEN = (360, 740), (1280, 800)


@dataclass(frozen=True)
class Picture:
    """What to show: whose page, how large, in which light, after which steps."""

    name: str
    player: Player | None
    path: str
    size: tuple[int, int]
    scheme: Literal["light", "dark"] = "light"
    steps: Callable[[Page], None] | None = None


def newer_register(file: Path) -> Path:
    """The bundled workbook as it might come back a year later: some lines changed or wrong."""
    rows = CalamineWorkbook.from_path(REGISTER).get_sheet_by_index(0).to_python()
    changes = {8: (1, "Đoàn Văn Thành"), 10: (6, "0900 123"), 13: (4, "Hội Nông dân")}
    changes |= {15: (2, "31/02/1990"), 16: (6, "0900 000 777"), 17: (1, "Mai Thị Thu")}
    for row, (column, cell) in changes.items():
        rows[row][column] = cell
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for number, row_cells in enumerate(rows):
            sheet.write_row(number, 0, row_cells)
    return file


def upload_register(page: Page) -> None:
    """Choose a newer workbook and ask for the preview."""
    with tempfile.TemporaryDirectory() as folder:
        page.set_input_files("input[type=file]", newer_register(Path(folder) / "to-2026.xlsx"))
        page.locator("main form [type=submit]").first.click()
        page.wait_for_load_state("networkidle")


def call_the_roll(page: Page) -> None:
    """Open the roll call of today's session and tap the first people in."""
    page.get_by_role("link", name="Điểm danh").first.click()
    for line in (0, 1, 2):
        page.locator(".roll > li").nth(line).locator("label:has([value=present])").click()
    page.wait_for_load_state("networkidle")


PICTURES = (
    Picture("sign-in", None, "/sign-in", PHONE),
    Picture("leader", HAN, "/", PHONE),
    Picture("leader-dark", HAN, "/", PHONE, "dark"),
    Picture("home", TAM, "/", SCREEN),
    Picture("home-dark", TAM, "/", SCREEN, "dark"),
    Picture("teams", TAM, "/teams", SCREEN),
    Picture("board", TAM, "/board", SCREEN),
    Picture("roll", NGHI, "/", PHONE, steps=call_the_roll),
    Picture("courses", NGHI, "/courses", SCREEN),
    Picture("import", TAM, "/imports", SCREEN, steps=upload_register),
)


def take(browser: Browser, server: Server, picture: Picture) -> None:
    """Take one picture and say how large it became."""
    width, height = picture.size
    context = browser.new_context(
        base_url=server.url,
        viewport={"width": width, "height": height},
        color_scheme=picture.scheme,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        reduced_motion="reduce",
    )
    if picture.player:
        name, _, token = server.sign_in(picture.player).partition("=")
        context.add_cookies([{"name": name, "value": token, "url": server.url}])
    page = context.new_page()
    page.goto(picture.path, wait_until="networkidle")
    if picture.steps:
        picture.steps(page)
    page.evaluate("document.fonts.ready")
    file = FOLDER / f"{picture.name}.png"
    page.screenshot(path=file)
    context.close()
    size = file.stat().st_size
    print(f"{file.relative_to(ROOT)}  {size // 1000} KB{'  TOO BIG' if size > BIGGEST else ''}")


def main() -> int:
    """Serve the demo and take every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        path = chromium()
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="toso-pictures-") as folder:
        program = Program(Path(folder))
        with program.serving("run") as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            for picture in PICTURES:
                take(browser, server, picture)
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
