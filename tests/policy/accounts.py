"""Accounts, one's own page, the log, the timetable."""

POLICY = {
    # route                  Hoa Tâm Sen Sen- Nghị Toản Hân Hân- Hoàng Hoàng- stranger
    "GET /me": "ok ok ok ok ok ok ok ok ok ok in",
    "POST /me/look": "ok ok ok ok ok ok ok ok ok ok in",
    "POST /me/password": "ok ok ok ok ok ok ok ok ok ok in",
    "POST /me/devices/{device}/sign-out": "404 404 404 404 404 404 404 404 ok 404 in",
    "POST /me/sign-outs": "ok ok ok ok ok ok ok ok ok ok in",
    "POST /me/tokens": "ok ok ok ok ok ok ok ok ok ok in",
    "POST /me/tokens/{api_token}/revoke": "ok ok ok 404 404 404 404 404 ok 404 in",
    "GET /accounts": "ok ok ok ok 403 403 403 403 403 403 in",
    "GET /accounts/new": "ok ok ok ok 403 403 403 403 403 403 in",
    "POST /accounts/new": "ok ok ok ok 403 403 403 403 403 403 in",
    "GET /accounts/{account}": "ok ok ok 404 403 403 403 403 403 403 in",
    "POST /accounts/{account}/link": "ok ok ok 404 403 403 403 403 403 403 in",
    "POST /accounts/{account}/lock": "ok ok ok 404 403 403 403 403 403 403 in",
    "POST /accounts/{account}/unlock": "ok ok ok 404 403 403 403 403 403 403 in",
    "POST /accounts/{account}/sign-outs": "ok ok ok 404 403 403 403 403 403 403 in",
    "POST /accounts/{account}/grants": "ok 403 403 403 403 403 403 403 403 403 in",
    "POST /accounts/{account}/grants/{grant}/end": "ok 403 403 403 403 403 403 403 403 403 in",
    "POST /accounts/{account}/tokens/{api_token}/revoke": (
        "ok ok ok 404 403 403 403 403 403 403 in"
    ),
    "GET /audit": "ok ok ok ok 403 403 403 403 403 403 in",
    "GET /jobs": "ok 403 403 403 403 403 403 403 403 403 in",
}
