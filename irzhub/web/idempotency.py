"""`Idempotency-Key`: a POST that is sent again because its answer was lost is answered the same and does nothing."""

import hashlib
import re
from typing import Final

from aiohttp import web

from irzhub.storage.idempotency import KeptAnswer, begin, finish, give_up
from irzhub.web.context import IDENTITY, context_of
from irzhub.web.problem import Problem
from irzhub.web.reading import read_whole
from irzhub.web.route import Handler

HEADER: Final = "Idempotency-Key"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)
_KEPT_HEADERS: Final = ("Content-Type", "Location", "ETag")
_SECRET: Final = frozenset(
    {"/api/v1/tokens", "/api/v1/session/totp", "/api/v1/session/totp/confirm", "/api/v1/settings_sms"}
)
"""Their answers hold what is shown once and kept nowhere."""
_LONGEST: Final = 256 * 1024
_FILE: Final = "application/octet-stream"


@web.middleware
async def idempotent(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a repeat from what was kept; keep the answer of what is new for a day."""
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST" or IDENTITY not in request:
        return await handler(request)
    if _KEY.fullmatch(key) is None:
        raise Problem(400, "invalid_key", f"expected 1 to 200 ASCII characters without spaces in {HEADER}")
    context = context_of(request)
    identity = request[IDENTITY]
    # A file is named by the checksum in its address, and only the handler knows how long it may be.
    body = b"" if request.content_type == _FILE else await read_whole(request)
    digest = hashlib.sha256(request.rel_url.raw_path_qs.encode() + b"\n" + body).hexdigest()
    resource = request.match_info.route.resource
    route = "" if resource is None else resource.canonical[:100]
    claim = KeptAnswer(f"{identity.kind}:{identity.name}"[:100], key, route, digest, context.clock.now())
    kept = await context.store.write(lambda conn: begin(conn, claim))
    if kept is not None:
        return _again(kept, claim)
    try:
        response = await handler(request)
    except BaseException:
        context.store.write(lambda conn: give_up(conn, claim.caller, key))
        raise
    answer = _kept(claim, response, is_secret=route in _SECRET)
    await context.store.write(lambda conn: finish(conn, answer))
    return response


def _again(kept: KeptAnswer, claim: KeptAnswer) -> web.Response:
    if (kept.route, kept.body_hash) != (claim.route, claim.body_hash):
        raise Problem(409, "key_used", f"this {HEADER} was used for another request")
    if kept.status is None:
        raise Problem(409, "in_progress", "the same request is being worked on", headers={"Retry-After": "1"})
    if not isinstance(kept.body, str):
        raise Problem(409, "already_done", "this was done already; its answer was shown once")
    headers = {**kept.headers, "Idempotency-Replayed": "true"}
    return web.Response(status=kept.status, body=kept.body.encode(), headers=headers)


def _kept(claim: KeptAnswer, response: web.StreamResponse, *, is_secret: bool) -> KeptAnswer:
    body = response.body if isinstance(response, web.Response) else None
    raw = body if isinstance(body, bytes) else b""
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    return KeptAnswer(
        caller=claim.caller,
        key=claim.key,
        route=claim.route,
        body_hash=claim.body_hash,
        created_at=claim.created_at,
        status=response.status,
        headers=headers,
        body=None if is_secret or len(raw) > _LONGEST else raw.decode(),
    )
