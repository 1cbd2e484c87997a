"""Visits for programs; what a phone sends is judged record by record, so the door is open."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /api/v1/visits": "ok ok ok ok 403 ok ok ok ok ok in",
    "GET /api/v1/visits/{visit}": "ok ok ok 404 403 ok ok 404 ok 404 in",
    "POST /api/v1/visits/sync": "ok ok ok ok ok ok ok ok ok ok in",
}
