"""The first page is everybody's own."""

POLICY = {
    # route   Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /": "ok ok ok ok ok ok ok ok ok ok in",
}
