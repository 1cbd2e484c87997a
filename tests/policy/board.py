"""The assignment board."""

POLICY = {
    # route                            Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /board": "ok ok ok ok 403 403 403 403 403 403 in",
    "GET /board/log": "ok ok ok ok 403 403 403 403 403 403 in",
    "POST /board/moves": "ok ok ok ok 403 403 403 403 403 403 in",
    "POST /board/moves/{move}/undoing": "ok ok ok 404 403 403 403 403 403 403 in",
}
