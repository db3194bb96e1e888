"""What is taken as JSON and what is not."""

from typing import Any

import pytest

from irzhub.web.strict_json import BadJson, parse_json


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'{"name":"\xd0\x94\xd0\xb2\xd0\xb5\xd1\x80\xd1\x8c"}', {"name": "Дверь"}),
        (b"[1, 2.5, true, null]", [1, 2.5, True, None]),
        (b'"\\ud83d\\udea8"', "🚨"),
        (b'{"a":"[[[[[[[[[[[[[[[[[[[[[[[[[["}', {"a": "[" * 26}),
        (b'{"a":"\\"[{"}', {"a": '"[{'}),
        (b"-12345678901234567890", -12345678901234567890),
    ],
)
def test_taken(raw: bytes, value: Any) -> None:
    assert parse_json(raw) == value


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "Expecting value"),
        (b"{", "Expecting property name"),
        (b"{'a': 1}", "Expecting property name"),
        (b'{"a":1} x', "Extra data"),
        (b"\xff\xfe", "byte 0"),
        (b"\xef\xbb\xbf{}", "BOM"),
        (b'{"a":1,"a":2}', "'a' stands twice"),
        (b'{"a":{"b":1,"b":1}}', "'b' stands twice"),
        (b"NaN", "NaN"),
        (b"[-Infinity]", "-Infinity"),
        (b"1e999", "too large"),
        (b"9" * 5000, "20 digits"),
        (b"[" * 10_000, "16 levels"),
        (b'{"a":' * 17 + b"1" + b"}" * 17, "16 levels"),
        (b'"\\ud800"', "surrogate"),
        (b'{"\\udfff":1}', "surrogate"),
        (b'"a\nb"', "control character"),
    ],
)
def test_refused(raw: bytes, why: str) -> None:
    with pytest.raises(BadJson, match=why):
        parse_json(raw)
