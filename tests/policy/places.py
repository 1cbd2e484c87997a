"""Areas, offices, settings, and what browsers ask for by themselves."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "POST /language": "ok ok ok ok ok ok ok ok ok ok ok",
    "GET /manifest.webmanifest": "ok ok ok ok ok ok ok ok ok ok ok",
    "GET /robots.txt": "ok ok ok ok ok ok ok ok ok ok ok",
    "GET /dev/ui": "404 404 404 404 404 404 404 404 404 404 404",
    "GET /areas": "ok ok ok ok ok ok 403 403 403 403 in",
    "GET /areas/{area}": "ok ok ok 404 ok ok 403 403 403 403 in",
    "GET /areas/new": "ok 403 403 403 403 403 403 403 403 403 in",
    "POST /areas": "ok 403 403 403 403 403 403 403 403 403 in",
    "GET /areas/{area}/edit": "ok 403 403 403 403 403 403 403 403 403 in",
    "POST /areas/{area}/edit": "ok 403 403 403 403 403 403 403 403 403 in",
    "GET /areas/{area}/ending": "ok 403 403 403 403 403 403 403 403 403 in",
    "POST /areas/{area}/ending": "ok 403 403 403 403 403 403 403 403 403 in",
    "GET /offices": "ok ok ok ok ok ok 403 403 403 403 in",
    "GET /offices/new": "ok ok ok ok ok 403 403 403 403 403 in",
    "POST /offices": "ok ok ok ok ok 403 403 403 403 403 in",
    "GET /offices/{office}/edit": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /offices/{office}/edit": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /offices/{office}/ending": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /offices/{office}/ending": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /settings": "ok 403 403 403 403 403 403 403 403 403 in",
    "POST /settings": "ok 403 403 403 403 403 403 403 403 403 in",
}
