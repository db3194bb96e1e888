"""How a route becomes an operation."""

from typing import Any

from irzhub.web.openapi_schema import describe
from irzhub.web.routes import ALL_ROUTES


def operation(name: str) -> dict[str, Any]:
    route = next(each for each in ALL_ROUTES if each.name == name)
    described: dict[str, Any] = describe((route,))["paths"][route.path][route.method.lower()]
    return described


def test_an_edit_tells_body_match_and_refusals() -> None:
    edit = operation("edit_modem")

    assert edit["description"] == (
        "Roles: viewer, operator, engineer, admin, auditor. Right: `modems.read`. Fields ask for more. "
        "`name`, `comment`, `site`, `phone_sim1`, `phone_sim2`: engineer, admin, `modems.description`; "
        "`group`, `organisation`, `relay`: engineer, admin, `groups.edit`; "
        "`inputs`, `outputs`: engineer, admin, `modems.settings`."
    )
    assert list(edit["requestBody"]["content"]) == ["application/merge-patch+json", "application/json"]
    assert [each["name"] for each in edit["parameters"]] == ["modem", "If-Match"]
    assert edit["responses"]["200"]["headers"].keys() == {"ETag"}
    assert edit["responses"]["412"]["content"].keys() == {"application/problem+json"}


def test_what_is_no_json_is_a_text() -> None:
    assert operation("get_metrics")["responses"]["200"]["content"] == {"text/plain": {"schema": {"type": "string"}}}


def test_an_answer_that_is_good_and_bad_keeps_its_own_model() -> None:
    assert operation("get_readyz")["responses"]["503"]["content"] == {
        "application/json": {"schema": {"$ref": "#/components/schemas/Readiness"}}
    }
