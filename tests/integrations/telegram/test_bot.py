"""A bot against a server that answers as Telegram does."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from integrations.telegram.bot import Bot, BotTrouble, shortened
from irzhub.config.settings import OutboundSettings
from irzhub.outbound.client import Outbound
from tests.integrations.web_server import WebServer, web_server
from tests.mosquitto import free_port

TOKEN = "123456:ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SENT: tuple[int, dict[str, str], Any] = (200, {}, {"ok": True, "result": {"message_id": 4711}})


def refusal(status: int, text: str, **parameters: Any) -> tuple[int, dict[str, str], Any]:
    about = {"parameters": parameters} if parameters else {}
    return status, {}, {"ok": False, "error_code": status, "description": text, **about}


@pytest.fixture
async def server() -> AsyncIterator[WebServer]:
    async with web_server() as running:
        yield running


@pytest.fixture
async def outbound() -> AsyncIterator[Outbound]:
    async with Outbound(OutboundSettings(networks=("127.0.0.1/32",))) as client:
        yield client


async def test_a_text_is_sent_as_it_is(server: WebServer, outbound: Outbound) -> None:
    server.answers = [SENT]
    number = await Bot(outbound, server.url, TOKEN).send("-100123", "<b>дверь</b> *открыта* _12_", is_silent=True)

    assert number == "4711"
    [call] = server.called
    assert (call.method, call.path) == ("POST", f"/bot{TOKEN}/sendMessage")
    assert json.loads(call.body) == {
        "chat_id": "-100123",
        "text": "<b>дверь</b> *открыта* _12_",
        "disable_notification": True,
        "link_preview_options": {"is_disabled": True},
    }


@pytest.mark.parametrize(
    ("answer", "status", "wait_s", "is_of_the_bot", "text"),
    [
        (refusal(429, "Too Many Requests: retry after 17", retry_after=17), "later", 17.0, False, "retry after 17"),
        (refusal(429, "Too Many Requests", retry_after=10**9), "later", 3600.0, False, "Too Many"),
        (refusal(429, "Too Many Requests", retry_after="soon"), "later", None, False, "Too Many"),
        (refusal(400, "Bad Request: chat not found"), "refused", None, False, "chat not found"),
        (refusal(403, "Forbidden: bot was blocked by the user"), "refused", None, False, "blocked"),
        (refusal(401, "Unauthorized"), "refused", None, True, "the token is of no bot (Unauthorized)"),
        (refusal(404, "Not Found"), "refused", None, True, "the token is of no bot"),
        (refusal(500, "Internal Server Error"), "later", None, True, "Internal"),
        ((502, {}, "<html>bad gateway</html>"), "later", None, True, "HTTP status 502"),
        ((403, {}, "<html>blocked by a proxy</html>"), "later", None, True, "HTTP status 403"),
        ((200, {}, "not json"), "later", None, True, "HTTP status 200"),
        ((302, {"Location": "https://evil.example/"}, ""), "later", None, True, "HTTP status 302"),
        (refusal(429, "Too Many Requests", retry_after=10**400), "later", 3600.0, False, "Too Many"),
        ((200, {}, ["ok"]), "later", None, True, "HTTP status 200"),
        ((400, {}, {"ok": False, "description": "a\r\nb\x1b" + "c" * 1000}), "refused", None, False, r"a\x0d\x0ab\x1b"),
        (None, "unknown", None, True, ""),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_answers(
    server: WebServer,
    outbound: Outbound,
    answer: Any,
    status: str,
    wait_s: float | None,
    is_of_the_bot: bool,
    text: str,
) -> None:
    server.answers = [answer]
    with pytest.raises(BotTrouble) as found:
        await Bot(outbound, server.url, TOKEN).send("1", "x")

    trouble = found.value
    assert (trouble.status, trouble.retry_after_s, trouble.is_of_the_bot) == (status, wait_s, is_of_the_bot)
    assert text in str(trouble)
    assert len(str(trouble)) < 400
    assert TOKEN not in str(trouble)


async def test_a_group_that_moved_is_followed(server: WebServer, outbound: Outbound) -> None:
    moved = refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1001234567890)
    server.answers = [moved, SENT]

    assert await Bot(outbound, server.url, TOKEN).send("-123", "x") == "4711"
    assert [json.loads(call.body)["chat_id"] for call in server.called] == ["-123", -1001234567890]


async def test_nobody_answers(outbound: Outbound) -> None:
    with pytest.raises(BotTrouble) as found:
        await Bot(outbound, f"http://127.0.0.1:{free_port()}", TOKEN).send("1", "x")

    assert found.value.status == "later"
    assert TOKEN not in str(found.value)


async def test_what_the_rules_forbid_is_not_called(outbound: Outbound) -> None:
    with pytest.raises(BotTrouble, match=r"outbound\.networks") as found:
        await Bot(outbound, "http://127.0.0.2:80", TOKEN).send("1", "x")

    assert found.value.status == "refused"


async def test_its_name(server: WebServer, outbound: Outbound) -> None:
    server.answers = [(200, {}, {"ok": True, "result": {"id": 1, "username": "irzhub_bot"}})]
    assert await Bot(outbound, server.url, TOKEN).name() == "irzhub_bot"

    server.answers = [refusal(401, "Unauthorized")]
    with pytest.raises(BotTrouble, match="the token is of no bot"):
        await Bot(outbound, server.url, TOKEN).name()


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("дверь", "дверь"),
        ("x" * 4096, "x" * 4096),
        ("x" * 4097, "x" * 4095 + "…"),
        ("🚪" * 2048, "🚪" * 2048),
        ("x" + "🚪" * 2048, "x" + "🚪" * 2047 + "…"),
        ("half \ud83d", "half ?"),
        (" \n ", "…"),
        ("", "…"),
    ],
    ids=lambda value: f"{len(value)} {value[:6]!a}",
)
def test_long_texts(text: str, sent: str) -> None:
    assert shortened(text) == sent
    assert len(sent.encode("utf-16-le")) <= 2 * 4096
