"""Visits: pages, reviews, paper, taking part; and for programs, where what a phone sends is judged
record by record, so that door is open."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /api/v1/visits": "ok ok ok ok 403 ok ok ok ok ok in",
    "GET /api/v1/visits/{visit}": "ok ok ok 404 403 ok ok 404 ok 404 in",
    "POST /api/v1/visits/sync": "ok ok ok ok ok ok ok ok ok ok in",
    "GET /visits/reviews": "ok ok ok ok 403 403 403 403 403 403 in",
    "POST /visits/reviews": "ok ok ok ok 403 403 403 403 403 403 in",
    "POST /visits/{visit}/reviews/{flag}": "ok ok ok 404 403 403 403 403 403 403 in",
    "POST /visits/{visit}/reviews/{flag}/reading": "404 404 404 404 403 404 ok 404 404 404 in",
    "GET /visits/paper": "ok ok ok ok 403 403 ok ok ok ok in",
    "GET /participation": "ok ok ok ok 403 ok ok ok 403 403 in",
    "GET /participation.xlsx": "ok ok ok ok 403 ok ok ok 403 403 in",
    "GET /participation/visits.xlsx": "ok ok ok ok 403 ok ok ok 403 403 in",
    "GET /participation/{person}": "ok ok ok 404 403 ok ok 404 403 403 in",
    "GET /visits": "ok ok ok ok 403 ok ok ok ok ok in",
    "GET /visits/{visit}": "ok ok ok 404 403 ok ok 404 ok 404 in",
    "GET /visits/{visit}/edit": "ok ok ok 404 403 403 ok 404 ok 404 in",
    "POST /visits/{visit}/edit": "ok ok ok 404 403 403 ok 404 ok 404 in",
    "GET /visits/{visit}/withdrawal": "ok ok ok 404 403 403 ok 404 ok 404 in",
    "POST /visits/{visit}/withdrawal": "ok ok ok 404 403 403 ok 404 ok 404 in",
    "GET /visits.csv": "ok ok ok ok 403 ok ok ok 403 403 in",
    "GET /visits.xlsx": "ok ok ok ok 403 ok ok ok 403 403 in",
    "GET /visits/transcription": "ok ok ok ok 403 403 ok ok ok ok in",
    "POST /visits/transcription": "404 404 404 404 403 403 404 404 404 404 in",
    "GET /teams/{team}/visits": "ok ok ok 404 403 ok ok 404 ok 404 in",
}
