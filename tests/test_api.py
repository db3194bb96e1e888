"""What an integration gets from the hub ends with it."""

import asyncio
from pathlib import Path

import irzhub.api
from irzhub.core.services import SMS_SEND, SmsMessage, SmsOutcome
from tests.test_loader import hub_with


def test_everything_named_is_there() -> None:
    assert [name for name in irzhub.api.__all__ if not hasattr(irzhub.api, name)] == []
    assert sorted(irzhub.api.__all__, key=str.isupper, reverse=True)[0].isupper()


async def test_what_was_taken_is_given_back(tmp_path: Path) -> None:
    async with hub_with(tmp_path) as (_, ground):
        hub = irzhub.api.IntegrationHub("door", ground)
        seen: list[str] = []

        async def send(message: SmsMessage) -> SmsOutcome:
            return SmsOutcome(status="sent", error=message.to)

        hub.subscribe(str, seen.append)
        hub.offer(SMS_SEND, send)
        task = hub.spawn(asyncio.sleep(60), "wait")
        hub.report("degraded", "no signal")
        ground.bus.publish("before")
        assert (await ground.services.call(SMS_SEND, SmsMessage(to="+7921", text="x"))).error == "+7921"

        await hub.close()
        ground.bus.publish("after")
        assert seen == ["before"]
        assert not ground.services.offers(SMS_SEND)
        assert task.cancelled()
