"""RFC 9457 as we write it."""

import json

from aiohttp import web

from irzhub.web.models import ProblemDetails
from irzhub.web.problem import FieldError, Problem, from_http_exception, problem_response


def test_a_problem_names_its_fields() -> None:
    problem = Problem(422, "invalid_value", "wrong name", errors=(FieldError("name", "too long"),))

    response = problem_response(problem, "00ff")

    assert isinstance(response.body, bytes)
    assert response.content_type == "application/problem+json"
    assert json.loads(response.body) == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "wrong name",
        "code": "invalid_value",
        "id": "00ff",
        "errors": [{"field": "name", "message": "too long"}],
    }
    ProblemDetails.model_validate_json(response.body)


def test_a_refusal_of_the_library_keeps_its_allow() -> None:
    problem = from_http_exception(web.HTTPMethodNotAllowed("PUT", ["GET", "PATCH"]))

    assert (problem.status, problem.code) == (405, "method_not_allowed")
    assert problem.headers == {"Allow": "GET,PATCH"}
    assert problem.detail == "this address takes GET,PATCH"


def test_a_text_of_the_library_is_not_passed_on() -> None:
    problem = from_http_exception(web.HTTPBadRequest(text="<script>"))

    assert problem.detail == "Bad Request"
