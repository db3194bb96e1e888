"""Messages through a Telegram bot (docs/notifications.md)."""

import re
from collections.abc import Mapping
from typing import Any, Final

from irzhub.api import (
    ChannelCheck,
    CheckOutcome,
    Delivery,
    DeliveryOutcome,
    IntegrationHub,
    OrNull,
    OutboundError,
    SetupFailed,
    Text,
    Unload,
    check_on,
    delivery_on,
    in_words,
    key,
)

from .bot import Bot, BotTrouble

_TOKEN: Final = r"[0-9]{3,20}:[0-9A-Za-z_-]{20,80}"  # noqa: S105 - what one looks like
_CHAT: Final = re.compile(r"-?[0-9]{1,20}|@[0-9A-Za-z_]{3,40}", re.ASCII)

SCHEMA: Final = {
    key("token", None, "token of the bot, from @BotFather", "токен бота, выдаёт @BotFather", is_secret=True): OrNull(
        Text("a token such as 123456:ABC-DEF", _TOKEN)
    ),
    key(
        "api",
        "https://api.telegram.org",
        "where the bot interface is; another one for a server of your own",
        "где находится интерфейс ботов; другой адрес, если сервер свой",
    ): Text("an address such as https://api.telegram.org", r"https?://[\x21-\x7e]{1,200}(?<!/)"),
}


async def setup(hub: IntegrationHub, config: Mapping[str, Any]) -> Unload | None:
    """Offer Telegram as a channel; the bot is asked for its name at once, so that a wrong token shows."""
    if config["token"] is None:
        raise SetupFailed("expected token, the one that @BotFather gave")
    channel = Telegram(Bot(hub.outbound, config["api"], config["token"]), hub)
    hub.offer(delivery_on("telegram"), channel.deliver)
    hub.offer(check_on("telegram"), channel.check)
    hub.spawn(channel.check(ChannelCheck(language=hub.settings.hub.language)), "first check")
    return None


class Telegram:
    """The channel `telegram`: deliveries become messages, troubles become outcomes and the health of the part."""

    def __init__(self, bot: Bot, hub: IntegrationHub) -> None:
        self._bot = bot
        self._hub = hub

    async def deliver(self, delivery: Delivery) -> DeliveryOutcome:
        """Send one message to one chat."""
        if _CHAT.fullmatch(delivery.to) is None:
            expected = "expected a chat id such as -1001234567890, or @name"
            return DeliveryOutcome(status="refused", error=f"{expected}, got {delivery.to[:60]!a}")
        try:
            number = await self._bot.send(delivery.to, delivery.text, is_silent=delivery.urgency == "background")
        except BotTrouble as error:
            if error.is_of_the_bot:
                self._hub.report("degraded", str(error))
            return DeliveryOutcome(status=error.status, error=str(error), retry_after_s=error.retry_after_s)
        self._hub.report("up")
        return DeliveryOutcome(status="delivered", reference=number)

    async def check(self, check: ChannelCheck) -> CheckOutcome:
        """Ask the bot for its name, and say in words how it went."""
        is_russian = check.language == "ru"
        try:
            name = await self._bot.name()
        except (BotTrouble, OutboundError) as error:
            self._hub.report("degraded", str(error))
            words = "бот Telegram не отвечает" if is_russian else "the Telegram bot does not answer"
            return CheckOutcome(is_good=False, text=f"{words}: {in_words(str(error), check.language)}")
        self._hub.report("up")
        words = "бот Telegram отвечает" if is_russian else "the Telegram bot answers"
        return CheckOutcome(is_good=True, text=f"{words}: @{name}")
