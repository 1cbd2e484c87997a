"""Results of courses: where trainees stand, scores, rules, reports, training records."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /courses/{course}/results": "ok ok ok 404 ok ok 403 403 403 403 in",
    "POST /courses/{course}/results": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /courses/{course}/results/{person}": "ok ok ok 404 ok ok 403 403 403 403 in",
    "POST /courses/{course}/results/paste": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /courses/{course}/rule": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /courses/{course}/rule": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /courses/{course}/report": "ok ok ok 404 ok ok 403 403 403 403 in",
    "GET /courses/{course}/report.xlsx": "ok ok ok 404 ok ok 403 403 403 403 in",
    "GET /courses/{course}/report.docx": "ok ok ok 404 ok ok 403 403 403 403 in",
    "GET /courses/{course}/report.pdf": "ok ok ok 404 ok ok 403 403 403 403 in",
    "GET /courses/{course}/warnings": "ok ok ok 404 ok ok 403 403 403 403 in",
    "GET /courses/warnings": "ok ok ok ok ok 403 403 403 403 403 in",
    "GET /people/{person}/training": "ok ok ok 404 ok ok 403 403 403 403 in",
    "GET /me/training": "ok ok ok ok ok ok ok ok ok ok in",
    "GET /training": "ok ok ok ok ok ok 403 403 403 403 in",
    "GET /training.xlsx": "ok ok ok ok ok ok 403 403 403 403 in",
    "GET /api/v1/courses/{course}/results": "ok ok ok 404 ok ok 403 403 403 403 in",
    "GET /api/v1/courses/{course}/results/{person}": "ok ok ok 404 ok ok 403 403 403 403 in",
}
