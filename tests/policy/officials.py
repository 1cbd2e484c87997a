"""Officials: chiefs look, trainers and coordinators take up, change and end."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /officials": "ok ok ok ok ok ok 403 403 403 403 in",
    "GET /officials/new": "ok ok ok ok ok 403 403 403 403 403 in",
    "POST /officials/new": "ok ok ok ok ok 403 403 403 403 403 in",
    "GET /officials/{official}/edit": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /officials/{official}/edit": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /officials/{official}/ending": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /officials/{official}/ending": "ok ok ok 404 ok 403 403 403 403 403 in",
}
