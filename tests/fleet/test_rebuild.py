"""New settings for a fleet that runs: only those who are concerned are told."""

import dataclasses

from irzhub.config.settings import AdvertisedAddress, RegisterLimit, Settings, Sharing
from irzhub.fleet.rebuild import rebuild
from irzhub.relay.messages import ToRelay
from irzhub.relay.orders import PutModem
from tests.fleet.conftest import IMEI, Desk

OTHER = "868441036775235"


def with_polling(settings: Settings, **changes: object) -> Settings:
    """Return the settings with another `relay.polling`."""
    polling = dataclasses.replace(settings.relay.polling, **changes)  # type: ignore[arg-type]
    return dataclasses.replace(settings, relay=dataclasses.replace(settings.relay, polling=polling))


async def take_on(desk: Desk, settings: Settings) -> list[ToRelay]:
    """Rebuild a fleet and return what its relay was sent."""
    before = len(desk.sent)
    told = await rebuild(settings, desk.registry, desk.registrar, desk.registrar.builder, desk.states, desk.sent.append)
    assert told == len(desk.sent) - before
    return desk.sent[before:]


async def test_a_modem_is_told_what_is_new_for_it_and_nothing_twice(desk: Desk) -> None:
    await desk.dial_in()
    await take_on(desk, desk.settings)  # this machine's own addresses are read here for the first time
    new = with_polling(desk.settings, sharing=Sharing(mode="exclusive"))
    (message,) = await take_on(desk, new)
    assert isinstance(message, PutModem)
    assert (message.settings.modem, message.settings.sharing.mode) == (IMEI, "exclusive")
    assert await take_on(desk, new) == []


async def test_the_next_new_modem_has_the_new_settings(desk: Desk) -> None:
    await take_on(desk, with_polling(desk.settings, offline="refuse"))
    await desk.dial_in(OTHER)
    assert desk.last_sent(PutModem).settings.offline == "refuse"


async def test_another_advertised_address_shows_at_once(desk: Desk) -> None:
    await desk.dial_in()
    await take_on(desk, desk.settings)
    new = with_polling(desk.settings, advertise=(AdvertisedAddress(name="LAN", host="10.0.0.5"),))
    assert await take_on(desk, new) == []
    assert desk.states.get(IMEI).address == "10.0.0.5:20000"


async def test_another_limit_of_registrations_counts_from_now_on(desk: Desk) -> None:
    limiter = desk.registrar.limiter
    await take_on(desk, desk.settings)
    assert desk.registrar.limiter is limiter
    modems = dataclasses.replace(desk.settings.relay.modems, register_limit=RegisterLimit(count=1))
    await take_on(
        desk, dataclasses.replace(desk.settings, relay=dataclasses.replace(desk.settings.relay, modems=modems))
    )
    assert desk.registrar.limiter.admits("203.0.113.9", 1.0)
    assert not desk.registrar.limiter.admits("203.0.113.9", 2.0)
