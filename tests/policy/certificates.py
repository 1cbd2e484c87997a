"""Certificates: the tab of a course, the register, papers, and the public page."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /courses/{course}/certificates": "ok ok ok 404 ok ok 403 403 403 403 in",
    "POST /courses/{course}/certificates": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /courses/{course}/certificates/prints": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /certificates/prints/{print_id}": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /certificates/prints/{print_id}/certificates.pdf": (
        "ok ok ok 404 ok 403 403 403 403 403 in"
    ),
    "GET /certificates": "ok ok ok ok ok ok 403 403 403 403 in",
    "GET /certificates.xlsx": "ok ok ok ok ok ok 403 403 403 403 in",
    "GET /certificates/{certificate}": "ok ok ok 404 ok ok 404 404 ok 404 in",
    "GET /certificates/{certificate}/paper.pdf": "ok ok ok 404 ok ok 404 404 ok 404 in",
    "GET /certificates/{certificate}/revocation": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /certificates/{certificate}/revocation": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /people/{person}/certificates": "ok ok ok 404 ok ok ok 404 ok 404 in",
    "GET /me/certificates": "ok ok ok ok ok ok ok ok ok ok in",
    "GET /v": "ok ok ok ok ok ok ok ok ok ok ok",
    "GET /v/{code}": "404 404 404 404 404 404 404 404 404 404 404",
    "GET /api/v1/certificates/{code}": "404 404 404 404 404 404 404 404 404 404 404",
    "GET /api/v1/certificates": "ok ok ok ok ok ok 403 403 403 403 in",
    "POST /api/v1/courses/{course}/certificates": "ok ok ok 404 ok 403 403 403 403 403 in",
}
