"""Nominations: trainers make and revoke links; the page of a link asks for the link alone."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /courses/{course}/nominations": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /courses/{course}/nominations": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /courses/{course}/nominations/{office}": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /courses/{course}/nominations/{office}": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /courses/{course}/nominations/{office}/revocation": (
        "ok ok ok 404 ok 403 403 403 403 403 in"
    ),
    "GET /courses/{course}/summons": "ok ok ok 404 ok ok 403 403 403 403 in",
    "GET /courses/{course}/summons.docx": "ok ok ok 404 ok ok 403 403 403 403 in",
    "GET /courses/{course}/summons.pdf": "ok ok ok 404 ok ok 403 403 403 403 in",
    "GET /n": "ok ok ok ok ok ok ok ok ok ok ok",
    "GET /n/{token}": "404 404 404 404 404 404 404 404 404 404 404",
    "POST /n/{token}/people": "404 404 404 404 404 404 404 404 404 404 404",
    "POST /n/{token}/newcomers": "404 404 404 404 404 404 404 404 404 404 404",
    "POST /n/{token}/rows": "404 404 404 404 404 404 404 404 404 404 404",
    "POST /n/{token}/withdrawal": "404 404 404 404 404 404 404 404 404 404 404",
}
