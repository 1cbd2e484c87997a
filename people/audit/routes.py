"""The page of the log."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.forms import read_filter
from kit.i18n import gettext as _
from kit.pages import onward, page
from people.audit.commands import record_view
from people.audit.queries import AuditFilter, list_audit
from people.audit.words import ACTIONS
from people.sign_ins.door import Asker, may


@get("/audit", guards=[may("audit.read")])
async def audit_page(request: Asking, who: Asker) -> Response[Any]:
    """The log within reach, newest first."""
    asked, refused = read_filter(request, AuditFilter)
    lines, after = await list_audit(who, asked)
    await record_view(who, "audit.view", path=who.first_path("audit.read"))
    actions = sorted(((key, _(text)) for key, text in ACTIONS.items()), key=lambda a: a[1])
    shown = {"lines": lines, "asked": asked, "actions": actions, "more": onward(request, after)}
    return page(request, "audit/list.html", refused, **shown)


ROUTES: list[ControllerRouterHandler] = [audit_page]
