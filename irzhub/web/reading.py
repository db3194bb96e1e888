"""From a request to checked values: path, query and JSON body; each refusal names the field."""

import asyncio
import json
from typing import Any, Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from irzhub.web.context import context_of
from irzhub.web.problem import FieldError, Problem
from irzhub.web.strict_json import BadJson, parse_json

_M = TypeVar("_M", bound=BaseModel)

BODY: Final = web.RequestKey("body", bytes)
JSON_LIMIT: Final = 65536
"""Bytes of a JSON body; little that this interface takes comes near."""


def read_query(request: web.Request, model: type[_M]) -> _M:
    """Return the query as `model`.

    Raises:
        Problem: 400, a parameter is unknown, stands twice or has a wrong value.
    """
    values: dict[str, str] = {}
    for name, value in request.query.items():
        if name in values:
            raise _refuse_query((FieldError(name, "given twice"),))
        values[name] = value
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise _refuse_query(field_errors(error)) from None


async def read_body(
    request: web.Request, model: type[_M], media: tuple[str, ...] = ("application/json",), limit: int = JSON_LIMIT
) -> _M:
    """Return the JSON body, of `limit` bytes at the most, as `model`.

    Raises:
        Problem: 415 another media type, 413 too long, 408 too slow, 400 no JSON, 422 a wrong value.
    """
    _check_media(request, media)
    raw = await read_whole(request, limit)
    try:
        value = parse_json(raw)
    except BadJson as error:
        raise Problem(400, "bad_json", f"the body is not JSON: {error}") from None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        errors = field_errors(error)
        raise Problem(422, "invalid_value", _in_words("the body", errors), errors=errors) from None


def json_response(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return `value` as a JSON answer in UTF-8, names in the order given."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return web.Response(status=status, body=body, headers={"Content-Type": "application/json", **(headers or {})})


def field_errors(error: ValidationError) -> tuple[FieldError, ...]:
    """Return what pydantic found, at most 20, without the values that came: they may be long or secret."""
    return tuple(
        FieldError(".".join(str(part) for part in each["loc"]) or "body", each["msg"].removeprefix("Value error, "))
        for each in error.errors(include_url=False, include_input=False, include_context=False)[:20]
    )


def _check_media(request: web.Request, media: tuple[str, ...]) -> None:
    if request.content_type not in media or (request.charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise Problem(415, "unsupported_media_type", f"expected a body of type {' or '.join(media)} in UTF-8")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem(415, "unsupported_encoding", "expected a body without Content-Encoding")


async def read_whole(request: web.Request, limit: int = JSON_LIMIT) -> bytes:
    """Return the whole body, of `limit` bytes at the most; it can be read again.

    Raises:
        Problem: 413 too long, 408 too slow, 400 it broke off.
    """
    if BODY not in request:
        request[BODY] = await _read_once(request, limit)
    return request[BODY]


async def _read_once(request: web.Request, limit: int) -> bytes:
    if (request.content_length or 0) > limit:
        raise _too_long(limit)
    body_s = context_of(request).limits.body_s
    raw = bytearray()
    try:
        async with asyncio.timeout(body_s):
            async for chunk in request.content.iter_any():
                raw += chunk
                if len(raw) > limit:
                    raise _too_long(limit)
    except TimeoutError:
        raise Problem(
            408, "body_too_slow", f"the body was not whole within {body_s:g} s", headers={"Connection": "close"}
        ) from None
    except (ConnectionError, web.RequestPayloadError):
        # The peer left, or its chunks are broken; the answer is for the latter only.
        raise Problem(400, "bad_body", "the body broke off", headers={"Connection": "close"}) from None
    return bytes(raw)


def _too_long(limit: int) -> Problem:
    return Problem(413, "too_long", f"expected a JSON body of at most {limit} bytes", headers={"Connection": "close"})


def _refuse_query(errors: tuple[FieldError, ...]) -> Problem:
    return Problem(400, "invalid_query", _in_words("the query", errors), errors=errors)


def _in_words(where: str, errors: tuple[FieldError, ...]) -> str:
    first = errors[0]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{where} has a wrong {first.field}: {first.message}{more}"
