"""`/api/v1/groups`: the tree of groups, what their modems inherit, and the setting up until they are accepted."""

import dataclasses
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web

from irzhub.core.groups import is_within, normal_path, parent_of
from irzhub.fleet.group_desk import GroupInUse, GroupTaken, GroupView
from irzhub.storage.groups import GroupRow
from irzhub.web.audit import note_change, note_object
from irzhub.web.belonging import check_whole_group, merged_relay, sees_group
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.etag import check_match, entity_tag
from irzhub.web.fleet_view import visible_modems
from irzhub.web.models_fleet import Accepted, Group, GroupEdit, GroupPage, GroupQuery, NewGroup
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route, no_content

_EDIT_MEDIA: Final = ("application/merge-patch+json", "application/json")


async def list_groups(request: web.Request) -> web.Response:
    """Answer the groups that the caller sees, in the order of the tree."""
    query = read_query(request, GroupQuery)
    words = (query.filter or "").casefold().split()
    below = _normal(query.below or "")
    found = [
        _json(view)
        for view in _tree(request)
        if (not below or is_within(view.path, below)) and all(word in view.path.casefold() for word in words)
    ]
    behind = [each for each in found if query.cursor is None or _order(each["path"]) > _order(query.cursor)]
    page = behind[: query.limit]
    following = page[-1]["path"] if len(behind) > len(page) else None
    return json_response({"items": page, "next": following, "total": len(found)})


async def get_group(request: web.Request) -> web.Response:
    """Answer one group."""
    return _answer(request, _read_group(request).path)


async def create_group(request: web.Request) -> web.Response:
    """Make a group, with or without settings for its modems."""
    wanted, context = await read_body(request, NewGroup), context_of(request)
    note_object(request, group=wanted.path)
    check_whole_group(request, wanted.path)
    row = GroupRow(wanted.path, context.clock.now(), wanted.comment, merged_relay({}, wanted.relay))
    try:
        await desks_of(request).groups.create(row)
    except GroupTaken as error:
        raise Problem(409, "exists", str(error)) from None
    note_change(request, None, _settings(row))
    return _answer(request, row.path, 201)


async def edit_group(request: web.Request) -> web.Response:
    """Rename or move a group, or change what is known of it."""
    row = _read_group(request)
    edit = await read_body(request, GroupEdit, _EDIT_MEDIA)
    sent, desk, who = edit.model_fields_set, desks_of(request).groups, request[IDENTITY].name
    check_match(request, entity_tag(_settings(row)))
    check_whole_group(request, row.path)
    changed = dataclasses.replace(
        row,
        comment=(edit.comment or "") if "comment" in sent else row.comment,
        relay=merged_relay(row.relay, edit.relay) if "relay" in sent else row.relay,
    )
    if changed != row:
        await desk.change(changed)
    if edit.commissioning:
        await desk.commission(row.path, who)
    path = edit.path or row.path
    if path != row.path:
        check_whole_group(request, path)
        await _move(request, row.path, path)
    after = desk.group(path) or changed
    note_change(request, _settings(row), _settings(after))
    return _answer(request, path)


async def accept_group(request: web.Request) -> web.Response:
    """End the setting up of a group and of all below it: from now on people are told."""
    row = _read_group(request)
    check_whole_group(request, row.path)
    groups = await desks_of(request).groups.accept(row.path, request[IDENTITY].name)
    return json_response({"groups": groups})


async def delete_group(request: web.Request) -> web.Response:
    """Remove a group without modems, with those below it."""
    row = _read_group(request)
    check_whole_group(request, row.path)
    try:
        await desks_of(request).groups.delete(row.path)
    except GroupInUse as error:
        raise Problem(409, "in_use", str(error)) from None
    note_change(request, _settings(row), None)
    return web.Response(status=204)


async def _move(request: web.Request, old: str, new: str) -> None:
    try:
        await desks_of(request).groups.move(old, new)
    except GroupTaken as error:
        raise Problem(409, "exists", str(error)) from None
    except ValueError as error:
        errors = (FieldError("path", str(error)),)
        raise Problem(422, "invalid_value", f"the body has a wrong path: {error}", errors=errors) from None


def _tree(request: web.Request) -> list[GroupView]:
    views = desks_of(request).groups.tree(visible_modems(request))
    scope = request[IDENTITY].scope
    if scope.is_whole:
        return views
    # An empty group shows to those whose groups they are; a full one to those who see a modem in it.
    return [each for each in views if each.modems or (scope.organisations is None and scope.covers_group(each.path))]


def _read_group(request: web.Request) -> GroupRow:
    path = _normal(request.match_info["group"])
    row = desks_of(request).groups.group(path)
    if row is None or not sees_group(request, path):
        raise Problem(404, "unknown_group", "there is no such group")
    return row


def _normal(text: str) -> str:
    try:
        return normal_path(text)
    except ValueError:
        raise Problem(404, "unknown_group", "there is no such group") from None


def _order(path: str) -> list[str]:
    return path.casefold().split("/")


def _settings(row: GroupRow) -> dict[str, Any]:
    return {"path": row.path, "comment": row.comment, "relay": row.relay, "commissioning": row.is_commissioning}


def _json(view: GroupView) -> dict[str, Any]:
    return {
        "path": view.path,
        "name": view.path.rpartition("/")[2],
        "parent": parent_of(view.path) or None,
        "comment": view.row.comment,
        "relay": view.row.relay,
        "commissioning": view.row.is_commissioning,
        "commissioning_inherited": view.is_commissioning,
        "modems": view.modems,
        "modems_here": view.modems_here,
        "states": dict(view.states),
    }


def _answer(request: web.Request, path: str, status: int = 200) -> web.Response:
    desk = desks_of(request).groups
    inside = (state for state in visible_modems(request) if is_within(state.group, path))
    view = next((each for each in desk.tree(inside) if each.path == path), None)
    if view is None:
        raise Problem(404, "unknown_group", "there is no such group")
    headers = {"ETag": entity_tag(_settings(view.row))}
    if status == 201:
        headers["Location"] = f"/api/v1/groups/{quote(path, safe='')}"
    return json_response(_json(view), status, headers)


_BODY_ERRORS: Final = (400, 408, 413, 415, 422)
_ETAG: Final = {"ETag": "of what people set, for `If-Match`"}
_ONE: Final = Answer(description="The group", model=Group, headers=_ETAG)
_PATH: Final = "/api/v1/groups/{group}"

ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/groups",
        name="list_groups",
        tag="groups",
        summary="The tree of groups with counts of their modems by state",
        handler=list_groups,
        answers={200: Answer(description="One page", model=GroupPage)},
        errors=(400, 404),
        query=GroupQuery,
    ),
    Route(
        method="POST",
        path="/api/v1/groups",
        name="create_group",
        tag="groups",
        summary="Make a group; one that only modems name exists already",
        handler=create_group,
        answers={201: Answer(description="Made", model=Group, headers={**_ETAG, "Location": "the group"})},
        errors=(*_BODY_ERRORS, 409),
        body=NewGroup,
    ),
    Route(
        method="GET",
        path=_PATH,
        name="get_group",
        tag="groups",
        summary="One group; `/` within its path is written %2F",
        handler=get_group,
        answers={200: _ONE},
        errors=(404,),
    ),
    Route(
        method="PATCH",
        path=_PATH,
        name="edit_group",
        tag="groups",
        summary="Rename or move a group with all its modems, or change its settings (JSON Merge Patch)",
        handler=edit_group,
        answers={200: _ONE},
        errors=(*_BODY_ERRORS, 404, 409, 412),
        body=GroupEdit,
        body_media=_EDIT_MEDIA,
        headers={"If-Match": "the `ETag` that was read; without it the last change wins"},
    ),
    Route(
        method="POST",
        path=f"{_PATH}/accept",
        name="accept_group",
        tag="groups",
        summary="Accept a group that was being set up, with all below it",
        handler=accept_group,
        answers={200: Answer(description="Where the setting up ended", model=Accepted)},
        errors=(404,),
    ),
    Route(
        method="DELETE",
        path=_PATH,
        name="delete_group",
        tag="groups",
        summary="Remove a group that has no modems, with those below it",
        handler=delete_group,
        answers={204: no_content("Removed")},
        errors=(404, 409),
    ),
)
