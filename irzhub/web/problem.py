"""Every error that leaves the server is RFC 9457 `application/problem+json`: what was wrong, where, and an id."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

CONTENT_TYPE: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field of a request: `field` is its path, such as `inputs.1.debounce`."""

    field: str
    message: str


class Problem(Exception):
    """A request that cannot be served; the text is for the caller and holds no secret and no trace."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: tuple[FieldError, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})


def problem_body(problem: Problem, request_id: str) -> dict[str, Any]:
    """Return a problem as RFC 9457 members; `code` and `id` are ours, `errors` only when fields are wrong."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "id": request_id,
    }
    if problem.errors:
        body["errors"] = [{"field": each.field, "message": each.message} for each in problem.errors]
    return body


def problem_response(problem: Problem, request_id: str) -> web.Response:
    """Return the answer that tells a problem."""
    return web.Response(
        status=problem.status,
        body=json.dumps(problem_body(problem, request_id), ensure_ascii=False).encode(),
        headers={"Content-Type": CONTENT_TYPE, "X-Request-Id": request_id, **problem.headers},
    )


def from_http_exception(exception: web.HTTPException) -> Problem:
    """Return what aiohttp refuses by itself (404, 405, 413, ...) as a problem; `Allow` is kept."""
    headers = {"Allow": exception.headers["Allow"]} if "Allow" in exception.headers else {}
    phrase = HTTPStatus(exception.status).phrase
    detail = {
        404: "there is nothing at this address",
        405: f"this address takes {headers.get('Allow', 'other methods')}",
        413: "the body is larger than 1 MiB",
        417: "only Expect: 100-continue is understood",
    }.get(exception.status, phrase)
    return Problem(exception.status, phrase.lower().replace(" ", "_"), detail, headers=headers)
