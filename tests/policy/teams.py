"""Teams and who is in them."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /teams": "ok ok ok ok 403 ok ok ok ok ok in",
    "GET /teams.xlsx": "ok ok ok ok 403 ok ok ok 403 403 in",
    "GET /members.xlsx": "ok ok ok ok 403 ok ok ok 403 403 in",
    "GET /teams/{team}": "ok ok ok 404 403 ok ok 404 ok 404 in",
    "GET /teams/{team}/figures": "ok ok ok 404 403 ok ok 404 ok 404 in",
    "GET /teams/{team}/contact-sheet": "ok ok ok 404 403 ok ok 404 403 403 in",
    "GET /teams/new": "ok ok ok ok 403 403 403 403 403 403 in",
    "POST /teams/new": "ok ok ok ok 403 403 403 403 403 403 in",
    "GET /teams/{team}/edit": "ok ok ok 404 403 403 403 403 403 403 in",
    "POST /teams/{team}/edit": "ok ok ok 404 403 403 403 403 403 403 in",
    "GET /teams/{team}/areas": "ok ok ok 404 403 403 403 403 403 403 in",
    "POST /teams/{team}/areas": "ok ok ok 404 403 403 403 403 403 403 in",
    "GET /teams/{team}/dissolution": "ok ok ok 404 403 403 403 403 403 403 in",
    "POST /teams/{team}/dissolution": "ok ok ok 404 403 403 403 403 403 403 in",
    "GET /teams/{team}/members/new": "ok ok ok 404 403 403 403 403 403 403 in",
    "POST /teams/{team}/members/new": "ok ok ok 404 403 403 403 403 403 403 in",
    "GET /teams/{team}/newcomers/new": "ok ok ok 404 403 403 403 403 403 403 in",
    "POST /teams/{team}/newcomers/new": "ok ok ok 404 403 403 403 403 403 403 in",
    "GET /teams/{team}/members/{membership}/position": "ok ok ok 404 403 403 403 403 403 403 in",
    "POST /teams/{team}/members/{membership}/position": "ok ok ok 404 403 403 403 403 403 403 in",
    "GET /teams/{team}/members/{membership}/ending": "ok ok ok 404 403 403 403 403 403 403 in",
    "POST /teams/{team}/members/{membership}/ending": "ok ok ok 404 403 403 403 403 403 403 in",
    "GET /teams/{team}/members/{membership}/return": "ok ok ok 404 403 403 403 403 403 403 in",
    "POST /teams/{team}/members/{membership}/return": "ok ok ok 404 403 403 403 403 403 403 in",
}
