"""One call against a server on loopback: what it carries, its signature, and every kind of answer."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.webhook.call import Caller, Receiver, build_body, wait_in
from irzhub.config.settings import OutboundSettings
from irzhub.core.clock import SystemClock
from irzhub.core.services import Delivery
from irzhub.outbound.client import Outbound
from irzhub.outbound.errors import NoAnswer, TargetRefused
from irzhub.outbound.signature import is_signed
from tests.integrations.web_server import WebServer, web_server
from tests.mosquitto import free_port

SECRET = "a secret of the receiver"
MESSAGE = Delivery(
    id="01K9ZZZZZZZZZZZZZZZZZZZZZZ",
    to="scada",
    text="дверь открыта",
    subject="Дверь",
    urgency="now",
    modem="868441036775234",
    event={"type": "gpi_changed", "seq": 17},
    origin="rule:boiler_door",
    attempt=2,
    may_repeat=True,
)
NOW = datetime(2026, 11, 21, 18, 57, 3, 120_000, UTC)


@pytest.fixture
async def server() -> AsyncIterator[WebServer]:
    async with web_server() as running:
        yield running


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    async with Outbound(OutboundSettings(networks=("127.0.0.1/32",))) as client:
        yield Caller(client, SystemClock(), 2.0)


async def test_a_signed_call(server: WebServer, caller: Caller) -> None:
    outcome = await caller.call(Receiver(f"{server.url}/hook?key=1", SECRET), MESSAGE)

    assert (outcome.status, outcome.reference) == ("delivered", "HTTP 200")
    [call] = server.called
    assert (call.method, call.path) == ("POST", "/hook?key=1")
    assert call.headers["Content-Type"] == "application/json; charset=utf-8"
    assert call.headers["X-Irzhub-Delivery"] == MESSAGE.id
    stamp, signature = call.headers["X-Irzhub-Timestamp"], call.headers["X-Irzhub-Signature"]
    now = datetime.now(UTC).timestamp()
    assert is_signed(SECRET, stamp, signature, call.body, now)
    assert not is_signed(SECRET, stamp, signature, call.body + b" ", now)
    assert not is_signed(SECRET, stamp, signature, call.body, now + 301)
    assert {name: value for name, value in json.loads(call.body).items() if name != "ts"} == {
        "id": MESSAGE.id,
        "title": "Дверь",
        "text": "дверь открыта",
        "urgency": "now",
        "modem": "868441036775234",
        "event": {"type": "gpi_changed", "seq": 17},
        "origin": "rule:boiler_door",
        "attempt": 2,
        "may_repeat": True,
    }


async def test_without_a_secret_there_is_no_signature(server: WebServer, caller: Caller) -> None:
    await caller.call(Receiver(server.url), MESSAGE)

    assert not [name for name in server.called[0].headers if "Signature" in name]


@pytest.mark.parametrize(
    ("answer", "status", "wait_s", "error"),
    [
        ((204, {}, ""), "delivered", None, None),
        ((429, {"Retry-After": "17"}, "slow down"), "later", 17.0, "HTTP 429: slow down"),
        ((503, {"Retry-After": "86400000"}, ""), "later", 86400.0, "HTTP 503"),
        ((503, {}, ""), "later", None, "HTTP 503"),
        ((500, {"Retry-After": "soon"}, "boom"), "later", None, "HTTP 500: boom"),
        ((408, {}, ""), "later", None, "HTTP 408"),
        ((400, {}, "no\r\n\x1b[31msuch"), "refused", None, r"HTTP 400: no\x0d\x0a\x1b[31msuch"),
        ((401, {}, ""), "refused", None, "HTTP 401"),
        ((410, {}, "gone"), "refused", None, "HTTP 410: gone"),
        ((404, {}, "x" * 5000), "refused", None, "HTTP 404: " + "x" * 200),
        (
            (302, {"Location": "http://169.254.169.254/"}, ""),
            "refused",
            None,
            "HTTP 302; redirects are not followed, write the new address",
        ),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_answers(
    server: WebServer, caller: Caller, answer: Any, status: str, wait_s: float | None, error: str | None
) -> None:
    server.answers = [answer]
    outcome = await caller.call(Receiver(server.url, SECRET), MESSAGE)

    assert (outcome.status, outcome.retry_after_s, outcome.error) == (status, wait_s, error)
    assert len(server.called) == 1


async def test_a_receiver_that_hangs_up_may_have_heard(server: WebServer, caller: Caller) -> None:
    server.answers = [None]

    assert (await caller.call(Receiver(server.url), MESSAGE)).status == "unknown"


async def test_nobody_listens(caller: Caller) -> None:
    outcome = await caller.call(Receiver(f"http://127.0.0.1:{free_port()}/secret-path"), MESSAGE)

    assert outcome.status == "later"
    assert "secret-path" not in (outcome.error or "")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.2/", "http://169.254.169.254/", "http://user:pw@127.0.0.1/", "ftp://127.0.0.1/", "http://"]
)
async def test_what_the_rules_forbid_is_refused(caller: Caller, url: str) -> None:
    outcome = await caller.call(Receiver(url, SECRET), MESSAGE)

    assert outcome.status == "refused"
    assert "pw" not in (outcome.error or "")


async def test_a_sign_of_life_tells_nothing(server: WebServer, caller: Caller) -> None:
    server.answers = [(405, {}, "")]

    assert await caller.reach(Receiver(f"{server.url}/hook", SECRET)) == 405
    assert (server.called[0].method, server.called[0].body) == ("HEAD", b"")
    with pytest.raises(TargetRefused):
        await caller.reach(Receiver("http://127.0.0.2/"))
    with pytest.raises(NoAnswer):
        await caller.reach(Receiver(f"http://127.0.0.1:{free_port()}/"))


def test_the_body_is_json_whatever_is_in_it() -> None:
    body = build_body(Delivery(id="1", to="x", text='"}\x00\ud83d🚪'), NOW)

    assert json.loads(body)["ts"] == "2026-11-21T18:57:03.120Z"
    assert json.loads(body)["text"] == '"}\x00?🚪'


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("-1", None),
        ("Sat, 21 Nov 2026 18:58:03 GMT", 59.88),
        ("Sat, 21 Nov 2026 18:58:03", 59.88),
        ("Sat, 21 Nov 2020 18:58:03 GMT", 0.0),
        ("Sat, 21 Nov 2036 18:58:03 GMT", 86400.0),
        ("Sat, 99 Nov 2036 18:58:03 GMT", None),
        ("Sat, 21 Nov 99999999999 18:58:03 GMT", None),
        ("Sat, 21 Nov 2036 18:58:03 +99999999999999", None),
        ("", None),
        ("９", None),
    ],
)
def test_how_long_to_wait(written: str, seconds: float | None) -> None:
    assert wait_in(written, NOW) == (seconds if seconds is None else pytest.approx(seconds))
