"""Notices: an inbox is one's own; the log is for those who answer for its persons."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /notices": "ok ok ok ok ok ok ok ok ok ok in",
    "POST /notices/readings": "ok ok ok ok ok ok ok ok ok ok in",
    "POST /notices/{notice}/reading": "404 404 404 404 404 404 404 404 ok 404 in",
    "GET /me/notices": "ok ok ok ok ok ok ok ok ok ok in",
    "POST /me/notices": "ok ok ok ok ok ok ok ok ok ok in",
    "POST /me/notices/trial": "ok ok ok ok ok ok ok ok ok ok in",
    "GET /notices/deliveries": "ok ok ok ok 403 403 403 403 403 403 in",
    "POST /notices/deliveries/{delivery}/resending": "ok ok ok 404 403 403 403 403 403 403 in",
    "POST /notices/deliveries/{delivery}/dropping": "ok ok ok 404 403 403 403 403 403 403 in",
    "GET /api/v1/notices": "ok ok ok ok ok ok ok ok ok ok in",
    "POST /api/v1/notices/{notice}/reading": "404 404 404 404 404 404 404 404 ok 404 in",
}
