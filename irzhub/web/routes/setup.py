"""The first administrator: a form behind the first start's link, and the same for programs."""

import re
from typing import Final
from urllib.parse import parse_qs

from aiohttp import web

from irzhub.core.roles import Role
from irzhub.storage.accounts import UserRow, add_user, count_users
from irzhub.storage.local import Connection
from irzhub.web.account_json import user_settings
from irzhub.web.account_rules import check_password
from irzhub.web.audit import note_change, note_object
from irzhub.web.context import WebContext, accounts_changed, context_of, source_of
from irzhub.web.cookies import keep_cookie
from irzhub.web.language import choose_language
from irzhub.web.models_accounts import SessionInfo, SetupRequest
from irzhub.web.problem import Problem
from irzhub.web.reading import read_body
from irzhub.web.route import Answer, Route
from irzhub.web.routes.session import opened
from irzhub.web.setup_page import SETUP_TEXTS, SetupTexts, render_form, render_over
from irzhub.web.sign_in import Attempt, SignedIn

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}", re.ASCII)
_FORM: Final = "application/x-www-form-urlencoded"
_LONGEST_FORM: Final = 4096


async def set_up(request: web.Request) -> web.Response:
    """Make the first administrator and sign him in."""
    wanted = await read_body(request, SetupRequest)
    return opened(request, await _set_up(request, wanted.secret, wanted.name, wanted.password))


async def setup_form(request: web.Request) -> web.Response:
    """Show the form, as long as the link is good."""
    texts, secret = _texts(request), request.query.get("secret", "")
    if not context_of(request).setup.fits(secret):
        return _html(render_over(texts), 410)
    return _html(render_form(texts, secret))


async def send_setup_form(request: web.Request) -> web.Response:
    """Take the form; a good one leads to the first page, signed in."""
    texts = _texts(request)
    if request.content_type != _FORM or (request.content_length or 0) > _LONGEST_FORM:
        raise Problem(415, "unsupported_media_type", f"expected a short body of type {_FORM}")
    try:
        fields = parse_qs((await request.read())[:_LONGEST_FORM].decode(), max_num_fields=8)
    except ValueError:
        raise Problem(400, "bad_form", "the form cannot be read") from None
    secret, name, password, again = (fields.get(each, [""])[0] for each in ("secret", "name", "password", "again"))
    if not context_of(request).setup.fits(secret):
        return _html(render_over(texts), 410)
    if password != again:
        return _html(render_form(texts, secret, name, texts.differ), 422)
    try:
        signed_in = await _set_up(request, secret, name, password)
    except Problem as problem:
        return _html(render_form(texts, secret, name, problem.detail), problem.status)
    response = web.Response(status=303, headers={"Location": "/"})
    keep_cookie(request, response, signed_in.cookie)
    return response


async def _set_up(request: web.Request, secret: str, name: str, password: str) -> SignedIn:
    """Make the first administrator.

    Raises:
        Problem: 403 the secret is wrong or over, 409 there is an account, 422 name or password will not do.
    """
    context = context_of(request)
    source, now = source_of(request), context.clock.monotonic()
    if (wait_s := context.desk.sources.wait_s(source, now)) > 0:
        raise Problem(429, "too_many_tries", "too many tries", headers={"Retry-After": str(int(wait_s) + 1)})
    if not context.setup.fits(secret):
        context.desk.sources.failed(source, now)
        raise Problem(403, "link_over", "this link was used, or its time is over")
    if _NAME.fullmatch(name) is None:
        raise Problem(422, "invalid_value", "expected a name of small letters, digits and . _ @ -")
    check_password(password, name)
    row = await _add_first(context, name, password)
    accounts_changed(request)
    note_object(request, user=name)
    note_change(request, None, user_settings(row))
    agent = request.headers.get("User-Agent", "")
    return await context.desk.reopen(Attempt(name, password, None, source, agent), row.password_hash)


async def _add_first(context: WebContext, name: str, password: str) -> UserRow:
    password_hash = await context.desk.passwords.hash(password)
    now = context.clock.now()
    row = UserRow(name, password_hash, Role.ADMIN.value, now, password_changed_at=now)

    def job(connection: Connection) -> None:
        if count_users(connection):
            context.setup.close()
            raise Problem(409, "set_up_already", "there is an account already: sign in")
        add_user(connection, row)

    await context.store.write(job)
    context.setup.close()
    return row


def _texts(request: web.Request) -> SetupTexts:
    default = context_of(request).settings.hub.language
    asked, accepted = request.query.get("lang"), request.headers.get("Accept-Language")
    return SETUP_TEXTS[choose_language(asked, accepted, default, SETUP_TEXTS)]


def _html(page: str, status: int = 200) -> web.Response:
    return web.Response(text=page, status=status, content_type="text/html", charset="utf-8")


ROUTES: Final = (
    Route(
        method="POST",
        path="/api/v1/setup",
        name="set_up",
        tag="session",
        summary="Make the first administrator, with the secret of the link that the hub prints at its first start",
        handler=set_up,
        answers={200: Answer(description="Made and signed in", model=SessionInfo)},
        errors=(400, 401, 403, 408, 409, 413, 415, 422, 429),
        body=SetupRequest,
    ),
    Route(
        method="GET",
        path="/setup",
        name="setup_form",
        tag="session",
        summary="The form for the first administrator",
        handler=setup_form,
        answers={
            200: Answer(description="The form", media="text/html"),
            410: Answer(description="The link leads nowhere any more", media="text/html"),
        },
    ),
    Route(
        method="POST",
        path="/setup",
        name="send_setup_form",
        tag="session",
        summary="The form for the first administrator, filled in",
        handler=send_setup_form,
        answers={
            303: Answer(description="Made and signed in", media="", headers={"Location": "the first page"}),
            403: Answer(description="The form again, with what was wrong", media="text/html"),
            409: Answer(description="The form again, with what was wrong", media="text/html"),
            410: Answer(description="The link leads nowhere any more", media="text/html"),
            422: Answer(description="The form again, with what was wrong", media="text/html"),
            429: Answer(description="The form again, with what was wrong", media="text/html"),
        },
        errors=(400, 413, 415),
    ),
)
