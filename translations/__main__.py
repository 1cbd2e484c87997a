"""Bring `vi.po` up to date with the texts of the code: `make messages`.

Sorted by text and without places in the code, so that a change shows only what it changes.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po, write_po

VIETNAMESE = Path(__file__).with_name("vi.po")
TEMPLATE = VIETNAMESE.with_name("toso.pot")


def main() -> None:
    """Gather the texts, merge them into the Vietnamese, and say what still lacks a translation."""
    catalog = read_vietnamese()
    catalog.update(gathered(), no_fuzzy_matching=True, update_creation_date=False)
    text = BytesIO()
    write_po(text, catalog, width=100, no_location=True, sort_output=True, ignore_obsolete=True)
    VIETNAMESE.write_bytes(text.getvalue())
    lacking = [message.id for message in catalog if message.id and not any(message.string or "")]
    print(f"{len(catalog)} texts, {len(lacking)} without Vietnamese", *lacking, sep="\n  ")


def read_vietnamese() -> Catalog:
    """Give the translations as they stand, or an empty catalog for the first time."""
    if not VIETNAMESE.exists():
        return Catalog("vi", project="Tổ Số", header_comment="# Tổ Số", fuzzy=False)
    with VIETNAMESE.open("rb") as file:
        return read_po(file, locale="vi")


def gathered() -> Catalog:
    """Give the texts of the code and the templates, as pyproject.toml says where to look."""
    options = ["--quiet", "extract", "-F", "pyproject.toml", "-o", str(TEMPLATE), "."]
    CommandLineInterface().run(["pybabel", *options])  # type: ignore[no-untyped-call]
    with TEMPLATE.open("rb") as file:
        catalog = read_po(file)
    TEMPLATE.unlink()
    return catalog


if __name__ == "__main__":
    main()
