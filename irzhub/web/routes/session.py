"""`/api/v1/session`: who calls; signing in and out; one's own password and language."""

from dataclasses import replace
from typing import Any, Final

from aiohttp import web

from irzhub.core.clock import format_time
from irzhub.storage.accounts import UserRow, get_user, save_user, set_password
from irzhub.storage.local import Connection
from irzhub.storage.web_sessions import end_session
from irzhub.web.account_identity import identity_of_user, lacks_second_factor
from irzhub.web.account_rules import check_password
from irzhub.web.audit import note_change, note_object
from irzhub.web.context import IDENTITY, SIGNED_IN, accounts_changed, context_of, source_of
from irzhub.web.cookies import drop_cookie, keep_cookie, session_cookie
from irzhub.web.identity import Identity
from irzhub.web.models_accounts import OwnPassword, SessionEdit, SessionInfo, SignInRequest
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body
from irzhub.web.route import Answer, Route, no_content
from irzhub.web.sign_in import Attempt, SignedIn


async def sign_in(request: web.Request) -> web.Response:
    """Open a session: the cookie is for the browser, `csrf` for its page."""
    wanted = await read_body(request, SignInRequest)
    note_object(request, user=wanted.name)
    attempt = Attempt(wanted.name, wanted.password, wanted.code, source_of(request), _agent(request))
    signed_in = await context_of(request).desk.sign_in(attempt, session_cookie(request))
    return opened(request, signed_in)


async def get_session(request: web.Request) -> web.Response:
    """Say who calls."""
    return json_response(session_json(request, request[IDENTITY], request.get(SIGNED_IN)))


async def edit_session(request: web.Request) -> web.Response:
    """Change one's own language."""
    signed_in = person(request)
    edit = await read_body(request, SessionEdit, ("application/merge-patch+json", "application/json"))
    context = context_of(request)

    def job(connection: Connection) -> UserRow:
        user = replace(present(connection, signed_in), language=edit.language)
        save_user(connection, user)
        return user

    if "language" not in edit.model_fields_set:
        return json_response(session_json(request, request[IDENTITY], signed_in))
    user = await context.store.write(job)
    accounts_changed(request)
    note_change(request, {"language": signed_in.user.language}, {"language": user.language})
    return json_response(session_json(request, request[IDENTITY], SignedIn(user, signed_in.session)))


async def sign_out(request: web.Request) -> web.Response:
    """End the session."""
    signed_in = person(request)
    await context_of(request).store.write(lambda connection: end_session(connection, signed_in.session.id))
    accounts_changed(request)
    response = web.Response(status=204)
    drop_cookie(request, response)
    return response


async def change_own_password(request: web.Request) -> web.Response:
    """Change one's own password; every other session ends, and this one goes on under a fresh id."""
    signed_in, context = person(request), context_of(request)
    wanted = await read_body(request, OwnPassword)
    await check_own_password(request, signed_in, wanted.current, "current")
    check_password(wanted.password, signed_in.user.name)
    password_hash = await context.desk.passwords.hash(wanted.password)
    now = context.clock.now()

    def job(connection: Connection) -> None:
        user = present(connection, signed_in)
        set_password(connection, user.name, password_hash)
        save_user(connection, replace(user, password_hash=password_hash, password_changed_at=now))

    await context.store.write(job)
    attempt = Attempt(signed_in.user.name, wanted.password, None, source_of(request), _agent(request))
    return opened(request, await context.desk.reopen(attempt, password_hash))


def opened(request: web.Request, signed_in: SignedIn) -> web.Response:
    """Return the answer that gives a browser its new session."""
    rule = context_of(request).settings.web.sign_in
    identity = request[IDENTITY] = identity_of_user(signed_in.user, signed_in.session.id, rule)
    response = json_response(session_json(request, identity, signed_in))
    keep_cookie(request, response, signed_in.cookie)
    return response


def session_json(request: web.Request, identity: Identity, signed_in: SignedIn | None) -> dict[str, Any]:
    """Return who calls, as REST says it."""
    rule = context_of(request).settings.web.sign_in
    whole: dict[str, Any] = {
        "kind": identity.kind,
        "name": identity.name,
        "role": identity.role,
        "rights": sorted(right.value for right in identity.rights),
        "scope": identity.scope.to_json(),
        "language": None,
        "id": identity.session,
        "csrf": None,
        "expires_at": None,
        "idle_s": None,
        "second_factor": None,
    }
    if signed_in is not None:
        user = signed_in.user
        whole |= {
            "language": user.language,
            "csrf": signed_in.session.csrf,
            "expires_at": format_time(signed_in.session.expires_at),
            "idle_s": rule.idle_s,
            "second_factor": {
                "enabled": user.totp_secret is not None,
                "required": lacks_second_factor(user, rule),
                "recovery_codes_left": len(user.recovery_codes),
            },
        }
    return whole


def person(request: web.Request) -> SignedIn:
    """Return the session of the caller.

    Raises:
        Problem: 403, it is a program with a token.
    """
    signed_in: SignedIn | None = request.get(SIGNED_IN)
    if signed_in is None:
        raise Problem(403, "people_only", "this is for people who are signed in, not for tokens")
    return signed_in


def present(connection: Connection, signed_in: SignedIn) -> UserRow:
    """Return the caller's account as it is in this transaction.

    Raises:
        Problem: 401, it was removed or disabled meanwhile.
    """
    user = get_user(connection, signed_in.user.name)
    if user is None or user.disabled:
        raise Problem(401, "unauthorized", "this account was removed or disabled")
    return user


async def check_own_password(request: web.Request, signed_in: SignedIn, password: str, field: str) -> None:
    """See that it is really the owner of the session: a browser may have been left alone.

    Raises:
        Problem: 422 the password is wrong, 429 too many tries.
    """
    desk, source = context_of(request).desk, source_of(request)
    wait_s = desk.throttle.begin(signed_in.user.name, source, desk.clock.monotonic())
    if wait_s > 0:
        headers = {"Retry-After": str(int(wait_s) + 1)}
        raise Problem(429, "too_many_tries", "too many wrong passwords", headers=headers)
    if not await desk.passwords.is_right(password, signed_in.user.password_hash):
        message = "expected the present password"
        raise Problem(422, "wrong_password", message, errors=(FieldError(field, message),))
    desk.throttle.succeeded(signed_in.user.name, source)


def _agent(request: web.Request) -> str:
    return "".join(char for char in request.headers.get("User-Agent", "") if char.isprintable())


_BODY_ERRORS: Final = (400, 408, 413, 415, 422)
_OPENED: Final = Answer(
    description="Signed in; the cookie comes with it", model=SessionInfo, headers={"Set-Cookie": "the session"}
)

ROUTES: Final = (
    Route(
        method="POST",
        path="/api/v1/session",
        name="sign_in",
        tag="session",
        summary="Sign in with name, password and where it is set up a code",
        handler=sign_in,
        answers={200: _OPENED},
        errors=(*_BODY_ERRORS, 401, 403, 429, 503),
        body=SignInRequest,
    ),
    Route(
        method="GET",
        path="/api/v1/session",
        name="get_session",
        tag="session",
        summary="Who calls, with which rights, over which part of the fleet",
        handler=get_session,
        answers={200: Answer(description="The caller", model=SessionInfo)},
    ),
    Route(
        method="PATCH",
        path="/api/v1/session",
        name="edit_session",
        tag="session",
        summary="Change one's own language (JSON Merge Patch)",
        handler=edit_session,
        answers={200: Answer(description="The caller", model=SessionInfo)},
        errors=_BODY_ERRORS,
        body=SessionEdit,
        body_media=("application/merge-patch+json", "application/json"),
    ),
    Route(
        method="DELETE",
        path="/api/v1/session",
        name="sign_out",
        tag="session",
        summary="Sign out",
        handler=sign_out,
        answers={204: no_content("Signed out")},
    ),
    Route(
        method="PUT",
        path="/api/v1/session/password",
        name="change_own_password",
        tag="session",
        summary="Change one's own password; every other session of one's own ends",
        handler=change_own_password,
        answers={200: _OPENED},
        errors=_BODY_ERRORS,
        body=OwnPassword,
    ),
)
