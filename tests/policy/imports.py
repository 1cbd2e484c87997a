"""Who imports workbooks: admins and coordinators, within their areas; trainers, marks."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /imports": "ok ok ok ok ok 403 403 403 403 403 in",
    "POST /imports": "ok ok ok ok ok 403 403 403 403 403 in",
    "GET /imports/template.xlsx": "ok ok ok ok ok 403 403 403 403 403 in",
    "GET /imports/{import_id}": "ok ok ok 404 404 403 403 403 403 403 in",
    "GET /imports/{import_id}/wrong.xlsx": "ok ok ok 404 404 403 403 403 403 403 in",
    "POST /imports/{import_id}/undoing": "ok ok ok 404 404 403 403 403 403 403 in",
    "POST /imports/{import_id}/discarding": "ok ok ok 404 404 403 403 403 403 403 in",
    "POST /imports/{import_id}/confirmation": "ok ok ok 404 404 403 403 403 403 403 in",
}
