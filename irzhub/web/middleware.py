"""What every request goes through, from the outside in: the boundary, the origin, the permission."""

import asyncio
import hmac
import logging
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from irzhub.core.exceptions import ServiceError, UnknownModem
from irzhub.storage.errors import StorageError
from irzhub.web.account_identity import identity_of_user, lacks_second_factor
from irzhub.web.auth import unauthorized
from irzhub.web.connection import HttpConnection, new_request_id
from irzhub.web.context import DEADLINE, IDENTITY, REQUEST_ID, SIGNED_IN, context_of
from irzhub.web.cookies import session_cookie
from irzhub.web.headers import add_security_headers
from irzhub.web.identity import Identity
from irzhub.web.locality import is_local
from irzhub.web.permissions import ROUTES, Right
from irzhub.web.problem import Problem, from_http_exception, problem_response
from irzhub.web.route import Handler

_log = logging.getLogger(__name__)

CSRF_HEADER: Final = "X-CSRF-Token"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_INTERNAL: Final = "the hub could not serve this request; its log names the cause under this id"


@web.middleware
async def boundary(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request an id and a deadline, and turn whatever goes wrong into a problem without a trace."""
    request_id = request[REQUEST_ID] = new_request_id()
    connection = request.protocol if isinstance(request.protocol, HttpConnection) else None
    if connection is not None:
        connection.request_began()
    try:
        async with asyncio.timeout(context_of(request).limits.handler_s) as request[DEADLINE]:
            response = await handler(request)
    except Problem as problem:
        response = problem_response(problem, request_id)
    except web.HTTPException as exception:
        response = problem_response(from_http_exception(exception), request_id)
    except UnknownModem:
        response = problem_response(Problem(404, "unknown_modem", "no such modem is registered here"), request_id)
    except (ServiceError, StorageError) as error:
        _log.warning("request %s: %s", request_id, error)
        response = problem_response(Problem(503, "not_available", "this part of the hub does not run"), request_id)
    except TimeoutError:
        _log.warning("request %s took too long: %s %s", request_id, request.method, request.rel_url.path)
        response = problem_response(Problem(503, "too_slow", "the hub did not answer in time"), request_id)
    except Exception:  # noqa: BLE001 - the boundary: no error may reach the caller as it is
        _log.exception("request %s failed: %s %s", request_id, request.method, request.rel_url.path)
        response = problem_response(Problem(500, "internal", _INTERNAL), request_id)
    finally:
        if connection is not None:
            connection.request_ended()
    return response


@web.middleware
async def same_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a change that another site's page sends through somebody's browser."""
    if request.method not in _SAFE and not is_own_page(request):
        raise Problem(403, "cross_origin", "changes are taken from this hub's own pages and from programs only")
    return await handler(request)


@web.middleware
async def permission(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a request through when the table of permissions does; what is not in the table is refused."""
    if request.match_info.http_exception is not None:
        return await handler(request)  # no such address or method: nothing to guard, aiohttp says so
    right = _right_of(request)
    if right is Right.OPEN or (right is Right.METRICS and is_local(request)):
        return await handler(request)
    identity = request[IDENTITY] = await identify(request)
    if right is None or not identity.may(right):
        raise refusal(request, identity)
    return await handler(request)


async def identify(request: web.Request) -> Identity:
    """Return who calls: by a token, else by the session of the browser's cookie.

    Raises:
        Problem: 401 nobody, or nobody any more; 403 a change without the session's own word; 429 too many guesses.
    """
    context = context_of(request)
    if (identity := await context.tokens.identify(request)) is not None:
        return identity
    cookie = session_cookie(request)
    if cookie is None or (signed_in := await context.desk.find(cookie)) is None:
        raise unauthorized("expected Authorization: Bearer TOKEN, or to be signed in")
    request[SIGNED_IN] = signed_in
    given = request.headers.get(CSRF_HEADER, "")
    if request.method not in _SAFE and not hmac.compare_digest(given.encode(), signed_in.session.csrf.encode()):
        raise Problem(403, "csrf", f"expected the session's word in {CSRF_HEADER}, as GET /api/v1/session says it")
    return identity_of_user(signed_in.user, signed_in.session.id, context.settings.web.sign_in)


def refusal(request: web.Request, identity: Identity) -> Problem:
    """Return the 403 for a caller who lacks the right; where only the second factor is missing, it says so."""
    signed_in = request.get(SIGNED_IN)
    if signed_in is not None and lacks_second_factor(signed_in.user, context_of(request).settings.web.sign_in):
        return Problem(403, "second_factor_required", "set up a second factor first: POST /api/v1/session/totp")
    return Problem(403, "forbidden", f"{identity.name} ({identity.role}) may not do this")


async def add_headers(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Put the security headers and the request's id on every answer, before it leaves."""
    add_security_headers(response.headers, is_secure=request.secure)
    if (request_id := request.get(REQUEST_ID)) is not None:
        response.headers["X-Request-Id"] = request_id


async def refuse_expectations(request: web.Request) -> web.StreamResponse | None:
    """Answer `Expect: 100-continue`; any other expectation is refused."""
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        # What is written here is no part of the answer, so it does not count as its beginning.
        request.writer.output_size = 0
        return None
    response = problem_response(from_http_exception(web.HTTPExpectationFailed()), new_request_id())
    response.force_close()
    return response


def _right_of(request: web.Request) -> Right | None:
    resource = request.match_info.route.resource
    method = "GET" if request.method == "HEAD" else request.method
    return None if resource is None else ROUTES.get((method, resource.canonical))


def is_own_page(request: web.Request) -> bool:
    """Say whether a request comes from a page of this hub's own, or from a program."""
    # Programs send neither header; browsers send at least one of them with every change.
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc.lower() == request.host.lower()
