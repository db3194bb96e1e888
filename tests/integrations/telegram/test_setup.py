"""The part in a hub: settings, the channel `telegram`, its test and its health."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from integrations import telegram
from irzhub.api import SetupFailed
from irzhub.config.integrations import judge_integration
from irzhub.core.services import ChannelCheck, Delivery, check_on, delivery_on
from tests.integrations.telegram.test_bot import SENT, TOKEN, refusal
from tests.integrations.web_server import calling_hub, web_server
from tests.test_loader import health_of

CHANNEL = delivery_on("telegram")
CHECK = check_on("telegram")
NAMED: tuple[int, dict[str, str], Any] = (200, {}, {"ok": True, "result": {"username": "irzhub_bot"}})


async def test_a_message_and_a_test(tmp_path: Path) -> None:
    async with web_server() as server, calling_hub(tmp_path, "telegram") as (hub, ground):
        server.answers = [NAMED]
        config, errors = judge_integration("telegram", telegram.SCHEMA, {"token": TOKEN, "api": server.url})
        assert errors == []
        assert await telegram.setup(hub, config) is None
        async with asyncio.timeout(5):
            while not server.called:
                await asyncio.sleep(0.01)
        assert server.called[0].path.endswith("/getMe"), "the token is tried at once"

        check = await ground.services.call(CHECK, ChannelCheck())
        assert (check.is_good, check.text) == (True, "бот Telegram отвечает: @irzhub_bot")

        server.answers = [SENT]
        outcome = await ground.services.call(CHANNEL, Delivery(id="01K9", to="@duty_channel", text="дверь открыта"))
        assert (outcome.status, outcome.reference) == ("delivered", "4711")

        server.answers = [refusal(429, "Too Many Requests", retry_after=5)]
        outcome = await ground.services.call(CHANNEL, Delivery(id="01K9", to="1", text="x"))
        assert (outcome.status, outcome.retry_after_s) == ("later", 5.0)
        assert health_of(ground, "telegram").state == "up"

        server.answers = [refusal(401, "Unauthorized")]
        outcome = await ground.services.call(CHANNEL, Delivery(id="01K9", to="1", text="x"))
        assert outcome.status == "refused"
        assert health_of(ground, "telegram").state == "degraded"
        check = await ground.services.call(CHECK, ChannelCheck(language="en"))
        assert (check.is_good, check.text) == (
            False,
            "the Telegram bot does not answer: the token is of no bot (Unauthorized)",
        )
        count = len(server.called)
        for to in ("дежурный", "@x", "1\r\n2", "", "1/../../getUpdates"):
            outcome = await ground.services.call(CHANNEL, Delivery(id="01K9", to=to, text="x"))
            assert outcome.status == "refused"
        assert len(server.called) == count
    assert not ground.services.offers(CHANNEL)


async def test_without_a_token_it_cannot_work(tmp_path: Path) -> None:
    config, _ = judge_integration("telegram", telegram.SCHEMA, {})
    async with calling_hub(tmp_path, "telegram") as (hub, _):
        with pytest.raises(SetupFailed, match="BotFather"):
            await telegram.setup(hub, config)


@pytest.mark.parametrize("token", ["", "abc", "123456:short", TOKEN + "/../x", TOKEN + "\n", TOKEN + "?x"])
def test_tokens_that_would_change_the_address_are_refused(token: str) -> None:
    _, errors = judge_integration("telegram", telegram.SCHEMA, {"token": token})

    assert "expected a token such as" in str(errors[0])
    assert token not in str(errors[0]) or not token
