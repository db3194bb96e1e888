"""Security headers on every answer, whatever it is."""

import re

import pytest
from multidict import CIMultiDict

from irzhub.web.headers import add_security_headers
from irzhub.web.routes import ALL_ROUTES
from tests.web.conftest import Hub


async def test_every_route_and_every_error_carries_them(hub: Hub) -> None:
    paths = [re.sub(r"\{\w+\}", "x", route.path) for route in ALL_ROUTES] + ["/nowhere", "/api/v1/modems?x=1"]
    for path in paths:
        for token in ("admin", None):
            headers = (await hub.get(path, token)).headers
            assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';"), path
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "same-origin"
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert headers["Cache-Control"] == "no-store"
            assert headers["Server"] == "irzhub"
            assert len(headers["X-Request-Id"]) == 16
            assert "Set-Cookie" not in headers


@pytest.mark.parametrize(("is_secure", "expected"), [(True, "max-age=31536000"), (False, None)])
def test_strict_transport_is_for_tls(is_secure: bool, expected: str | None) -> None:
    headers: CIMultiDict[str] = CIMultiDict()

    add_security_headers(headers, is_secure=is_secure)

    assert headers.get("Strict-Transport-Security") == expected


def test_a_cache_rule_of_a_handler_stays() -> None:
    headers: CIMultiDict[str] = CIMultiDict({"Cache-Control": "max-age=60"})

    add_security_headers(headers, is_secure=False)

    assert headers["Cache-Control"] == "max-age=60"
