"""The OpenAPI document: complete both ways, and true about what the server answers."""

import json
import re
from typing import Any

from syrupy.assertion import SnapshotAssertion

from irzhub.web.openapi import document, document_text
from irzhub.web.permissions import ROUTES, Right
from irzhub.web.routes import ALL_ROUTES
from tests.web.conftest import Hub

BY_KEY = {(route.method, route.path): route for route in ALL_ROUTES}


def operations(described: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {value["$ref"]} if "$ref" in value else set().union(*map(references, value.values()))
    return set().union(*map(references, value)) if isinstance(value, list) else set()


def test_each_route_is_described_and_nothing_else() -> None:
    assert set(operations(document())) == set(ROUTES)


def test_the_operations_are_what_they_were(snapshot: SnapshotAssertion) -> None:
    found = {
        f"{method} {path}": {
            "id": operation["operationId"],
            "parameters": [f"{each['in']} {each['name']}" for each in operation["parameters"]],
            "responses": sorted(operation["responses"]),
        }
        for (method, path), operation in operations(document()).items()
    }

    assert found == snapshot


def test_every_reference_leads_somewhere_and_every_schema_is_used() -> None:
    described = document()
    schemas = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}

    assert references(described) == schemas


def test_the_document_is_of_openapi_3_1() -> None:
    described = document()

    assert described["openapi"] == "3.1.0"
    assert described["info"].keys() >= {"title", "version"}
    for (method, path), operation in operations(described).items():
        named = set(re.findall(r"\{(\w+)\}", path))
        in_path = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
        assert named == in_path, path
        assert operation["responses"], path
        assert all(each["description"] for each in operation["responses"].values()), path
        route = BY_KEY[method, path]
        assert ("requestBody" in operation) == (route.body is not None or bool(route.bytes_media)), path


def test_who_may_call_is_said_where_a_token_is_needed() -> None:
    for key, operation in operations(document()).items():
        is_open = ROUTES[key] is Right.OPEN
        is_open_here = ROUTES[key] is Right.METRICS
        anybody: list[dict[str, list[str]]] = [{"token": []}, {"session": []}]
        assert operation["security"] == ([] if is_open else [*anybody, {}] if is_open_here else anybody)
        assert is_open or "401" in operation["responses"]


def test_query_parameters_carry_their_limits() -> None:
    parameters = operations(document())["GET", "/api/v1/modems"]["parameters"]
    limit, cursor = (next(each for each in parameters if each["name"] == name) for name in ("limit", "cursor"))

    assert limit["schema"] == {"default": 100, "maximum": 1000, "minimum": 1, "type": "integer"}
    assert cursor["schema"] == {"maxLength": 1000, "type": "string"}


async def test_the_server_gives_the_document_to_everyone(hub: Hub) -> None:
    reply = await hub.get("/api/v1/openapi.json", token=None)

    assert reply.json() == document() == json.loads(document_text())
