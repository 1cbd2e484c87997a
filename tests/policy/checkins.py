"""Check-in: the wall, the trainee's page without an account, personal codes, walk-ins."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /sessions/{meeting}/wall": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /sessions/{meeting}/checkins": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /sessions/{meeting}/scan": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /sessions/{meeting}/scan": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /sessions/{meeting}/scan/{trainee}": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /sessions/{meeting}/walk-ins/new": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /sessions/{meeting}/walk-ins/new": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /courses/{course}/codes": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /c": "ok ok ok ok ok ok ok ok ok ok ok",
    "POST /c": "ok ok ok ok ok ok ok ok ok ok ok",
    "GET /c/{word}": "404 404 404 404 404 404 404 404 404 404 404",
    "POST /c/{word}": "404 404 404 404 404 404 404 404 404 404 404",
    "GET /c/in/{word}": "404 404 404 404 404 404 404 404 404 404 404",
    "GET /c/me/{trainee}": "ok ok ok ok ok ok ok ok ok ok ok",
}
