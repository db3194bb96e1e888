"""`/api/v1/session/totp`: one's own second factor is set up, confirmed by its first code, and removed."""

from dataclasses import replace
from typing import Final

from aiohttp import web

from irzhub.storage.accounts import save_user, without_second_factor
from irzhub.storage.local import Connection
from irzhub.web.audit import note_change
from irzhub.web.context import accounts_changed, context_of
from irzhub.web.models_accounts import CodeOnly, PasswordAndCode, PasswordOnly, RecoveryCodes, TotpSecret
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body
from irzhub.web.route import Answer, Route, no_content
from irzhub.web.routes.session import check_own_password, person, present
from irzhub.web.sign_in import use_code
from irzhub.web.totp import matching_step, new_recovery_codes, new_secret, provisioning_uri, recovery_digest

_OFF: Final = {"second_factor": False}
_ON: Final = {"second_factor": True}


async def begin_totp(request: web.Request) -> web.Response:
    """Give a secret for the authenticator application; it counts once its first code was given back."""
    signed_in, context = person(request), context_of(request)
    wanted = await read_body(request, PasswordOnly)
    await check_own_password(request, signed_in, wanted.password, "password")
    secret = new_secret()

    def job(connection: Connection) -> None:
        user = present(connection, signed_in)
        if user.totp_secret is not None:
            raise Problem(409, "already_set_up", "there is a second factor already: remove it first")
        save_user(connection, replace(user, totp_pending=secret))

    await context.store.write(job)
    uri = provisioning_uri(secret, signed_in.user.name, context.settings.hub.id)
    return json_response({"secret": secret, "uri": uri})


async def confirm_totp(request: web.Request) -> web.Response:
    """Take the first code; from now on each sign-in asks for one."""
    signed_in, context = person(request), context_of(request)
    wanted = await read_body(request, CodeOnly)
    now = context.clock.now().timestamp()
    codes = new_recovery_codes()

    def job(connection: Connection) -> None:
        user = present(connection, signed_in)
        if user.totp_pending is None:
            raise Problem(409, "not_begun", "expected POST /api/v1/session/totp first")
        step = matching_step(user.totp_pending, wanted.code.strip(), now, None)
        if step is None:
            raise _wrong_code()
        digests = tuple(recovery_digest(code) for code in codes)
        new = replace(user, totp_secret=user.totp_pending, totp_pending=None, totp_step=step, recovery_codes=digests)
        save_user(connection, new)

    await context.store.write(job)
    accounts_changed(request)
    note_change(request, _OFF, _ON)
    return json_response({"recovery_codes": codes})


async def remove_totp(request: web.Request) -> web.Response:
    """Remove one's own second factor."""
    signed_in, context = person(request), context_of(request)
    wanted = await read_body(request, PasswordAndCode)
    await check_own_password(request, signed_in, wanted.password, "password")
    now = context.clock.now().timestamp()

    def job(connection: Connection) -> None:
        user = present(connection, signed_in)
        if user.totp_secret is None:
            raise Problem(409, "not_set_up", "there is no second factor")
        try:
            use_code(user, wanted.code, now)
        except Problem:
            raise _wrong_code() from None
        save_user(connection, without_second_factor(user))

    await context.store.write(job)
    accounts_changed(request)
    note_change(request, _ON, _OFF)
    return web.Response(status=204)


def _wrong_code() -> Problem:
    message = "expected the code that the application shows now"
    return Problem(422, "wrong_code", message, errors=(FieldError("code", message),))


_BODY_ERRORS: Final = (400, 408, 409, 413, 415, 422)

ROUTES: Final = (
    Route(
        method="POST",
        path="/api/v1/session/totp",
        name="begin_totp",
        tag="session",
        summary="Begin to set up one's own second factor: a secret for the authenticator application",
        handler=begin_totp,
        answers={200: Answer(description="The secret, shown only now", model=TotpSecret)},
        errors=_BODY_ERRORS,
        body=PasswordOnly,
    ),
    Route(
        method="POST",
        path="/api/v1/session/totp/confirm",
        name="confirm_totp",
        tag="session",
        summary="Confirm the second factor by its first code",
        handler=confirm_totp,
        answers={200: Answer(description="Recovery codes, shown only now", model=RecoveryCodes)},
        errors=_BODY_ERRORS,
        body=CodeOnly,
    ),
    Route(
        method="POST",
        path="/api/v1/session/totp/remove",
        name="remove_totp",
        tag="session",
        summary="Remove one's own second factor",
        handler=remove_totp,
        answers={204: no_content("Removed")},
        errors=_BODY_ERRORS,
        body=PasswordAndCode,
    ),
)
