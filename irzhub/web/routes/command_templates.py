"""`/api/v1/command_templates`: the forms of text commands, for those that the vendor has not confirmed."""

from typing import Any, Final

from aiohttp import web

from irzhub.codec.errors import LocalProtocolError
from irzhub.core.clock import format_time
from irzhub.fleet.templates import CommandTemplates, TemplateView
from irzhub.web.audit import note_change
from irzhub.web.context import IDENTITY, desks_of
from irzhub.web.models_commands import Template, TemplateEdit, TemplateList
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body
from irzhub.web.route import Answer, Route

_EDIT_MEDIA: Final = ("application/merge-patch+json", "application/json")


async def list_templates(request: web.Request) -> web.Response:
    """Answer all templates."""
    return json_response({"items": [_json(view) for view in _templates(request).all()]})


async def get_template(request: web.Request) -> web.Response:
    """Answer one template."""
    return json_response(_json(_read(request)))


async def edit_template(request: web.Request) -> web.Response:
    """Change a template's text, or turn it on or off."""
    _check_whole(request)
    view, edit = _read(request), await read_body(request, TemplateEdit, _EDIT_MEDIA)
    try:
        changed = await _templates(request).change(
            view.name, request[IDENTITY].name, text=edit.text, is_enabled=edit.enabled
        )
    except LocalProtocolError as error:
        raise Problem(422, "invalid_value", str(error), errors=(FieldError("text", str(error)),)) from None
    note_change(request, _json(view), _json(changed))
    return json_response(_json(changed))


async def reset_template(request: web.Request) -> web.Response:
    """Go back to what the product brings."""
    _check_whole(request)
    view = _read(request)
    reset = await _templates(request).reset(view.name)
    note_change(request, _json(view), _json(reset))
    return json_response(_json(reset))


def _templates(request: web.Request) -> CommandTemplates:
    return desks_of(request).orders.templates


def _read(request: web.Request) -> TemplateView:
    try:
        return _templates(request).get(request.match_info["template"])
    except KeyError:
        raise Problem(404, "unknown_template", "no such template") from None


def _check_whole(request: web.Request) -> None:
    if not request[IDENTITY].scope.is_whole:
        raise Problem(403, "forbidden", "templates hold for the whole hub, which is not yours alone")


def _json(view: TemplateView) -> dict[str, Any]:
    return {
        "name": view.name,
        "text": view.text,
        "enabled": view.is_enabled,
        "default": view.default,
        "confidence": view.sureness,
        "places": list(view.places),
        "changed_by": None if view.row is None else view.row.changed_by,
        "changed_at": None if view.row is None else format_time(view.row.changed_at),
    }


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/command_templates",
        name="list_command_templates",
        tag="commands",
        summary="The forms of text commands on the wire, and how sure each is",
        handler=list_templates,
        answers={200: Answer(description="All of them", model=TemplateList)},
    ),
    Route(
        method="GET",
        path="/api/v1/command_templates/{template}",
        name="get_command_template",
        tag="commands",
        summary="The form of one text command",
        handler=get_template,
        answers={200: Answer(description="The template", model=Template)},
        errors=(404,),
    ),
    Route(
        method="PATCH",
        path="/api/v1/command_templates/{template}",
        name="edit_command_template",
        tag="commands",
        summary="Change the form of a text command, or turn it on or off (JSON Merge Patch)",
        handler=edit_template,
        answers={200: Answer(description="The template as it is now", model=Template)},
        errors=(400, 403, 404, 408, 413, 415, 422),
        body=TemplateEdit,
        body_media=_EDIT_MEDIA,
    ),
    Route(
        method="DELETE",
        path="/api/v1/command_templates/{template}",
        name="reset_command_template",
        tag="commands",
        summary="Go back to the form that the product brings",
        handler=reset_template,
        answers={200: Answer(description="The template as it is now", model=Template)},
        errors=(403, 404),
    ),
)
