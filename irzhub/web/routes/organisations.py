"""`/api/v1/organisations`: those who share the hub; each sees itself and its own modems only."""

from dataclasses import replace
from typing import Any, Final

from aiohttp import web

from irzhub.storage.local import Connection
from irzhub.storage.organisations import (
    OrganisationExists,
    OrganisationRow,
    add_organisation,
    get_organisation,
    list_organisations,
    members,
    remove_organisation,
    save_organisation,
)
from irzhub.web.account_json import organisation_json
from irzhub.web.audit import note_change, note_object
from irzhub.web.context import IDENTITY, context_of
from irzhub.web.etag import check_match, entity_tag
from irzhub.web.identity import Identity
from irzhub.web.listing import ListPage, ListQuery, list_page
from irzhub.web.models_accounts import NewOrganisation, Organisation, OrganisationEdit
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route, no_content

_EDIT_MEDIA: Final = ("application/merge-patch+json", "application/json")


async def list_visible_organisations(request: web.Request) -> web.Response:
    """Answer the organisations that the caller belongs to, or all."""
    query, identity = read_query(request, ListQuery), request[IDENTITY]

    def job(connection: Connection) -> list[dict[str, Any]]:
        rows = list_organisations(connection)
        return [_json(connection, identity, row) for row in rows if identity.scope.covers_organisation(row.id)]

    return json_response(list_page(await context_of(request).store.read(job), "id", query))


async def get_one_organisation(request: web.Request) -> web.Response:
    """Answer one organisation."""
    identity = request[IDENTITY]

    def job(connection: Connection) -> tuple[OrganisationRow, dict[str, Any]]:
        row = _visible(connection, request)
        return row, _json(connection, identity, row)

    return _answer(*await context_of(request).store.read(job))


async def create_organisation(request: web.Request) -> web.Response:
    """Make an organisation; only who sees the whole hub may."""
    wanted, identity = await read_body(request, NewOrganisation), request[IDENTITY]
    _check_whole(identity)
    row = OrganisationRow(wanted.id, wanted.name, wanted.comment, context_of(request).clock.now())
    note_object(request, organisation=row.id)
    try:
        await context_of(request).store.write(lambda connection: add_organisation(connection, row))
    except OrganisationExists:
        raise Problem(409, "exists", "there is an organisation of that id already") from None
    note_change(request, None, _settings(row))
    return _answer(row, organisation_json(row, (0, 0)), 201, {"Location": f"/api/v1/organisations/{row.id}"})


async def edit_organisation(request: web.Request) -> web.Response:
    """Change the name or the comment of an organisation."""
    edit, identity = await read_body(request, OrganisationEdit, _EDIT_MEDIA), request[IDENTITY]
    _check_whole(identity)
    sent = edit.model_fields_set
    if "name" in sent and not edit.name:
        raise Problem(422, "invalid_value", "expected a name", errors=(FieldError("name", "expected a name"),))

    def job(connection: Connection) -> tuple[OrganisationRow, OrganisationRow, dict[str, Any]]:
        old = _visible(connection, request)
        check_match(request, entity_tag(_settings(old)))
        comment = (edit.comment or "") if "comment" in sent else old.comment
        new = replace(old, name=edit.name or old.name, comment=comment)
        save_organisation(connection, new)
        return old, new, _json(connection, identity, new)

    old, new, shown = await context_of(request).store.write(job)
    note_change(request, _settings(old), _settings(new))
    return _answer(new, shown)


async def delete_organisation(request: web.Request) -> web.Response:
    """Remove an organisation that has neither modems nor users."""
    _check_whole(request[IDENTITY])

    def job(connection: Connection) -> OrganisationRow:
        row = _visible(connection, request)
        of_modems, of_users = members(connection, row.id)
        if of_modems or of_users:
            raise Problem(409, "in_use", f"{of_modems} modems and {of_users} users belong to it: move them first")
        remove_organisation(connection, row.id)
        return row

    row = await context_of(request).store.write(job)
    note_change(request, _settings(row), None)
    return web.Response(status=204)


def _visible(connection: Connection, request: web.Request) -> OrganisationRow:
    id_ = request.match_info["organisation"]
    row = get_organisation(connection, id_)
    if row is None or not request[IDENTITY].scope.covers_organisation(id_):
        raise Problem(404, "unknown_organisation", "there is no such organisation")
    return row


def _check_whole(identity: Identity) -> None:
    if not identity.scope.is_whole:
        raise Problem(403, "forbidden", "organisations are managed by who sees the whole hub")


def _json(connection: Connection, identity: Identity, row: OrganisationRow) -> dict[str, Any]:
    # A caller who sees some groups only would learn from the counts what else there is.
    return organisation_json(row, members(connection, row.id) if identity.scope.groups is None else None)


def _settings(row: OrganisationRow) -> dict[str, Any]:
    return {"name": row.name, "comment": row.comment}


def _answer(
    row: OrganisationRow, shown: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    return json_response(shown, status, {"ETag": entity_tag(_settings(row)), **(headers or {})})


_BODY_ERRORS: Final = (400, 408, 413, 415, 422)
_ETAG: Final = {"ETag": "of what people set, for `If-Match`"}
_ONE: Final = Answer(description="The organisation", model=Organisation, headers=_ETAG)

ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/organisations",
        name="list_organisations",
        tag="organisations",
        summary="Organisations, page by page",
        handler=list_visible_organisations,
        answers={200: Answer(description="One page of organisation objects", model=ListPage)},
        errors=(400,),
        query=ListQuery,
    ),
    Route(
        method="POST",
        path="/api/v1/organisations",
        name="create_organisation",
        tag="organisations",
        summary="Make an organisation",
        handler=create_organisation,
        answers={
            201: Answer(description="Made", model=Organisation, headers={**_ETAG, "Location": "the organisation"})
        },
        errors=(*_BODY_ERRORS, 409),
        body=NewOrganisation,
    ),
    Route(
        method="GET",
        path="/api/v1/organisations/{organisation}",
        name="get_organisation",
        tag="organisations",
        summary="One organisation",
        handler=get_one_organisation,
        answers={200: _ONE},
        errors=(404,),
    ),
    Route(
        method="PATCH",
        path="/api/v1/organisations/{organisation}",
        name="edit_organisation",
        tag="organisations",
        summary="Change an organisation (JSON Merge Patch)",
        handler=edit_organisation,
        answers={200: _ONE},
        errors=(*_BODY_ERRORS, 404, 412),
        body=OrganisationEdit,
        body_media=_EDIT_MEDIA,
        headers={"If-Match": "the `ETag` that was read; without it the last change wins"},
    ),
    Route(
        method="DELETE",
        path="/api/v1/organisations/{organisation}",
        name="delete_organisation",
        tag="organisations",
        summary="Remove an organisation that has neither modems nor users",
        handler=delete_organisation,
        answers={204: no_content("Removed")},
        errors=(404, 409),
    ),
)
