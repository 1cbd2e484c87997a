"""Attendance of sessions."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /sessions/{meeting}/attendance": "ok ok ok 404 ok ok 403 403 403 403 in",
    "POST /sessions/{meeting}/attendance": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /sessions/{meeting}/attendance/{person}": "ok ok ok 404 ok ok 403 403 403 403 in",
    "POST /sessions/{meeting}/attendance/{person}": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /sessions/{meeting}/attendance/sheet": "ok ok ok 404 ok ok 403 403 403 403 in",
    "GET /sessions/{meeting}/attendance/paper": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /sessions/{meeting}/attendance/paper": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /sessions/{meeting}/attendance/rest": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /sessions/{meeting}/attendance/undoing": "404 404 404 404 404 403 403 403 403 403 in",
    "POST /sessions/{meeting}/attendance/completion": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /api/v1/sessions/{meeting}/attendance": "ok ok ok 404 ok ok 403 403 403 403 in",
    "POST /api/v1/sessions/{meeting}/attendance": "ok ok ok 404 ok 403 403 403 403 403 in",
}
