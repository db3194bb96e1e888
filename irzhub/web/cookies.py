"""The session's cookie: `__Host-irzhub` and Secure under TLS; without TLS neither, which the log warns of."""

from typing import Final

from aiohttp import web

SECURE_NAME: Final = "__Host-irzhub"
PLAIN_NAME: Final = "irzhub"


def is_secure(request: web.Request) -> bool:
    """Say whether the browser came by TLS, to us or to a proxy before us that says so.

    Whoever forges the header makes his own cookie stricter, no more.
    """
    return request.secure or request.headers.get("X-Forwarded-Proto", "").lower() == "https"


def session_cookie(request: web.Request) -> str | None:
    """Return the session's cookie of a request, None when it has none; under TLS only the strict one counts."""
    return request.cookies.get(SECURE_NAME if is_secure(request) else PLAIN_NAME) or None


def keep_cookie(request: web.Request, response: web.StreamResponse, cookie: str) -> None:
    """Have the browser keep the session until it is closed; the hub ends it earlier."""
    secure = is_secure(request)
    response.set_cookie(
        SECURE_NAME if secure else PLAIN_NAME, cookie, path="/", secure=secure, httponly=True, samesite="Lax"
    )


def drop_cookie(request: web.Request, response: web.StreamResponse) -> None:
    """Have the browser forget the session."""
    secure = is_secure(request)
    response.del_cookie(SECURE_NAME if secure else PLAIN_NAME, path="/", secure=secure, httponly=True, samesite="Lax")
