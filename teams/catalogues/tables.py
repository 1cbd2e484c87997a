"""What catalogues store: entries that are retired rather than deleted, and texts of consent."""

from piccolo.columns import Date, Integer, Text
from piccolo.table import Table

LISTS = ("service", "obstacle", "referral", "place")
OUTCOMES = (
    "independent",
    "assisted",
    "on_behalf",
    "already_had",
    "pending",
    "refused",
    "not_needed",
)
"""Fixed in code, for their meaning counts: only independent and assisted are learning."""
LEARNING = ("independent", "assisted")


class CatalogueEntry(Table, tablename="catalogue_entry"):
    """A service, obstacle, referral or kind of place, offered from `since` until before `until`.

    Codes are unique over all lists and never re-used; the names of a code may be mended.
    """

    code = Text(primary_key=True)
    list = Text()
    name_vi = Text()
    name_en = Text()
    rank = Integer()
    since = Date()
    until = Date(null=True)
    version = Integer()


class CatalogueGap(Table, tablename="catalogue_gap"):
    """Days on which an entry was not offered, though it was before and is again."""

    code = Text(primary_key=True)
    since = Date()
    until = Date()


class ConsentText(Table, tablename="consent_text"):
    """A wording of the consent, with its purposes, in use from a day on until the next one
    (Law 91/2025/QH15: the version a resident agreed to must be known). Never changed."""

    version = Integer(primary_key=True)
    since = Date()
    purposes = Text()
    text_vi = Text()
    text_en = Text()
