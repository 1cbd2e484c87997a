"""Persons and their cards."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /people": "ok ok ok ok ok ok ok ok ok ok in",
    "GET /people/new": "ok ok ok ok 403 403 403 403 403 403 in",
    "POST /people/new": "ok ok ok ok 403 403 403 403 403 403 in",
    "GET /people/{person}": "ok ok ok 404 ok ok ok 404 ok 404 in",
    "GET /people/{person}/edit": "ok ok ok 404 403 403 403 403 403 403 in",
    "POST /people/{person}/edit": "ok ok ok 404 403 403 403 403 403 403 in",
    "GET /people/{person}/card": "ok ok ok 404 403 ok ok 404 ok 404 in",
    "POST /people/{person}/card": "ok ok ok 404 403 ok ok 404 ok 404 in",
    "GET /cards/{code}": "404 404 404 404 404 404 404 404 404 404 404",
}
