"""`/api/v1/settings_templates`: settings with placeholders, kept to be sent again and again."""

from typing import Any, Final

from aiohttp import web

from irzhub.codec.irz.settings.files import build_file
from irzhub.codec.irz.settings.lines import SettingLine, parse_line
from irzhub.codec.irz.settings.template import placeholders, render, secret_names
from irzhub.core.clock import format_time
from irzhub.fleet.settings_templates import SettingsRefused, SettingsTemplates, own_values
from irzhub.storage.settings_templates import SettingsTemplateRow
from irzhub.web.audit import note_change, note_object
from irzhub.web.belonging import check_references, sees_template
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.etag import check_match, entity_tag
from irzhub.web.fleet_view import is_visible
from irzhub.web.job_view import person_of
from irzhub.web.listing import ListPage, ListQuery, list_page
from irzhub.web.merge import merge_patch
from irzhub.web.models_settings import (
    NewSettingsTemplate,
    Preview,
    PreviewBody,
    SettingsTemplate,
    SettingsTemplateEdit,
)
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route, no_content
from irzhub.web.routes.settings import refuse_settings

_EDIT_MEDIA: Final = ("application/merge-patch+json", "application/json")


async def list_templates(request: web.Request) -> web.Response:
    """Answer the templates that the caller sees."""
    query = read_query(request, ListQuery)
    rows = (row for row in _desk(request).all() if sees_template(request, row))
    return json_response(list_page((template_json(row) for row in rows), "id", query))


async def get_template(request: web.Request) -> web.Response:
    """Answer one template."""
    return _answer(_read(request))


async def create_template(request: web.Request) -> web.Response:
    """Make a template."""
    wanted = await read_body(request, NewSettingsTemplate)
    values: dict[str, Any] = wanted.model_dump(exclude_none=True)
    await _check_owner(request, values.get("organisation", ""))
    try:
        row = await _desk(request).create(person_of(request[IDENTITY]), **values)
    except SettingsRefused as error:
        raise refuse_settings(error) from None
    note_object(request, settings_template=row.id)
    note_change(request, None, _settings(row))
    return _answer(row, 201)


async def edit_template(request: web.Request) -> web.Response:
    """Change a template (RFC 7396)."""
    row, edit = _read(request), await read_body(request, SettingsTemplateEdit, _EDIT_MEDIA)
    check_match(request, entity_tag(_settings(row)))
    await _check_owner(request, row.organisation)
    sent: dict[str, Any] = edit.model_dump(include=edit.model_fields_set)
    for name in ("name", "lines"):
        if name in sent and sent[name] is None:
            raise Problem(422, "invalid_value", f"expected a {name}", errors=(FieldError(name, f"expected a {name}"),))
    if "organisation" in sent:
        await _check_owner(request, sent["organisation"] or "")
    changes: dict[str, Any] = {}
    for name, value in sent.items():
        if name in ("defaults", "modem_values"):
            changes[name] = {} if value is None else merge_patch(getattr(row, name), value)
        else:
            changes[name] = (False if name == "may_be_unknown" else "") if value is None else value
    try:
        changed = await _desk(request).edit(row.id, person_of(request[IDENTITY]), **changes)
    except SettingsRefused as error:
        raise refuse_settings(error) from None
    note_change(request, _settings(row), _settings(changed))
    return _answer(changed)


async def delete_template(request: web.Request) -> web.Response:
    """Remove a template."""
    row = _read(request)
    await _check_owner(request, row.organisation)
    await _desk(request).delete(row.id)
    note_change(request, _settings(row), None)
    return web.Response(status=204)


async def preview_template(request: web.Request) -> web.Response:
    """Answer what a template would be for one modem, judged by the catalogue; secrets stay placeholders."""
    row, wanted = _read(request), await read_body(request, PreviewBody)
    states = context_of(request).states
    if wanted.modem not in states or not is_visible(request, wanted.modem):
        raise Problem(422, "invalid_value", "no such modem is known here", errors=(FieldError("modem", "unknown"),))
    try:
        order = _desk(request).order(wanted.modem, template=row.id, values=wanted.values)
    except SettingsRefused as error:
        raise refuse_settings(error) from None
    state = states.get(wanted.modem)
    hidden = order.secret_names
    lines = [line for line in order.lines if not hidden & set(line.placeholders)]
    values = {**order.values, **own_values(state)}
    done = render(lines, values, model=state.model, may_be_unknown=order.may_be_unknown)
    texts = iter(line.text for line in done.lines)
    shown = [line.text if hidden & set(line.placeholders) else next(texts) for line in order.lines]
    places = [number for number, line in enumerate(order.lines, 1) if not hidden & set(line.placeholders)]
    errors = [{"line": places[position], "message": message} for position, message in done.errors]
    return json_response({"modem": wanted.modem, "lines": shown, "errors": errors, "dangerous": order.is_dangerous})


async def export_template(request: web.Request) -> web.Response:
    """Answer a template as a file of AT commands."""
    row = _read(request)
    text = build_file(_stored(row), row.name)
    headers = {"Content-Disposition": f'attachment; filename="{row.id}.txt"'}
    return web.Response(text=text, content_type="text/plain", charset="utf-8", headers=headers)


def template_json(row: SettingsTemplateRow) -> dict[str, Any]:
    """Return the template object of REST."""
    lines = _stored(row)
    return {
        "id": row.id,
        **_settings(row),
        "placeholders": list(placeholders(lines)),
        "secrets": sorted(secret_names(lines)),
        "dangerous": any(line.is_dangerous for line in lines),
        "created_at": format_time(row.created_at),
        "updated_at": format_time(row.updated_at),
        "updated_by": row.updated_by,
    }


def _settings(row: SettingsTemplateRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "organisation": row.organisation or None,
        "model": row.model or None,
        "comment": row.comment,
        "lines": row.lines,
        "defaults": row.defaults,
        "modem_values": row.modem_values,
        "may_be_unknown": row.may_be_unknown,
    }


def _stored(row: SettingsTemplateRow) -> tuple[SettingLine, ...]:
    return tuple(parse_line(text) for text in row.lines)


def _read(request: web.Request) -> SettingsTemplateRow:
    row = _desk(request).get(request.match_info["id"])
    if row is None or not sees_template(request, row):
        raise Problem(404, "unknown_settings_template", "there is no such template")
    return row


async def _check_owner(request: web.Request, organisation: str) -> None:
    """A template is changed by who sees its organisation; one of nobody by who sees the whole hub."""
    if organisation:
        await check_references(request, organisation=organisation, site=None)
    elif not request[IDENTITY].scope.is_whole:
        raise Problem(403, "beyond_own_scope", "a template for all is made by who sees the whole hub")


def _desk(request: web.Request) -> SettingsTemplates:
    return desks_of(request).uploads.templates


def _answer(row: SettingsTemplateRow, status: int = 200) -> web.Response:
    headers = {"ETag": entity_tag(_settings(row))}
    if status == 201:
        headers["Location"] = f"/api/v1/settings_templates/{row.id}"
    return json_response(template_json(row), status, headers)


_BODY_ERRORS: Final = (400, 408, 413, 415, 422)
_ETAG: Final = {"ETag": "of what people set, for `If-Match`"}
_ONE: Final = Answer(description="The template", model=SettingsTemplate, headers=_ETAG)
_PATH: Final = "/api/v1/settings_templates"

ROUTES: Final = (
    Route(
        method="GET",
        path=_PATH,
        name="list_settings_templates",
        tag="settings",
        summary="Templates of settings",
        handler=list_templates,
        answers={200: Answer(description="One page of templates", model=ListPage)},
        errors=(400,),
        query=ListQuery,
    ),
    Route(
        method="POST",
        path=_PATH,
        name="create_settings_template",
        tag="settings",
        summary="Make a template of settings",
        handler=create_template,
        answers={
            201: Answer(description="Made", model=SettingsTemplate, headers={**_ETAG, "Location": "the template"})
        },
        errors=_BODY_ERRORS,
        body=NewSettingsTemplate,
    ),
    Route(
        method="GET",
        path=_PATH + "/{id}",
        name="get_settings_template",
        tag="settings",
        summary="One template of settings",
        handler=get_template,
        answers={200: _ONE},
        errors=(404,),
    ),
    Route(
        method="PATCH",
        path=_PATH + "/{id}",
        name="edit_settings_template",
        tag="settings",
        summary="Change a template of settings (JSON Merge Patch)",
        handler=edit_template,
        answers={200: _ONE},
        errors=(*_BODY_ERRORS, 404, 412),
        body=SettingsTemplateEdit,
        body_media=_EDIT_MEDIA,
        headers={"If-Match": "the `ETag` that was read; without it the last change wins"},
    ),
    Route(
        method="DELETE",
        path=_PATH + "/{id}",
        name="delete_settings_template",
        tag="settings",
        summary="Remove a template of settings",
        handler=delete_template,
        answers={204: no_content("Removed")},
        errors=(404,),
    ),
    Route(
        method="POST",
        path=_PATH + "/{id}/preview",
        name="preview_settings_template",
        tag="settings",
        summary="What a template would be for one modem",
        handler=preview_template,
        answers={200: Answer(description="The lines", model=Preview)},
        errors=(*_BODY_ERRORS, 404),
        body=PreviewBody,
    ),
    Route(
        method="GET",
        path=_PATH + "/{id}/file",
        name="export_settings_template",
        tag="settings",
        summary="A template as a file of AT commands",
        handler=export_template,
        answers={200: Answer(description="The file", media="text/plain")},
        errors=(404,),
    ),
)
