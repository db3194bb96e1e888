"""Calls to programs over HTTP, signed (docs/notifications.md)."""

from collections.abc import Mapping
from typing import Any, Final

from irzhub.api import (
    ChannelCheck,
    CheckOutcome,
    Delivery,
    DeliveryOutcome,
    Duration,
    IntegrationHub,
    Name,
    OrNull,
    OutboundError,
    SetupFailed,
    TargetRefused,
    Text,
    Unload,
    check_on,
    delivery_on,
    in_words,
    key,
    parse_target,
)

from .call import Caller, Receiver

_SECRET: Final = OrNull(Text("a secret of 16 to 200 characters", r"(?s).{16,}", 200))

SCHEMA: Final = {
    key(
        "secret",
        None,
        "signs calls to addresses that stand in rules; null: those are not signed",
        "подписывает вызовы по адресам из правил; null: без подписи",
        is_secret=True,
    ): _SECRET,
    key(
        "receivers",
        {},
        "receivers by a name that rules and contacts use in place of an address",
        "получатели по имени, которое в правилах и контактах стоит вместо адреса",
    ): {
        Name("a name of small letters, digits and _", r"[a-z][a-z0-9_]{0,39}"): {
            key("url", None, "what is called", "что вызывается", is_secret=True): OrNull(
                Text("an address such as https://example.ru/hook", r"https?://[\x21-\x7e]+", 2000)
            ),
            key("secret", None, "signs its calls", "подписывает вызовы", is_secret=True): _SECRET,
        }
    },
    key("timeout", "5s", "how long an answer is awaited", "сколько ждать ответа"): Duration(1, 30),
}


async def setup(hub: IntegrationHub, config: Mapping[str, Any]) -> Unload | None:
    """Offer webhooks as a channel."""
    channel = Webhooks(read_receivers(config), config["secret"], hub, config["timeout"])
    hub.offer(delivery_on("webhook"), channel.deliver)
    hub.offer(check_on("webhook"), channel.check)
    return None


def read_receivers(config: Mapping[str, Any]) -> dict[str, Receiver]:
    """Return the receivers that have names.

    Raises:
        SetupFailed: one has no address, or one that nobody can read.
    """
    found = {}
    for name, about in config["receivers"].items():
        if about["url"] is None:
            raise SetupFailed(f"receivers.{name}: expected url")
        try:
            parse_target(about["url"])
        except TargetRefused as error:
            raise SetupFailed(f"receivers.{name}.url: {error}") from None
        found[name] = Receiver(about["url"], about["secret"])
    return found


class Webhooks:
    """The channel `webhook`: a delivery is for a receiver that has a name, or for an address."""

    def __init__(
        self, receivers: Mapping[str, Receiver], secret: str | None, hub: IntegrationHub, wait_s: float
    ) -> None:
        self._receivers = receivers
        self._secret = secret
        self._caller = Caller(hub.outbound, hub.clock, wait_s)

    async def deliver(self, delivery: Delivery) -> DeliveryOutcome:
        """Make one call."""
        if "://" in delivery.to:
            return await self._caller.call(Receiver(delivery.to, self._secret), delivery)
        if (receiver := self._receivers.get(delivery.to)) is None:
            known = ", ".join(sorted(self._receivers)) or "none"
            wanted = f"an address, or a receiver that has a name ({known})"
            return DeliveryOutcome(status="refused", error=f"expected {wanted}, got {delivery.to[:60]!a}")
        return await self._caller.call(receiver, delivery)

    async def check(self, check: ChannelCheck) -> CheckOutcome:
        """Reach each receiver that has a name, without telling it anything."""
        is_russian = check.language == "ru"
        troubles = []
        for name, receiver in self._receivers.items():
            try:
                await self._caller.reach(receiver)
            except OutboundError as error:
                troubles.append(f"{name}: {in_words(str(error), check.language)}")
        if troubles:
            return CheckOutcome(is_good=False, text="; ".join(troubles))
        count = len(self._receivers)
        words = (
            f"получателей с именем: {count}, все отвечают" if is_russian else f"named receivers: {count}, all answer"
        )
        return CheckOutcome(is_good=True, text=words)
