"""The visit form and what the phone keeps."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /households/{household}/visits/new": "ok ok ok 404 403 403 ok 404 ok 404 in",
    "POST /households/{household}/visits/new": "ok ok ok 404 403 403 ok 404 ok 404 in",
    "GET /visits/new": "ok ok ok ok 403 403 ok ok ok ok in",
    "POST /visits/new": "ok ok ok ok 403 403 ok ok ok ok in",
    "GET /m/log": "ok ok ok ok ok ok ok ok ok ok ok",
    "GET /m/outbox": "ok ok ok ok ok ok ok ok ok ok ok",
    "GET /sw.js": "ok ok ok ok ok ok ok ok ok ok ok",
    "GET /api/v1/offline/snapshot": "ok ok ok ok 403 403 ok ok ok ok in",
}
