"""Upward calls by typed key."""

from dataclasses import dataclass

import pytest

from irzhub.core.exceptions import ServiceError
from irzhub.core.services import Service, Services


@dataclass(frozen=True)
class Greeting:
    """An argument."""

    name: str


GREET = Service("test.greet", Greeting, str)
OTHER = Service("test.other", Greeting, str)


async def greet(greeting: Greeting) -> str:
    return f"hello {greeting.name}"


async def test_call_reaches_whoever_offers_the_service() -> None:
    services = Services()
    services.register(GREET, greet)

    assert services.offers(GREET)
    assert await services.call(GREET, Greeting("modem")) == "hello modem"


async def test_nobody_offers() -> None:
    services = Services()

    assert not services.offers(GREET)
    with pytest.raises(ServiceError, match=r"nobody offers the service test\.greet"):
        await services.call(GREET, Greeting("modem"))


def test_second_offer_is_refused_and_the_first_stays() -> None:
    services = Services()
    services.register(GREET, greet)
    with pytest.raises(ServiceError, match=r"service test\.greet is already offered"):
        services.register(GREET, greet)

    services.register(OTHER, greet)
    assert services.offers(GREET)


async def test_withdrawn_service_can_be_offered_anew_and_the_old_withdrawal_does_no_harm() -> None:
    async def greet_better(greeting: Greeting) -> str:
        return f"welcome {greeting.name}"

    services = Services()
    withdraw = services.register(GREET, greet)
    withdraw()
    services.register(GREET, greet_better)
    withdraw()

    assert await services.call(GREET, Greeting("modem")) == "welcome modem"


async def test_error_of_the_handler_reaches_the_caller() -> None:
    async def fail(_: Greeting) -> str:
        raise LookupError("no such modem")

    services = Services()
    services.register(GREET, fail)
    with pytest.raises(LookupError, match="no such modem"):
        await services.call(GREET, Greeting("modem"))
