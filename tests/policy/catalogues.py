"""Catalogues: read by whoever reads visits, changed by admins."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /catalogues": "ok 403 403 403 403 403 403 403 403 403 in",
    "GET /catalogues/new": "ok 403 403 403 403 403 403 403 403 403 in",
    "POST /catalogues": "ok 403 403 403 403 403 403 403 403 403 in",
    "GET /catalogues/{entry}/edit": "ok 403 403 403 403 403 403 403 403 403 in",
    "POST /catalogues/{entry}/edit": "ok 403 403 403 403 403 403 403 403 403 in",
    "GET /catalogues/{entry}/retirement": "ok 403 403 403 403 403 403 403 403 403 in",
    "POST /catalogues/{entry}/retirement": "ok 403 403 403 403 403 403 403 403 403 in",
    "POST /catalogues/{entry}/return": "ok 403 403 403 403 403 403 403 403 403 in",
    "GET /catalogues/consents/new": "ok 403 403 403 403 403 403 403 403 403 in",
    "POST /catalogues/consents": "ok 403 403 403 403 403 403 403 403 403 in",
    "GET /api/v1/catalogues": "ok ok ok ok 403 ok ok ok ok ok in",
}
