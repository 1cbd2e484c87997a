"""Follow-ups go with the household: whoever serves it today sees to them."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /follow-ups": "ok ok ok ok 403 ok ok ok ok ok in",
    "GET /follow-ups/{follow_up}": "ok ok ok 404 403 ok ok 404 ok 404 in",
    "POST /follow-ups/{follow_up}/attempts": "ok ok ok 404 403 403 ok 404 ok 404 in",
    "POST /follow-ups/{follow_up}/assignee": "ok ok ok 404 403 403 ok 404 ok 404 in",
    "POST /follow-ups/{follow_up}/closing": "ok ok ok 404 403 403 ok 404 ok 404 in",
    "GET /visits/{visit}/follow-ups/new": "ok ok ok 404 403 403 ok 404 ok 404 in",
    "POST /visits/{visit}/follow-ups": "ok ok ok 404 403 403 ok 404 ok 404 in",
}
