"""Courses, sessions and enrolments for programs."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /api/v1/courses": "ok ok ok ok ok ok 403 403 403 403 in",
    "POST /api/v1/courses": "ok ok ok ok ok 403 403 403 403 403 in",
    "GET /api/v1/courses/{course}": "ok ok ok 404 ok ok 403 403 403 403 in",
    "PATCH /api/v1/courses/{course}": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /api/v1/courses/{course}/sessions": "ok ok ok 404 ok ok 403 403 403 403 in",
    "POST /api/v1/courses/{course}/sessions": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /api/v1/sessions/{meeting}": "ok ok ok 404 ok ok 404 404 ok 404 in",
    "PATCH /api/v1/sessions/{meeting}": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /api/v1/sessions/{meeting}/cancellation": "ok ok ok 404 ok 403 403 403 403 403 in",
    "GET /api/v1/courses/{course}/enrolments": "ok ok ok 404 ok ok 403 403 403 403 in",
    "POST /api/v1/courses/{course}/enrolments": "ok ok ok 404 ok 403 403 403 403 403 in",
    "POST /api/v1/enrolments/{enrolment}/withdrawal": "ok ok ok 404 ok 403 403 403 403 403 in",
}
