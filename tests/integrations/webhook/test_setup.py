"""The part in a hub: receivers that have names, addresses of rules, the test of the channel."""

from pathlib import Path
from typing import Any

import pytest

from integrations import webhook
from irzhub.api import SetupFailed
from irzhub.config.integrations import judge_integration
from irzhub.core.services import ChannelCheck, Delivery, check_on, delivery_on
from irzhub.outbound.signature import is_signed
from tests.integrations.web_server import calling_hub, web_server
from tests.mosquitto import free_port

CHANNEL = delivery_on("webhook")
CHECK = check_on("webhook")
OWN, COMMON = "a secret of this receiver", "a secret of all others"


def judged(**written: Any) -> dict[str, Any]:
    config, errors = judge_integration("webhook", webhook.SCHEMA, written)
    assert errors == []
    return config


async def test_names_and_addresses_each_with_its_secret(tmp_path: Path) -> None:
    async with web_server() as server, calling_hub(tmp_path, "webhook") as (hub, ground):
        config = judged(secret=COMMON, receivers={"scada": {"url": f"{server.url}/scada?key=7", "secret": OWN}})
        await webhook.setup(hub, config)
        named = await ground.services.call(CHANNEL, Delivery(id="1", to="scada", text="x"))
        written = await ground.services.call(CHANNEL, Delivery(id="2", to=f"{server.url}/rule", text="x"))
        nobody = await ground.services.call(CHANNEL, Delivery(id="3", to="Nobody\n", text="x"))

    assert [named.status, written.status, nobody.status] == ["delivered", "delivered", "refused"]
    assert nobody.error == "expected an address, or a receiver that has a name (scada), got 'Nobody\\n'"
    for call, secret, path in zip(server.called, (OWN, COMMON), ("/scada?key=7", "/rule"), strict=True):
        stamp = call.headers["X-Irzhub-Timestamp"]
        assert call.path == path
        assert is_signed(secret, stamp, call.headers["X-Irzhub-Signature"], call.body, float(stamp))


async def test_the_test_of_the_channel_says_who_cannot_be_reached(tmp_path: Path) -> None:
    async with web_server() as server, calling_hub(tmp_path, "webhook") as (hub, ground):
        dead = f"http://127.0.0.1:{free_port()}/?key=7"
        await webhook.setup(hub, judged(receivers={"good": {"url": server.url}, "dead": {"url": dead}}))
        check = await ground.services.call(CHECK, ChannelCheck(language="en"))
        await hub.close()

        await webhook.setup(hub, judged(receivers={"good": {"url": server.url}}))
        good = await ground.services.call(CHECK, ChannelCheck())

    assert not check.is_good
    assert check.text.startswith("dead: http://127.0.0.1:")
    assert "key=7" not in check.text
    assert (good.is_good, good.text) == (True, "получателей с именем: 1, все отвечают")
    assert {call.method for call in server.called} == {"HEAD"}


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({}, r"receivers\.scada: expected url"),
        ({"url": "http://user:pw@example.ru/"}, r"receivers\.scada\.url: expected a URL"),
    ],
)
def test_receivers_that_cannot_be_called(about: dict[str, Any], why: str) -> None:
    with pytest.raises(SetupFailed, match=why):
        webhook.read_receivers(judged(receivers={"scada": about}))


@pytest.mark.parametrize(
    "written",
    [
        {"secret": "short"},
        {"receivers": {"SCADA": {"url": "https://example.ru/"}}},
        {"receivers": {"scada": {"url": "file:///etc/passwd"}}},
        {"receivers": {"scada": {"adress": "https://example.ru/"}}},
    ],
    ids=["secret", "name", "scheme", "key"],
)
def test_wrong_settings(written: dict[str, Any]) -> None:
    _, errors = judge_integration("webhook", webhook.SCHEMA, written)

    assert len(errors) == 1
