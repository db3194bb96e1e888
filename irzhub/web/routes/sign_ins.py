"""`/api/v1/sign_ins`: the browsers that are signed in, one's own and for those who manage users all."""

from typing import Final

from aiohttp import web
from pydantic import ConfigDict, Field

from irzhub.storage.accounts import UserRow, get_user, list_users
from irzhub.storage.local import Connection
from irzhub.storage.web_sessions import SessionRow, end_session, list_sessions
from irzhub.web.account_json import sign_in_json
from irzhub.web.account_rules import check_may_manage, is_visible_user
from irzhub.web.audit import note_object
from irzhub.web.context import IDENTITY, accounts_changed, context_of
from irzhub.web.identity import Identity
from irzhub.web.listing import ListPage, ListQuery, list_page
from irzhub.web.permissions import Right
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response, read_query
from irzhub.web.route import Answer, Route, no_content


class SignInQuery(ListQuery):
    """Whose sessions are asked for."""

    model_config = ConfigDict(extra="forbid", strict=False)

    user: str | None = Field(default=None, max_length=64)


async def list_sign_ins(request: web.Request) -> web.Response:
    """Answer the sessions that live."""
    query, identity, context = read_query(request, SignInQuery), request[IDENTITY], context_of(request)

    def job(connection: Connection) -> list[SessionRow]:
        users = {user.name: user for user in list_users(connection)}
        return [row for row in list_sessions(connection, query.user) if _sees(identity, users.get(row.user))]

    rows = await context.store.read(job)
    living = (sign_in_json(row, identity.session) for row in rows if context.desk.is_alive(row))
    return json_response(list_page(living, "id", query))


async def end_sign_in(request: web.Request) -> web.Response:
    """End a session: its browser is signed out with its next request."""
    identity, id_ = request[IDENTITY], request.match_info["id"]

    def job(connection: Connection) -> str:
        found = end_session(connection, id_)
        user = None if found is None else get_user(connection, found.user)
        if found is None or not _sees(identity, user):
            raise Problem(404, "unknown_sign_in", "there is no such session")
        if user is not None and not _is_own(identity, user):
            check_may_manage(identity, user)
        return found.user

    note_object(request, user=await context_of(request).store.write(job))
    accounts_changed(request)
    return web.Response(status=204)


def _sees(identity: Identity, user: UserRow | None) -> bool:
    if user is None:
        return False
    return _is_own(identity, user) or (identity.may(Right.EDIT_USERS) and is_visible_user(identity, user))


def _is_own(identity: Identity, user: UserRow) -> bool:
    return identity.kind == "user" and identity.name == user.name


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/sign_ins",
        name="list_sign_ins",
        tag="users",
        summary="Browsers that are signed in: one's own, and for those who manage users all that they may see",
        handler=list_sign_ins,
        answers={200: Answer(description="One page of sessions", model=ListPage)},
        errors=(400,),
        query=SignInQuery,
    ),
    Route(
        method="DELETE",
        path="/api/v1/sign_ins/{id}",
        name="end_sign_in",
        tag="users",
        summary="Sign a browser out",
        handler=end_sign_in,
        answers={204: no_content("Ended")},
        errors=(404,),
    ),
)
