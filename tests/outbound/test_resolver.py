import socket

import pytest

from irzhub.config.settings import OutboundSettings
from irzhub.outbound.resolver import CheckedResolver, Forbidden, system_lookup
from irzhub.outbound.rules import Rules
from tests.outbound.conftest import Names

RULES = Rules.of(OutboundSettings(networks=("127.0.0.0/8", "::1/128")))


async def test_every_address_of_a_name_is_given_with_its_family() -> None:
    resolver = CheckedResolver(RULES, Names(hub_example=["127.0.0.2", "::1"]), is_plain=True)

    found = await resolver.resolve("hub.example", 80)

    assert [(each["host"], each["family"], each["port"]) for each in found] == [
        ("127.0.0.2", socket.AF_INET, 80),
        ("::1", socket.AF_INET6, 80),
    ]
    assert [each["host"] for each in await resolver.resolve("hub.example", 80, socket.AF_INET)] == ["127.0.0.2"]
    await resolver.close()


async def test_a_forbidden_address_is_an_error() -> None:
    resolver = CheckedResolver(RULES, Names(hub_example=["127.0.0.2", "192.168.0.1"]), is_plain=True)

    with pytest.raises(Forbidden, match=r"hub\.example is not called: 192\.168\.0\.1"):
        await resolver.resolve("hub.example", 80)


async def test_the_machines_own_resolver() -> None:
    assert set(await system_lookup("localhost", 80)) <= {"127.0.0.1", "::1"}
