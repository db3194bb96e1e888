"""`/api/v1/sites`: where modems stand, whom to call there, how to get in."""

import dataclasses
from typing import Any, Final

from aiohttp import web

from irzhub.config.validators import Zone
from irzhub.fleet.group_desk import GroupInUse
from irzhub.storage.sites import SiteRow
from irzhub.web.audit import note_change, note_object
from irzhub.web.belonging import check_references, sees_site
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.etag import check_match, entity_tag
from irzhub.web.fleet_view import visible_modems
from irzhub.web.listing import ListPage, ListQuery, list_page
from irzhub.web.models_fleet import NewSite, Site, SiteEdit
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route, no_content

_EDIT_MEDIA: Final = ("application/merge-patch+json", "application/json")
_is_zone: Final = Zone()


async def list_sites(request: web.Request) -> web.Response:
    """Answer the sites that the caller sees; the filter looks into all their texts."""
    query = read_query(request, ListQuery)
    counts = _counts(request)
    rows = [row for row in desks_of(request).groups.belongings.sites() if row.id in counts or sees_site(request, row)]
    return json_response(list_page((site_json(row, counts.get(row.id, 0)) for row in rows), "id", query))


async def get_site(request: web.Request) -> web.Response:
    """Answer one site."""
    return _answer(request, _read_site(request))


async def create_site(request: web.Request) -> web.Response:
    """Make a site."""
    wanted, desk = await read_body(request, NewSite), desks_of(request).groups
    await check_references(request, organisation=wanted.organisation, site=None)
    row = _changed(SiteRow(desk.new_site_id(), wanted.name, context_of(request).clock.now()), wanted)
    _check_owner(request, row)
    await desk.save_site(row)
    note_object(request, site=row.id)
    note_change(request, None, _settings(row))
    return _answer(request, row, 201)


async def edit_site(request: web.Request) -> web.Response:
    """Change what is known of a site."""
    row, edit = _read_site(request), await read_body(request, SiteEdit, _EDIT_MEDIA)
    check_match(request, entity_tag(_settings(row)))
    _check_owner(request, row)
    if "name" in edit.model_fields_set and not edit.name:
        raise Problem(422, "invalid_value", "expected a name", errors=(FieldError("name", "expected a name"),))
    await check_references(request, organisation=edit.organisation, site=None)
    changed = _changed(row, edit)
    _check_owner(request, changed)
    await desks_of(request).groups.save_site(changed)
    note_change(request, _settings(row), _settings(changed))
    return _answer(request, changed)


async def delete_site(request: web.Request) -> web.Response:
    """Remove a site where no modem stands."""
    row = _read_site(request)
    _check_owner(request, row)
    try:
        await desks_of(request).groups.delete_site(row.id)
    except GroupInUse as error:
        raise Problem(409, "in_use", str(error)) from None
    note_change(request, _settings(row), None)
    return web.Response(status=204)


def site_json(row: SiteRow, modems: int) -> dict[str, Any]:
    """Return the site object of REST."""
    return {"id": row.id, **_settings(row), "modems": modems}


def _settings(row: SiteRow) -> dict[str, Any]:
    values = dataclasses.asdict(row)
    del values["id"], values["created_at"]
    return {**values, "organisation": row.organisation or None, "time_zone": row.time_zone or None}


def _changed(row: SiteRow, edit: SiteEdit) -> SiteRow:
    sent: dict[str, Any] = edit.model_dump(include=edit.model_fields_set)
    empty: dict[str, Any] = {"latitude": None, "longitude": None, "phones": []}
    values: dict[str, Any] = {name: empty.get(name, "") if value is None else value for name, value in sent.items()}
    if zone := values.get("time_zone"):
        try:
            _is_zone(zone)
        except Exception as error:
            text = "expected a time zone such as Europe/Moscow"
            raise Problem(422, "invalid_value", text, errors=(FieldError("time_zone", text),)) from error
    return dataclasses.replace(row, **values)


def _read_site(request: web.Request) -> SiteRow:
    row = desks_of(request).groups.belongings.site(request.match_info["id"])
    if row is None or not sees_site(request, row):
        raise Problem(404, "unknown_site", "there is no such site")
    return row


def _check_owner(request: web.Request, row: SiteRow) -> None:
    """A site is changed by who sees its organisation; one of nobody by who sees the whole hub."""
    if not request[IDENTITY].scope.covers_organisation(row.organisation):
        raise Problem(403, "beyond_own_scope", "this site is not your organisation's")


def _counts(request: web.Request) -> dict[str, int]:
    counts: dict[str, int] = {}
    for state in visible_modems(request):
        if state.site:
            counts[state.site] = counts.get(state.site, 0) + 1
    return counts


def _answer(request: web.Request, row: SiteRow, status: int = 200) -> web.Response:
    headers = {"ETag": entity_tag(_settings(row))}
    if status == 201:
        headers["Location"] = f"/api/v1/sites/{row.id}"
    return json_response(site_json(row, _counts(request).get(row.id, 0)), status, headers)


_BODY_ERRORS: Final = (400, 408, 413, 415, 422)
_ETAG: Final = {"ETag": "of what people set, for `If-Match`"}
_ONE: Final = Answer(description="The site", model=Site, headers=_ETAG)

ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/sites",
        name="list_sites",
        tag="sites",
        summary="Sites, page by page; the filter looks into name, address, contact and notes",
        handler=list_sites,
        answers={200: Answer(description="One page of site objects", model=ListPage)},
        errors=(400,),
        query=ListQuery,
    ),
    Route(
        method="POST",
        path="/api/v1/sites",
        name="create_site",
        tag="sites",
        summary="Make a site",
        handler=create_site,
        answers={201: Answer(description="Made", model=Site, headers={**_ETAG, "Location": "the site"})},
        errors=_BODY_ERRORS,
        body=NewSite,
    ),
    Route(
        method="GET",
        path="/api/v1/sites/{id}",
        name="get_site",
        tag="sites",
        summary="One site",
        handler=get_site,
        answers={200: _ONE},
        errors=(404,),
    ),
    Route(
        method="PATCH",
        path="/api/v1/sites/{id}",
        name="edit_site",
        tag="sites",
        summary="Change a site (JSON Merge Patch)",
        handler=edit_site,
        answers={200: _ONE},
        errors=(*_BODY_ERRORS, 404, 412),
        body=SiteEdit,
        body_media=_EDIT_MEDIA,
        headers={"If-Match": "the `ETag` that was read; without it the last change wins"},
    ),
    Route(
        method="DELETE",
        path="/api/v1/sites/{id}",
        name="delete_site",
        tag="sites",
        summary="Remove a site where no modem stands",
        handler=delete_site,
        answers={204: no_content("Removed")},
        errors=(404, 409),
    ),
)
