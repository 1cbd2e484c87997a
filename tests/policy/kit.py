"""Doors that are open to everybody."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /healthz": "ok ok ok ok ok ok ok ok ok ok ok",
    "GET /readyz": "ok ok ok ok ok ok ok ok ok ok ok",
    "GET /metrics": "ok ok ok ok ok ok ok ok ok ok ok",
    "GET /static/{file}": "ok ok ok ok ok ok ok ok ok ok ok",
    "GET /schema/openapi.json": "ok ok ok ok ok ok ok ok ok ok ok",
    "GET /sign-in": "ok ok ok ok ok ok ok ok ok ok ok",
    "POST /sign-in": "ok ok ok ok ok ok ok ok ok ok ok",
    "GET /sign-in/{token}": "ok ok ok ok ok ok ok ok ok ok ok",
    "POST /sign-in/{token}": "ok ok ok ok ok ok ok ok ok ok ok",
    "POST /sign-out": "ok ok ok ok ok ok ok ok ok ok in",
}
