"""Turns the table of routes, and the models that check the requests, into an OpenAPI 3.1 document."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from irzhub.const import VERSION
from irzhub.web.cookies import PLAIN_NAME, SECURE_NAME
from irzhub.web.models import ProblemDetails
from irzhub.web.permissions import ROLES, ROUTES, Right
from irzhub.web.problem import CONTENT_TYPE
from irzhub.web.route import Answer, Route

_REFERENCE: Final = "#/components/schemas/{model}"
_PROBLEMS: Final = {
    400: "The query or the body cannot be read",
    401: "No token and no session, or none that is good",
    403: "The caller may not do this",
    404: "No such thing",
    408: "The body came too slowly",
    409: "It does not go with what is there",
    412: "Somebody changed it meanwhile",
    413: "The body is too long",
    415: "Another media type was expected",
    426: "A WebSocket was expected",
    416: "That part is not in the file",
    422: "A field has a wrong value; `errors` names it",
    429: "Too many bad tokens or passwords; `Retry-After` says when to come again",
    503: "This part of the hub does not run now",
}
_ANYBODY: Final[list[dict[str, list[str]]]] = [{"token": []}, {"session": []}]
_SECURITY: Final[dict[Right, list[dict[str, list[str]]]]] = {Right.OPEN: [], Right.METRICS: [*_ANYBODY, {}]}
"""What differs from a token being due; an empty requirement beside it means that it may be left out."""
_PATH_PARAMETERS: Final[dict[str, dict[str, Any]]] = {
    "modem": {"type": "string", "pattern": "^([0-9]{14,17}(_[2-5])?|[0-9A-Za-z-]{1,32})$", "description": "modem id"},
    "user": {"type": "string", "pattern": "^[a-z0-9][a-z0-9._@-]{0,63}$", "description": "name of the user"},
    "organisation": {"type": "string", "pattern": "^[0-9a-z][0-9a-z_-]{0,63}$", "description": "id"},
    "group": {"type": "string", "maxLength": 200, "minLength": 1, "description": "path, `/` written as %2F"},
    "automation": {"type": "string", "maxLength": 100, "minLength": 1, "description": "id, `/` written as %2F"},
    "webhook": {"type": "string", "pattern": "^[0-9A-Za-z_-]{16,64}$", "description": "as the automations name it"},
    "template": {"type": "string", "pattern": "^[a-z_0-9]{1,40}$", "description": "name of the template"},
    "backup": {"type": "string", "pattern": r"^irzhub-[0-9]{8}-[0-9]{6}\.zip$", "description": "name of the file"},
    "id": {"type": "string", "pattern": "^[0-9A-Z]{26}$", "description": "as the answer that made it said"},
}
"""What is not here is an id."""


def describe(routes: tuple[Route, ...]) -> dict[str, Any]:
    """Return the OpenAPI document of `routes`."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "irzhub",
            "version": VERSION,
            "description": "Modems at meters: their state, settings, commands and events. "
            "Times are RFC 3339 in UTC. Unknown is null, never 0.",
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(route.tag for route in routes)],
        "security": _ANYBODY,
        "paths": paths,
        "components": {
            "schemas": _schemas(routes),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "made by `POST /api/v1/tokens` or `irzhub token add NAME --role ROLE`",
                },
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": SECURE_NAME,
                    "description": "given by `POST /api/v1/session`; changes carry `X-CSRF-Token` too. "
                    f"Without TLS the cookie is called `{PLAIN_NAME}`.",
                },
            },
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    right = ROUTES[route.method, route.path]
    operation: dict[str, Any] = {
        "operationId": route.name,
        "tags": [route.tag],
        "summary": route.summary,
        "description": _who(right, route.field_rights),
        "security": _SECURITY.get(right, _ANYBODY),
        "parameters": [*_path_parameters(route), *_query_parameters(route), *_header_parameters(route)],
        "responses": _responses(route, right),
    }
    if route.body is not None:
        schema = {"$ref": _REFERENCE.format(model=route.body.__name__)}
        operation["requestBody"] = {
            "required": True,
            "content": {media: {"schema": schema} for media in route.body_media},
        }
    elif route.bytes_media:
        operation["requestBody"] = {"required": True, "content": {route.bytes_media: {"schema": {}}}}
    return operation


def _who(right: Right, field_rights: Mapping[str, Right]) -> str:
    if right is Right.OPEN:
        return "Open to everyone."
    told = f"Roles: {_roles(right)}. Right: `{right.value}`."
    fields: dict[Right, list[str]] = {}
    for name, asked in field_rights.items():
        fields.setdefault(asked, []).append(f"`{name}`")
    more = (f"{', '.join(names)}: {_roles(asked)}, `{asked.value}`" for asked, names in fields.items())
    return " ".join((told, f"Fields ask for more. {'; '.join(more)}.")) if fields else told


def _roles(right: Right) -> str:
    return ", ".join(role for role, rights in ROLES.items() if right in rights)


def _responses(route: Route, right: Right) -> dict[str, Any]:
    statuses = set(route.errors)
    if right is not Right.OPEN:
        statuses |= {401, 403, 429}
    problem = {CONTENT_TYPE: {"schema": {"$ref": _REFERENCE.format(model="ProblemDetails")}}}
    found: dict[str, Any] = {str(status): _response(answer) for status, answer in route.answers.items()}
    for status in sorted(statuses - set(route.answers)):
        found[str(status)] = {"description": _PROBLEMS[status], "content": problem}
    return found


def _response(answer: Answer) -> dict[str, Any]:
    plain = {"type": "object"} if answer.media == "application/json" else {"type": "string"}
    schema = plain if answer.model is None else {"$ref": _REFERENCE.format(model=answer.model.__name__)}
    response: dict[str, Any] = {"description": answer.description}
    if answer.media:
        response["content"] = {answer.media: {"schema": schema}}
    if answer.text_too:
        response["content"]["text/plain"] = {"schema": {"type": "string"}}
    for media in answer.also:
        response["content"][media] = {"schema": {"type": "string", "format": "binary"}}
    if answer.headers:
        response["headers"] = {
            name: {"description": meaning, "schema": {"type": "string"}} for name, meaning in answer.headers.items()
        }
    return response


def _path_parameters(route: Route) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"\{(\w+)\}", route.path):
        schema = dict(_PATH_PARAMETERS.get(name, _PATH_PARAMETERS["id"]))
        description = schema.pop("description")
        yield {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def _query_parameters(route: Route) -> Iterator[dict[str, Any]]:
    if route.query is None:
        return
    for name, schema in route.query.model_json_schema()["properties"].items():
        plain = _without_null(schema)
        description = plain.pop("description", None)
        plain.pop("title", None)
        parameter = {"name": name, "in": "query", "required": False, "schema": plain}
        yield parameter if description is None else {**parameter, "description": description}


def _header_parameters(route: Route) -> Iterator[dict[str, Any]]:
    for name, meaning in route.headers.items():
        yield {"name": name, "in": "header", "required": False, "description": meaning, "schema": {"type": "string"}}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    # A query parameter that is not given is left out; it is never null.
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if not kinds:
        return dict(schema)
    rest = {name: value for name, value in schema.items() if name != "anyOf" and (name, value) != ("default", None)}
    return {**kinds[0], **rest} if len(kinds) == 1 else {"anyOf": kinds, **rest}


def _schemas(routes: tuple[Route, ...]) -> dict[str, Any]:
    models: dict[type[BaseModel], None] = {ProblemDetails: None}
    for route in routes:
        for model in (route.body, *(answer.model for answer in route.answers.values())):
            if model is not None:
                models[model] = None
    _, schema = models_json_schema([(model, "validation") for model in models], ref_template=_REFERENCE)
    found: dict[str, Any] = schema["$defs"]
    return dict(sorted(found.items()))
