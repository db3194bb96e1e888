"""Tests of the whole part with hostile requests, byte for byte: each is refused in our own words, nothing breaks."""

import asyncio
import contextlib
import json

import pytest

from irzhub.core.services import MODEM_COMMAND, CommandOutcome, ModemCommand
from irzhub.web.connection import HttpLimits
from tests.web.conftest import IMEI, TOKENS, Hub

AUTH = f"Authorization: Bearer {TOKENS['admin']}\r\n"
MODEM = f"/api/v1/modems/{IMEI}"


@pytest.fixture
def limits() -> HttpLimits:
    return HttpLimits(head_s=1.0, idle_s=1.0, body_s=0.5)


def request(method: str, path: str, headers: str = "", body: bytes = b"", auth: str = AUTH) -> bytes:
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{auth}{headers}{length}\r\n".encode("latin-1") + body


def patch(body: bytes, media: str = "application/json", headers: str = "") -> bytes:
    return request("PATCH", MODEM, f"Content-Type: {media}\r\n{headers}", body)


def post(body: bytes, media: str = "application/json", headers: str = "") -> bytes:
    return request("POST", f"{MODEM}/commands", f"Content-Type: {media}\r\n{headers}", body)


CHUNKED = "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
MULTIPART = (
    b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(1000)) + b"--x--\r\n"
)

CASES: dict[str, dict[str, tuple[bytes, set[int]]]] = {
    "JSON": {
        "deep JSON": (patch(b"[" * 10_000), {400}),
        "deep objects": (patch(b'{"a":' * 5_000), {400}),
        "NaN": (post(b'{"command":"signal","expires_in":NaN}'), {400}),
        "infinity": (post(b'{"command":"signal","expires_in":1e999}'), {400}),
        "duplicate keys": (post(b'{"command":"signal","command":"raw"}'), {400}),
        "a huge integer": (post(b'{"command":"signal","expires_in":' + b"9" * 10_000 + b"}"), {400}),
        "an integer that does not fit": (post(b'{"command":"signal","expires_in":99999999999999999999}'), {422}),
        "a lone surrogate": (patch(b'{"name":"\\ud800"}'), {400}),
        "NUL in a text": (patch(b'{"name":"a\\u0000b"}'), {422}),
        "a line end in a text": (patch(b'{"name":"a\\r\\nSet-Cookie: x"}'), {422}),
        "not UTF-8": (patch(b'{"name":"\xff"}'), {400}),
        "UTF-16": (patch('{"name":"a"}'.encode("utf-16")), {400}),
        "a byte order mark": (patch(b'\xef\xbb\xbf{"name":"a"}'), {400}),
        "no body": (patch(b""), {400}),
        "half an object": (patch(b'{"name":"a"'), {400}),
        "a comment": (patch(b'{/* */"name":"a"}'), {400}),
        "mass assignment": (patch(b'{"name":"a","password":"x","port":1,"was_online":true}'), {422}),
        "prototype": (patch(b'{"__proto__":{"admin":true}}'), {422}),
        "a list for an object": (patch(b'[{"name":"a"}]'), {422}),
        "a long body": (patch(b'{"name":"' + b"a" * 70_000 + b'"}'), {413}),
        "a long body in chunks": (
            request("PATCH", MODEM, CHUNKED) + b"11170\r\n" + b" " * 70_000 + b"\r\n0\r\n\r\n",
            {413},
        ),
        "a body of megabytes": (patch(b" " * 2_000_000), {413}),
    },
    "media types": {
        "no media type": (request("PATCH", MODEM, body=b"{}"), {415}),
        "a form": (patch(b"name=a", "application/x-www-form-urlencoded"), {415}),
        "plain text": (patch(b"{}", "text/plain"), {415}),
        "multipart": (patch(MULTIPART, "multipart/form-data; boundary=x"), {415}),
        "another charset": (patch(b"{}", "application/json; charset=cp1251"), {415}),
        "gzip": (patch(b"\x1f\x8b", headers="Content-Encoding: gzip\r\n"), {415}),
        "brotli": (patch(b"\x0b", headers="Content-Encoding: br\r\n"), {415}),
        "a patch media for a command": (post(b'{"command":"signal"}', "application/merge-patch+json"), {415}),
    },
    "methods": {
        "PUT": (request("PUT", MODEM, body=b"{}"), {405}),
        "DELETE all": (request("DELETE", "/api/v1/modems"), {405}),
        "PUT to the list": (request("PUT", "/api/v1/modems", body=b"{}"), {405}),
        "TRACE": (request("TRACE", "/"), {405}),
        "OPTIONS": (request("OPTIONS", "/api/v1/modems", "Origin: https://evil.example\r\n"), {405}),
        "a made-up method": (request("FETCH", "/"), {405, 400}),
        "a lower-case method": (request("get", "/api/v1/modems"), {400, 405, 200}),
        "a method in a header": (request("POST", MODEM, "X-HTTP-Method-Override: PATCH\r\n", b"{}"), {405}),
        "CONNECT": (request("CONNECT", "localhost:80"), {400, 404, 405}),
    },
    "paths": {
        "dots": (request("GET", "/api/v1/modems/../../etc/passwd"), {404}),
        "encoded dots": (request("GET", "/api/v1/modems/%2e%2e%2f%2e%2e%2fetc%2fpasswd"), {404}),
        "a double slash": (request("GET", "//api/v1/modems"), {404, 400}),
        "a slash at the end": (request("GET", "/api/v1/modems/"), {404}),
        "a semicolon": (request("GET", "/api/v1/modems;admin=1"), {404}),
        "a backslash": (request("GET", "/api\\v1\\modems"), {404, 400}),
        "an encoded slash": (request("GET", f"/api/v1%2fmodems%2f{IMEI}"), {404, 200}),
        "NUL in the path": (request("GET", "/api/v1/modems/%00"), {404}),
        "a bad escape": (request("GET", "/api/v1/modems/%zz"), {404, 400}),
        "Arabic digits": (request("GET", "/api/v1/modems/%D9%A1%D9%A2%D9%A3"), {404}),
        "a line end in the path": (request("GET", "/api/v1/modems/x%0d%0aSet-Cookie:%20a=b"), {404}),
        "a long path": (request("GET", "/" + "a" * 20_000), {400, 414}),
        "an absolute address": (request("GET", "http://evil.example/api/v1/modems", auth=""), {401, 400, 404}),
        "upper case": (request("GET", "/API/V1/MODEMS"), {404}),
    },
    "headers": {
        "a long header": (request("GET", "/", "X-Long: " + "a" * 20_000 + "\r\n"), {400, 431}),
        "many headers": (request("GET", "/", "".join(f"X-{n}: 1\r\n" for n in range(500))), {400, 431}),
        "a fat cookie": (request("GET", "/api/v1/modems", "Cookie: " + "a" * 8_000 + "\r\n", auth=""), {401}),
        "a line end in a header": (request("GET", "/", "X-A: a\rX-B: b\r\n"), {400}),
        "NUL in a header": (request("GET", "/", "X-A: a\x00b\r\n"), {400}),
        "no colon": (request("GET", "/", "Broken\r\n"), {400}),
        "two lengths": (request("PATCH", MODEM, "Content-Length: 2\r\nContent-Length: 3\r\n") + b"{}x", {400}),
        "length and chunks": (request("PATCH", MODEM, CHUNKED + "Content-Length: 2\r\n") + b"0\r\n\r\n", {400}),
        "a negative length": (request("PATCH", MODEM, "Content-Length: -1\r\n"), {400}),
        "a bad chunk": (request("PATCH", MODEM, CHUNKED) + b"zz\r\n{}\r\n0\r\n\r\n", {400}),
        "a chunk with a sign": (request("PATCH", MODEM, CHUNKED) + b"+2\r\n{}\r\n0\r\n\r\n", {400}),
        "chunks without end": (request("PATCH", MODEM, CHUNKED) + b"1\r\n{\r\n", {408}),
        "an unknown expectation": (
            request("PATCH", MODEM, "Expect: tea\r\nContent-Type: application/json\r\n", b"{}"),
            {417},
        ),
        "a range": (request("GET", "/healthz", "Range: bytes=0-0,0-0,0-0\r\n"), {200}),
        "an upgrade": (
            request("GET", "/api/v1/modems", "Connection: Upgrade\r\nUpgrade: websocket\r\n", auth=""),
            {401},
        ),
        "a bad If-Match": (patch(b"{}", headers="If-Match: \x01\r\n"), {400, 412}),
        "a cross-site change": (patch(b"{}", headers="Origin: https://evil.example\r\n"), {403}),
        "a change from nowhere": (patch(b"{}", headers="Origin: null\r\n"), {403}),
        "a cross-site change by Fetch": (patch(b"{}", headers="Sec-Fetch-Site: cross-site\r\n"), {403}),
        "a same-site change by Fetch": (patch(b"{}", headers="Sec-Fetch-Site: same-site\r\n"), {403}),
        "a HEAD without a token": (request("HEAD", "/api/v1/modems", auth=""), {401}),
    },
}


async def exchange(hub: Hub, data: bytes) -> tuple[int, str, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", hub.server.port, limit=1 << 20)
    try:
        with contextlib.suppress(ConnectionError):
            writer.write(data)
            await writer.drain()
        async with asyncio.timeout(5):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = int(head.lower().partition("content-length:")[2].partition("\r\n")[0] or 0)
            is_head = data.startswith(b"HEAD")
            body = b"" if is_head else await reader.readexactly(length)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
    return int(head.split()[1]), head.lower(), body


def shortcomings(data: bytes, status: int, head: str, body: bytes, expected: set[int]) -> list[str]:
    """Say what is wrong with the answer to a hostile request."""
    found = [] if status in expected else [f"status {status}: {body!r}"]
    found += ["no security headers"] if "content-security-policy: default-src 'none'" not in head else []
    found += ["names its library"] if "server: irzhub\r\n" not in head else []
    found += ["sets a cookie"] if "set-cookie" in head else []
    found += ["a trace"] if b"Traceback" in body else []
    if status >= 400 and not data.startswith(b"HEAD"):
        problem = json.loads(body)
        is_ours = "content-type: application/problem+json" in head and problem["status"] == status
        found += [] if is_ours and problem["id"] and problem["detail"] else ["no problem of RFC 9457"]
    return found


@pytest.mark.parametrize("kind", CASES)
async def test_it_is_refused_in_our_own_words(hub: Hub, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    async def run(_: ModemCommand) -> CommandOutcome:
        return CommandOutcome(status="ok")

    hub.services.register(MODEM_COMMAND, run)
    before = hub.add_modem(name="old")
    found = {}

    for name, (data, expected) in CASES[kind].items():
        found[name] = shortcomings(data, *await exchange(hub, data), expected)

    assert {name: each for name, each in found.items() if each} == {}
    assert "Traceback" not in caplog.text
    assert hub.states.get(IMEI) == before


async def test_the_allowed_methods_are_told(hub: Hub) -> None:
    _, head, _ = await exchange(hub, request("PUT", MODEM))

    assert "allow: delete,get,head,patch\r\n" in head


async def test_our_own_page_may_change_things(hub: Hub) -> None:
    hub.add_modem()
    own = "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n"

    status, _, _ = await exchange(hub, patch(b'{"name":"a"}', headers=own))

    assert status == 200


async def test_a_body_is_asked_for_and_taken(hub: Hub) -> None:
    hub.add_modem()
    body = b'{"name":"a"}'
    reader, writer = await asyncio.open_connection("127.0.0.1", hub.server.port)
    writer.write(patch(body, headers="Expect: 100-continue\r\n").removesuffix(body))

    first = await reader.readuntil(b"\r\n\r\n")
    writer.write(body)
    second = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()

    assert first == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert second.startswith(b"HTTP/1.1 200 OK")


async def test_pipelined_requests_are_answered_in_order(hub: Hub) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", hub.server.port)
    writer.write(request("GET", "/healthz") * 200 + request("GET", "/nowhere", "Connection: close\r\n"))
    found = b""
    async with asyncio.timeout(5):
        while chunk := await reader.read(65536):
            found += chunk
    writer.close()
    await writer.wait_closed()

    assert found.count(b"HTTP/1.1 200 OK") == 200
    assert found.count(b"HTTP/1.1 404 Not Found") == 1


async def test_an_error_of_ours_is_told_by_its_id_alone(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    hub.add_modem()

    def fail(modem: str, towards: str | None = None) -> str:
        raise ValueError("secret")

    hub.registry.address = fail  # type: ignore[method-assign]  # the fleet breaks
    reply = await hub.get(MODEM)

    assert (reply.status, reply.json()["code"]) == (500, "internal")
    assert reply.json()["id"] == reply.headers["X-Request-Id"]
    assert reply.json()["id"] in caplog.text
    assert "secret" not in reply.text
    assert "ValueError: secret" in caplog.text
