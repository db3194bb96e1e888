"""`/api/v1/organisations/{organisation}/relay`: what an organisation has of its own in the relay."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from irzhub.storage.accounts import add_token
from tests.web.conftest import token_row
from tests.web.routes.whole_hub import IMEI, WholeHub, whole_hub

RELAY = "/api/v1/organisations/north/relay"


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WholeHub]:
    async with whole_hub(tmp_path) as made:
        assert (await made.call("POST", "/api/v1/organisations", {"id": "north", "name": "Север"})).status == 201
        yield made


async def test_settings_are_merged_and_null_goes_back_to_what_is_inherited(hub: WholeHub) -> None:
    empty = await hub.call("GET", RELAY, token="viewer")
    assert (empty.status, empty.json()) == (200, {"organisation": "north", "relay": {}})
    tag = {"If-Match": empty.headers["ETag"]}

    first = await hub.call("PATCH", RELAY, {"relay": {"offline": "refuse", "allow": ["private"]}}, headers=tag)
    assert first.json()["relay"] == {"offline": "refuse", "allow": ["private"]}
    stale = await hub.call("PATCH", RELAY, {"relay": {"offline": "hold"}}, headers=tag)
    assert stale.status == 412

    second = await hub.call("PATCH", RELAY, {"relay": {"offline": None}})
    assert second.json()["relay"] == {"allow": ["private"]}
    assert (await hub.call("GET", RELAY)).headers["ETag"] == second.headers["ETag"]


async def test_a_connected_modem_of_the_organisation_gets_them_at_once(hub: WholeHub) -> None:
    await hub.dials()
    assert (await hub.call("PATCH", f"/api/v1/modems/{IMEI}", {"organisation": "north"})).status == 200

    assert (await hub.call("PATCH", RELAY, {"relay": {"allow": ["192.0.2.0/24"]}})).status == 200

    refused, _ = await hub.polls()
    assert await refused.read() == b""
    assert hub.hub.states.get(IMEI).link == "online"


@pytest.mark.parametrize(
    ("relay", "field"),
    [({"offline": "perhaps"}, "relay.offline"), ({"speed": 9600}, "relay.speed"), ({"pools": 5}, "relay.pools")],
)
async def test_a_wrong_value_names_its_field(hub: WholeHub, relay: dict[str, object], field: str) -> None:
    reply = await hub.call("PATCH", RELAY, {"relay": relay})

    assert reply.status == 422
    assert reply.json()["errors"][0]["field"] == field
    assert (await hub.call("GET", RELAY)).json()["relay"] == {}


async def test_ports_are_given_out_by_who_sees_the_whole_hub(hub: WholeHub) -> None:
    own = token_row("of-north", "token-of-north", "admin", organisations=("north",))
    await hub.hub.store.write(lambda connection: add_token(connection, own))

    assert (await hub.call("GET", RELAY, token="token-of-north")).status == 200
    refused = await hub.call("PATCH", RELAY, {"relay": {}}, token="token-of-north")
    assert refused.status == 403
    assert (await hub.call("PATCH", RELAY, {"relay": {}}, token="viewer")).status == 403
    absent = await hub.call("GET", "/api/v1/organisations/nowhere/relay")
    assert (absent.status, absent.json()["code"]) == (404, "unknown_organisation")
