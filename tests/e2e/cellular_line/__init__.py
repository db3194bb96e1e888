"""The GSM side of a hub under test: calls and SMS go as lines of JSON to the test, which has the modems."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

from irzhub.api import (
    SMS_SEND,
    VOICE_CALL,
    CallOutcome,
    IntegrationHub,
    Number,
    SmsMessage,
    SmsOutcome,
    VoiceCall,
    key,
)

SCHEMA: Final = {key("port", 1, "where the test listens", "порт теста"): Number(1, 65535)}


async def setup(hub: IntegrationHub, config: Mapping[str, Any]) -> None:
    """Offer calls and SMS."""

    async def ask(**wish: str) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", config["port"])
        try:
            writer.write(json.dumps(wish).encode() + b"\n")
            return (await reader.readline()).decode().strip()
        finally:
            writer.close()

    async def call(wanted: VoiceCall) -> CallOutcome:
        how = await ask(call=wanted.to)
        if how == "unreachable":
            return CallOutcome(status="failed", error="the number cannot be reached")
        return CallOutcome(status="busy" if how == "busy" else "no_answer")

    async def send(message: SmsMessage) -> SmsOutcome:
        await ask(sms=message.to, text=message.text)
        return SmsOutcome(status="sent")  # the network takes it, whether it arrives or not

    hub.offer(VOICE_CALL, call)
    hub.offer(SMS_SEND, send)
