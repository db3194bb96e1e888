"""`/api/v1/automations`: the rules as they run, their last runs, switching them on and off, blueprints."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from irzhub.automation.desk import AutomationDesk, BlueprintView, RuleView
from irzhub.config.tree import Problem as RuleProblem
from irzhub.config.tree import show_path
from irzhub.web.audit import note_change
from irzhub.web.context import IDENTITY, desks_of
from irzhub.web.etag import check_match, entity_tag
from irzhub.web.listing import ListPage, ListQuery, list_page
from irzhub.web.models_automations import Automation, AutomationEdit, BlueprintList, TraceList
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route
from irzhub.web.said import said_json

_EDIT_MEDIA: Final = ("application/merge-patch+json", "application/json")
_LAST: Final = ("id", "ts", "ended_at", "result", "error")


async def list_automations(request: web.Request) -> web.Response:
    """Answer all rules with how they are and how they went last."""
    query = read_query(request, ListQuery)
    return json_response(list_page((automation_json(view) for view in whole_desk(request).rules()), "id", query))


async def get_automation(request: web.Request) -> web.Response:
    """Answer one rule."""
    return _answer(_read(request))


async def edit_automation(request: web.Request) -> web.Response:
    """Switch a rule on or off, or leave that to the file again."""
    view = _read(request)
    edit = await read_body(request, AutomationEdit, _EDIT_MEDIA)
    check_match(request, _tag(view))
    if not await whole_desk(request).switch(view.id, is_enabled=edit.enabled, by=request[IDENTITY].name):
        raise _unknown()
    new = _read(request)
    note_change(request, _switch(view), _switch(new))
    return _answer(new)


async def list_traces(request: web.Request) -> web.Response:
    """Answer the last runs of a rule, the newest first."""
    traces = whole_desk(request).traces(_read(request).id)
    return json_response({"items": [trace_json(each) for each in traces], "next": None})


async def list_blueprints(request: web.Request) -> web.Response:
    """Answer the rules with open places that the configuration has."""
    found = await whole_desk(request).blueprints()
    return json_response({"items": [_blueprint_json(view) for view in found], "next": None})


async def get_rules_schema(request: web.Request) -> web.Response:
    """Answer the JSON Schema of `automations.yaml`, for editors."""
    return json_response(desks_of(request).automations.schema(), headers={"Cache-Control": "max-age=3600"})


def whole_desk(request: web.Request) -> AutomationDesk:
    """Return the automations; they belong to the hub as a whole.

    Raises:
        Problem: 403, the caller sees a part of the hub only.
    """
    if not request[IDENTITY].scope.is_whole:
        raise Problem(403, "forbidden", "automations are for who sees the whole hub")
    return desks_of(request).automations


def automation_json(view: RuleView) -> dict[str, Any]:
    """Return the automation object of REST."""
    return {
        "id": view.id,
        "name": view.name,
        "description": view.description,
        "source": view.source,
        "line": view.line,
        "mode": view.mode,
        "max": view.max,
        "enabled": view.is_enabled,
        "switched": view.is_switched,
        "triggers": list(view.triggers),
        "running": view.running,
        "counts": dict(view.counts),
        "last_run": None if view.last_run is None else _last_json(view.last_run),
    }


def _last_json(trace: Mapping[str, Any]) -> dict[str, Any]:
    return {**{name: trace.get(name) for name in _LAST}, "error_said": said_json(trace.get("error"))}


def trace_json(trace: Mapping[str, Any]) -> dict[str, Any]:
    """Return a run, with what its errors say."""
    steps = [
        {**step, "error_said": said_json(str(step["error"]))} if step.get("error") else step
        for step in trace.get("steps", ())
    ]
    return {**trace, "error_said": said_json(trace.get("error")), "steps": steps}


def problem_json(problem: RuleProblem) -> dict[str, Any]:
    """Return what somebody has to change in a text with rules."""
    return {
        "file": problem.place.source,
        "line": problem.place.line,
        "key": show_path(problem.path),
        "message": problem.text,
        "message_said": said_json(problem.text),
    }


def _read(request: web.Request) -> RuleView:
    if (view := whole_desk(request).rule(request.match_info["automation"])) is None:
        raise _unknown()
    return view


def _unknown() -> Problem:
    return Problem(404, "unknown_automation", "there is no such automation")


def _answer(view: RuleView) -> web.Response:
    return json_response(automation_json(view), headers={"ETag": _tag(view)})


def _switch(view: RuleView) -> dict[str, Any]:
    return {"enabled": view.is_enabled, "switched": view.is_switched}


def _tag(view: RuleView) -> str:
    return entity_tag({"id": view.id, **_switch(view)})


def _blueprint_json(view: BlueprintView) -> dict[str, Any]:
    return {
        "path": view.path,
        "name": view.name,
        "description": view.description,
        "inputs": {name: dict(about) for name, about in view.inputs.items()},
        "problems": [problem_json(each) for each in view.problems],
    }


_ONE: Final = Answer(
    description="The automation", model=Automation, headers={"ETag": "of whether it is on, for `If-Match`"}
)

ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/automations",
        name="list_automations",
        tag="automations",
        summary="All automations with their state and last runs",
        handler=list_automations,
        answers={200: Answer(description="A page of automations", model=ListPage)},
        errors=(400, 503),
        query=ListQuery,
    ),
    Route(
        method="GET",
        path="/api/v1/automations/{automation}",
        name="get_automation",
        tag="automations",
        summary="One automation",
        handler=get_automation,
        answers={200: _ONE},
        errors=(404, 503),
    ),
    Route(
        method="PATCH",
        path="/api/v1/automations/{automation}",
        name="edit_automation",
        tag="automations",
        summary="Switch an automation on or off (JSON Merge Patch)",
        handler=edit_automation,
        answers={200: _ONE},
        errors=(400, 404, 408, 412, 413, 415, 422, 503),
        body=AutomationEdit,
        body_media=_EDIT_MEDIA,
        headers={"If-Match": "the `ETag` that was read; without it the last change wins"},
    ),
    Route(
        method="GET",
        path="/api/v1/automations/{automation}/traces",
        name="list_automation_traces",
        tag="automations",
        summary="The last runs of an automation, step by step",
        handler=list_traces,
        answers={200: Answer(description="The runs, the newest first", model=TraceList)},
        errors=(404, 503),
    ),
    Route(
        method="GET",
        path="/api/v1/blueprints",
        name="list_blueprints",
        tag="automations",
        summary="Automations with open places, to be used with `use_blueprint`",
        handler=list_blueprints,
        answers={200: Answer(description="All blueprints", model=BlueprintList)},
        errors=(503,),
    ),
    Route(
        method="GET",
        path="/api/v1/automations_schema.json",
        name="get_automations_schema",
        tag="automations",
        summary="JSON Schema (2020-12) of `automations.yaml`, for editors",
        handler=get_rules_schema,
        answers={200: Answer(description="The schema")},
        errors=(503,),
    ),
)
