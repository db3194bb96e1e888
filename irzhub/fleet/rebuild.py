"""New settings for a fleet that runs: modems are told what is new for them, and keep their sessions."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from irzhub.config.settings import Settings
from irzhub.core.state import StateStore
from irzhub.fleet.addresses import Addresses
from irzhub.fleet.networks import own_addresses
from irzhub.fleet.register_limit import RegisterLimiter
from irzhub.fleet.registration import Registrar
from irzhub.fleet.registry import Registry
from irzhub.fleet.relay_settings import ModemSettingsBuilder
from irzhub.relay.messages import ToRelay
from irzhub.relay.orders import PutModem

_PORTION: Final = 200


async def rebuild(
    settings: Settings,
    registry: Registry,
    registrar: Registrar,
    builder: ModemSettingsBuilder,
    states: StateStore,
    send: Callable[[ToRelay], None],
) -> int:
    """Take new settings on and return how many modems were told; the loop is not held up by thousands of them."""
    before = replace(builder)
    polling, limit = settings.relay.polling, settings.relay.modems.register_limit
    if polling.advertise != registry.settings.relay.polling.advertise:
        registry.addresses = Addresses(polling.advertise)
    if limit != registrar.settings.relay.modems.register_limit:
        registrar.limiter = RegisterLimiter(limit)
    builder.own_addresses = await asyncio.to_thread(own_addresses)
    builder.settings = registry.settings = registrar.settings = settings
    told = 0
    for number, row in enumerate(list(registry)):
        if row.modem not in registry:
            continue  # deleted since
        row = registry.get(row.modem)
        if (wanted := builder.build(row)) != before.build(row):
            send(PutModem(settings=wanted))
            told += 1
        address = registry.address(row.modem)
        if row.modem in states and states.get(row.modem).address != address:
            states.update(row.modem, address=address)
        if number % _PORTION == _PORTION - 1:
            await asyncio.sleep(0)
    return told
