"""`/api/v1/webhooks/{webhook}`: a program sets rules off, by a name that only it and the rules know."""

import math
import re
from typing import Any, Final

from aiohttp import web

from irzhub.outbound.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER
from irzhub.web.context import context_of, desks_of, source_of
from irzhub.web.problem import Problem
from irzhub.web.reading import read_whole
from irzhub.web.route import Route, no_content
from irzhub.web.strict_json import BadJson, parse_json
from irzhub.web.webhook_gate import WEBHOOK_GATE

_ID: Final = re.compile(r"[0-9A-Za-z_-]{16,64}", re.ASCII)
_JSON: Final = "application/json"
_TEXT: Final = "text/plain"


async def call_webhook(request: web.Request) -> web.Response:
    """Tell the rules that listen to this webhook; what they do follows later."""
    desk, gate, context = desks_of(request).automations, request.app[WEBHOOK_GATE], context_of(request)
    now, source, webhook = context.clock.monotonic(), source_of(request), request.match_info["webhook"]
    if wait_s := gate.guess_wait_s(source, now):
        raise _too_many(wait_s)
    secrets = desk.webhook_secrets(webhook) if _ID.fullmatch(webhook) else None
    if secrets is None:
        gate.guessed(source, now)
        raise Problem(404, "unknown_webhook", "there is no such webhook")
    if wait_s := gate.call_wait_s(webhook, now):
        raise _too_many(wait_s)
    raw = await read_whole(request)
    if secrets:
        timestamp, signature = (request.headers.get(each, "") for each in (TIMESTAMP_HEADER, SIGNATURE_HEADER))
        if not gate.is_fresh(secrets, timestamp, signature, raw, context.clock.now().timestamp()):
            gate.guessed(source, now)
            raise Problem(403, "bad_signature", f"expected {TIMESTAMP_HEADER} and {SIGNATURE_HEADER} of this call")
    desk.call_webhook(webhook, _value(request, raw))
    return web.Response(status=204)


def _value(request: web.Request, raw: bytes) -> Any:
    """Return what rules see as `trigger.json`: null without a body."""
    if not raw:
        return None
    if request.content_type not in (_JSON, _TEXT) or (request.charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise Problem(415, "unsupported_media_type", f"expected a body of type {_JSON} or {_TEXT} in UTF-8, or none")
    try:
        return parse_json(raw) if request.content_type == _JSON else raw.decode()
    except BadJson as error:
        raise Problem(400, "bad_json", f"the body is not JSON: {error}") from None
    except UnicodeDecodeError:
        raise Problem(400, "bad_text", "expected a text in UTF-8") from None


def _too_many(wait_s: float) -> Problem:
    return Problem(429, "too_many_calls", "too many calls", headers={"Retry-After": str(math.ceil(wait_s))})


ROUTES: Final = (
    Route(
        method="POST",
        path="/api/v1/webhooks/{webhook}",
        name="call_webhook",
        tag="automations",
        summary="Set off the automations that listen to this webhook; its name is the caller's pass",
        handler=call_webhook,
        answers={204: no_content("Taken")},
        errors=(400, 403, 404, 408, 413, 415, 429, 503),
        bytes_media=_JSON,
        headers={
            TIMESTAMP_HEADER: "Unix seconds; where the rule has a `secret`",
            SIGNATURE_HEADER: "`sha256=` and the HMAC-SHA256 of `<timestamp>.<body>` in hex; where it has a `secret`",
        },
    ),
)
