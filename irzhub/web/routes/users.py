"""`/api/v1/users`: accounts of people, managed by those who may; nobody gives more than the own rights."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from aiohttp import web

from irzhub.storage.accounts import (
    AccountExists,
    UserRow,
    add_user,
    get_user,
    list_users,
    remove_user,
    save_user,
    set_disabled,
    set_password,
    without_second_factor,
)
from irzhub.storage.local import Connection
from irzhub.storage.organisations import get_organisation
from irzhub.web.account_identity import user_rights, user_scope
from irzhub.web.account_json import user_json, user_settings
from irzhub.web.account_rules import (
    check_may_give,
    check_may_manage,
    check_password,
    check_visible,
    is_visible_user,
    keep_an_administrator,
)
from irzhub.web.audit import note_change, note_object
from irzhub.web.context import IDENTITY, accounts_changed, context_of
from irzhub.web.etag import check_match, entity_tag
from irzhub.web.listing import ListPage, ListQuery, list_page
from irzhub.web.models_accounts import NewPassword, NewUser, User, UserEdit
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route, no_content

_EDIT_MEDIA: Final = ("application/merge-patch+json", "application/json")


async def list_all_users(request: web.Request) -> web.Response:
    """Answer the accounts that the caller may see."""
    query, identity = read_query(request, ListQuery), request[IDENTITY]
    rows = await context_of(request).store.read(list_users)
    visible = (user_json(row) for row in rows if is_visible_user(identity, row))
    return json_response(list_page(visible, "name", query))


async def get_one_user(request: web.Request) -> web.Response:
    """Answer one account."""
    name = request.match_info["user"]
    row = await context_of(request).store.read(lambda connection: get_user(connection, name))
    return _answer(check_visible(request[IDENTITY], row))


async def create_user(request: web.Request) -> web.Response:
    """Make an account."""
    context, identity = context_of(request), request[IDENTITY]
    wanted = await read_body(request, NewUser)
    note_object(request, user=wanted.name)
    check_password(wanted.password, wanted.name)
    now = context.clock.now()
    row = UserRow(
        name=wanted.name,
        password_hash="",
        role=wanted.role,
        created_at=now,
        rights_added=tuple(wanted.rights_added),
        rights_taken=tuple(wanted.rights_taken),
        organisation=wanted.organisation or "",
        groups=None if wanted.groups is None else tuple(wanted.groups),
        language=wanted.language,
        password_changed_at=now,
    )
    check_may_give(identity, user_rights(row), user_scope(row))
    row = replace(row, password_hash=await context.desk.passwords.hash(wanted.password))

    def job(connection: Connection) -> None:
        check_organisation(connection, row.organisation)
        add_user(connection, row)

    try:
        await context.store.write(job)
    except AccountExists:
        raise Problem(409, "exists", "there is a user of that name already") from None
    accounts_changed(request)
    note_change(request, None, user_settings(row))
    return _answer(row, 201, {"Location": f"/api/v1/users/{row.name}"})


async def edit_user(request: web.Request) -> web.Response:
    """Change an account; it counts with the user's next request."""
    edit = await read_body(request, UserEdit, _EDIT_MEDIA)
    identity = request[IDENTITY]

    def change(connection: Connection, old: UserRow) -> UserRow:
        check_match(request, entity_tag(user_settings(old)))
        new = _merged(old, edit)
        check_may_give(identity, user_rights(new), user_scope(new))
        if new.organisation != old.organisation:
            check_organisation(connection, new.organisation)
        keep_an_administrator(connection, old.name, new)
        save_user(connection, new)
        if new.disabled:
            set_disabled(connection, new.name, True)  # and the sessions end
        return new

    old, new = await _change(request, change)
    note_change(request, user_settings(old), user_settings(new))
    return _answer(new)


async def delete_user(request: web.Request) -> web.Response:
    """Remove an account with its sessions and tokens."""

    def change(connection: Connection, old: UserRow) -> UserRow:
        keep_an_administrator(connection, old.name, None)
        remove_user(connection, old.name)
        return old

    old, _ = await _change(request, change)
    note_change(request, user_settings(old), None)
    return web.Response(status=204)


async def set_user_password(request: web.Request) -> web.Response:
    """Give a user another password; whoever is signed in with the account is signed out."""
    wanted = await read_body(request, NewPassword)
    check_password(wanted.password, request.match_info["user"])
    context = context_of(request)
    password_hash = await context.desk.passwords.hash(wanted.password)
    now = context.clock.now()

    def change(connection: Connection, old: UserRow) -> UserRow:
        set_password(connection, old.name, password_hash)
        new = replace(old, password_hash=password_hash, password_changed_at=now)
        save_user(connection, new)
        return new

    await _change(request, change)
    return web.Response(status=204)


async def reset_totp(request: web.Request) -> web.Response:
    """Remove the second factor of a user who lost it."""

    def change(connection: Connection, old: UserRow) -> UserRow:
        new = without_second_factor(old)
        save_user(connection, new)
        return new

    old, new = await _change(request, change)
    note_change(request, user_settings(old), user_settings(new))
    return web.Response(status=204)


def check_organisation(connection: Connection, id_: str, field: str = "organisation") -> None:
    """See that an organisation is there; an empty id is none at all and good.

    Raises:
        Problem: 422, there is none of that id.
    """
    if id_ and get_organisation(connection, id_) is None:
        message = "expected the id of an organisation that is there"
        raise Problem(422, "unknown_organisation", message, errors=(FieldError(field, message),))


def _merged(old: UserRow, edit: UserEdit) -> UserRow:
    """Return the account with an edit merged in; null empties, a role cannot be empty."""
    sent = edit.model_fields_set
    if "role" in sent and edit.role is None:
        message = "expected a role"
        raise Problem(422, "invalid_value", message, errors=(FieldError("role", message),))
    return replace(
        old,
        role=edit.role or old.role,
        rights_added=tuple(edit.rights_added or ()) if "rights_added" in sent else old.rights_added,
        rights_taken=tuple(edit.rights_taken or ()) if "rights_taken" in sent else old.rights_taken,
        organisation=(edit.organisation or "") if "organisation" in sent else old.organisation,
        groups=(None if edit.groups is None else tuple(edit.groups)) if "groups" in sent else old.groups,
        language=edit.language if "language" in sent else old.language,
        disabled=bool(edit.disabled) if "disabled" in sent else old.disabled,
    )


async def _change(request: web.Request, change: Callable[[Connection, UserRow], UserRow]) -> tuple[UserRow, UserRow]:
    """Change the account that the path names in one transaction; return it as it was and as it is.

    Raises:
        Problem: 404 the caller cannot see it, 403 it may more than the caller, and what `change` raises.
    """
    identity, name = request[IDENTITY], request.match_info["user"]

    def job(connection: Connection) -> tuple[UserRow, UserRow]:
        old = check_visible(identity, get_user(connection, name))
        check_may_manage(identity, old)
        return old, change(connection, old)

    changed = await context_of(request).store.write(job)
    accounts_changed(request)
    return changed


def _answer(row: UserRow, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return json_response(user_json(row), status, {"ETag": entity_tag(user_settings(row)), **(headers or {})})


_BODY_ERRORS: Final = (400, 408, 413, 415, 422)
_ETAG: Final = {"ETag": "of what people set, for `If-Match`"}
_ONE: Final = Answer(description="The user", model=User, headers=_ETAG)
_IF_MATCH: Final = {"If-Match": "the `ETag` that was read; without it the last change wins"}

ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/users",
        name="list_users",
        tag="users",
        summary="Users, page by page",
        handler=list_all_users,
        answers={200: Answer(description="One page of user objects", model=ListPage)},
        errors=(400,),
        query=ListQuery,
    ),
    Route(
        method="POST",
        path="/api/v1/users",
        name="create_user",
        tag="users",
        summary="Make an account, with no more than one's own rights",
        handler=create_user,
        answers={201: Answer(description="Made", model=User, headers={**_ETAG, "Location": "the user"})},
        errors=(*_BODY_ERRORS, 409),
        body=NewUser,
    ),
    Route(
        method="GET",
        path="/api/v1/users/{user}",
        name="get_user",
        tag="users",
        summary="One user",
        handler=get_one_user,
        answers={200: _ONE},
        errors=(404,),
    ),
    Route(
        method="PATCH",
        path="/api/v1/users/{user}",
        name="edit_user",
        tag="users",
        summary="Change role, rights, organisation, groups, language, or lock out (JSON Merge Patch)",
        handler=edit_user,
        answers={200: _ONE},
        errors=(*_BODY_ERRORS, 404, 409, 412),
        body=UserEdit,
        body_media=_EDIT_MEDIA,
        headers=_IF_MATCH,
    ),
    Route(
        method="DELETE",
        path="/api/v1/users/{user}",
        name="delete_user",
        tag="users",
        summary="Remove a user, with the sessions and tokens",
        handler=delete_user,
        answers={204: no_content("Removed")},
        errors=(404, 409),
    ),
    Route(
        method="PUT",
        path="/api/v1/users/{user}/password",
        name="set_user_password",
        tag="users",
        summary="Give a user another password; the sessions end",
        handler=set_user_password,
        answers={204: no_content("Changed")},
        errors=(*_BODY_ERRORS, 404),
        body=NewPassword,
    ),
    Route(
        method="DELETE",
        path="/api/v1/users/{user}/totp",
        name="reset_totp",
        tag="users",
        summary="Remove the second factor of a user who lost it",
        handler=reset_totp,
        answers={204: no_content("Removed")},
        errors=(404,),
    ),
)
