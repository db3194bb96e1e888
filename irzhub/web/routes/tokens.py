"""`/api/v1/tokens`: keys of programs; everybody makes own ones, within the own rights."""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from aiohttp import web

from irzhub.core.ulid import new_ulid
from irzhub.storage.accounts import (
    AccountExists,
    TokenRow,
    UserRow,
    add_token,
    get_token,
    get_user,
    list_tokens,
    list_users,
    revoke_token,
)
from irzhub.storage.local import Connection
from irzhub.web.account_identity import identity_of_token, user_scope
from irzhub.web.account_json import token_json
from irzhub.web.account_rules import check_may_give, check_may_manage, check_visible
from irzhub.web.audit import note_change, note_object
from irzhub.web.context import IDENTITY, accounts_changed, context_of
from irzhub.web.identity import Identity, Scope
from irzhub.web.listing import ListPage, ListQuery, list_page
from irzhub.web.models_accounts import MadeToken, NewToken
from irzhub.web.permissions import Right
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route, no_content
from irzhub.web.routes.users import check_organisation


async def list_visible_tokens(request: web.Request) -> web.Response:
    """Answer one's own tokens, and those of others for who may see them."""
    query, identity, context = read_query(request, ListQuery), request[IDENTITY], context_of(request)

    def job(connection: Connection) -> list[TokenRow]:
        users = {user.name: user for user in list_users(connection)}
        return [row for row in list_tokens(connection) if _sees(identity, row, users.get(row.owner))]

    now = context.clock.now()
    rows = await context.store.read(job)
    return json_response(list_page((token_json(row, now) for row in rows), "id", query))


async def create_token(request: web.Request) -> web.Response:
    """Make a token; it is in this answer and nowhere else."""
    context, identity = context_of(request), request[IDENTITY]
    wanted = await read_body(request, NewToken)
    now = context.clock.now()
    token = f"irz_{secrets.token_urlsafe(32)}"
    row = TokenRow(
        id=new_ulid(int(now.timestamp() * 1000)),
        name=wanted.name,
        role=wanted.role,
        hash=hashlib.sha256(token.encode()).hexdigest(),
        created_at=now,
        expires_at=None if wanted.expires_in is None else now + timedelta(seconds=wanted.expires_in),
        owner=_owner(identity, wanted),
        rights_added=tuple(wanted.rights_added),
        rights_taken=tuple(wanted.rights_taken),
        organisations=None if wanted.organisations is None else tuple(wanted.organisations),
        groups=None if wanted.groups is None else tuple(wanted.groups),
    )

    def job(connection: Connection) -> None:
        for organisation in row.organisations or ():
            check_organisation(connection, organisation, "organisations")
        _check_may_make(connection, identity, row)
        add_token(connection, row)

    try:
        await context.store.write(job)
    except AccountExists:
        raise Problem(409, "exists", "there is a living token of that name already") from None
    shown = token_json(row, now)
    note_object(request, token=row.id, name=row.name)
    note_change(request, None, shown)
    headers = {"Location": f"/api/v1/tokens/{row.id}"}
    return json_response({**shown, "token": token}, 201, headers)


async def revoke_one_token(request: web.Request) -> web.Response:
    """Revoke a token; it is dead with its next use."""
    identity, id_ = request[IDENTITY], request.match_info["id"]
    now = context_of(request).clock.now()

    def job(connection: Connection) -> TokenRow:
        row = get_token(connection, id_)
        owner = get_user(connection, row.owner) if row is not None else None
        if row is None or row.revoked_at is not None or not _sees(identity, row, owner):
            raise Problem(404, "unknown_token", "there is no such living token")
        if not _is_own(identity, row) and not identity.may(Right.EDIT_TOKENS):
            raise Problem(403, "forbidden", f"revoking others' tokens needs the right {Right.EDIT_TOKENS.value}")
        revoke_token(connection, id_, now)
        return row

    row = await context_of(request).store.write(job)
    accounts_changed(request)
    note_object(request, name=row.name)
    note_change(request, token_json(row, now), None)
    return web.Response(status=204)


def _owner(identity: Identity, wanted: NewToken) -> str:
    """Return whose a new token is: what was said, else the caller's; a program's new tokens are the hub's."""
    if "owner" in wanted.model_fields_set:
        return wanted.owner or ""
    return identity.name if identity.kind == "user" else ""


def _check_may_make(connection: Connection, identity: Identity, row: TokenRow) -> None:
    """See that the caller may make this token.

    Raises:
        Problem: 403 it is not one's own or may more than the caller, 404 there is no such owner.
    """
    if not _is_own(identity, row):
        if not identity.may(Right.EDIT_TOKENS):
            raise Problem(403, "forbidden", f"tokens that are not your own need the right {Right.EDIT_TOKENS.value}")
        if row.owner:
            check_may_manage(identity, check_visible(identity, get_user(connection, row.owner)))
    plain = identity_of_token(row, None) if not row.owner else identity_of_token(row, get_user(connection, row.owner))
    if plain is None:
        raise Problem(409, "disabled", "the owner of the token is locked out")
    scope = Scope(_names(row.organisations), _names(row.groups))
    check_may_give(identity, plain.rights, plain.scope if row.owner else scope)


def _sees(identity: Identity, row: TokenRow, owner: UserRow | None) -> bool:
    if _is_own(identity, row):
        return True
    if not (identity.may(Right.READ_TOKENS) or identity.may(Right.EDIT_TOKENS)):
        return False
    if row.owner and owner is not None and not identity.scope.contains(user_scope(owner)):
        return False
    return identity.scope.contains(Scope(_names(row.organisations), _names(row.groups))) or bool(owner)


def _is_own(identity: Identity, row: TokenRow) -> bool:
    return identity.kind == "user" and row.owner == identity.name


def _names(names: tuple[str, ...] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/tokens",
        name="list_tokens",
        tag="tokens",
        summary="Tokens: one's own, and for who may see them those of others",
        handler=list_visible_tokens,
        answers={200: Answer(description="One page of token objects, never the tokens themselves", model=ListPage)},
        errors=(400,),
        query=ListQuery,
    ),
    Route(
        method="POST",
        path="/api/v1/tokens",
        name="create_token",
        tag="tokens",
        summary="Make a token with a role, rights, scope and expiry; never more than one's own",
        handler=create_token,
        answers={
            201: Answer(
                description="Made; the token is shown only now", model=MadeToken, headers={"Location": "the token"}
            )
        },
        errors=(400, 404, 408, 409, 413, 415, 422),
        body=NewToken,
    ),
    Route(
        method="DELETE",
        path="/api/v1/tokens/{id}",
        name="revoke_token",
        tag="tokens",
        summary="Revoke a token",
        handler=revoke_one_token,
        answers={204: no_content("Revoked")},
        errors=(404,),
    ),
)
