"""Themes, venues and the yearly duty: read by whoever reads courses, changed by who may."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /themes": "ok ok ok ok ok ok 403 403 403 403 in",
    "GET /themes/new": "ok 403 403 403 403 403 403 403 403 403 in",
    "POST /themes": "ok 403 403 403 403 403 403 403 403 403 in",
    "GET /themes/{theme}/edit": "ok 403 403 403 403 403 403 403 403 403 in",
    "POST /themes/{theme}/edit": "ok 403 403 403 403 403 403 403 403 403 in",
    "GET /themes/{theme}/retirement": "ok 403 403 403 403 403 403 403 403 403 in",
    "POST /themes/{theme}/retirement": "ok 403 403 403 403 403 403 403 403 403 in",
    "POST /themes/{theme}/return": "ok 403 403 403 403 403 403 403 403 403 in",
    "GET /venues": "ok ok ok ok ok ok 403 403 403 403 in",
    "GET /venues/new": "ok ok ok ok ok 403 403 403 403 403 in",
    "POST /venues": "ok ok ok ok ok 403 403 403 403 403 in",
    "GET /venues/{venue}/edit": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /venues/{venue}/edit": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /venues/{venue}/ending": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /venues/{venue}/ending": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /venues/{venue}/return": "ok ok ok ok ok 403 403 403 403 403 in",
    "GET /training-duties": "ok ok ok ok ok ok 403 403 403 403 in",
    "POST /training-duties": "ok 403 403 403 403 403 403 403 403 403 in",
    "POST /training-duties/removal": "ok 403 403 403 403 403 403 403 403 403 in",
}
