"""Tokens over REST: one's own and the hub's, never more than their maker may."""

import asyncio
from typing import Any

from tests.web.conftest import IMEI, Hub
from tests.web.people import add_north, signed_in

TOKENS = "/api/v1/tokens"
SCADA: dict[str, Any] = {"name": "scada", "role": "viewer"}


async def test_a_token_of_a_part_of_the_fleet_until_its_time_is_over(hub: Hub) -> None:
    await add_north(hub)
    hub.add_modem(organisation="north", group="a/b")
    hub.add_modem("868441036775291")
    made = await hub.call("POST", TOKENS, json={**SCADA, "organisations": ["north"], "groups": ["a"], "expires_in": 2})
    assert made.status == 201, made.text
    token = made.json()["token"]

    seen = (await hub.get("/api/v1/modems", token)).json()["items"]
    assert [modem["modem"] for modem in seen] == [IMEI]
    assert token not in (await hub.get(TOKENS)).text
    async with asyncio.timeout(4):
        while (await hub.get("/api/v1/modems", token)).status != 401:
            await asyncio.sleep(0.1)


async def test_everybody_makes_own_ones_within_the_own_rights(hub: Hub) -> None:
    async with signed_in(hub, "anna", "operator") as anna:
        mine = await anna.call("POST", TOKENS, {**SCADA, "role": "admin", "rights_added": ["traffic.read"]})
        foreign = await anna.call("POST", TOKENS, {**SCADA, "name": "hubs", "owner": None})
        who = (await hub.get("/api/v1/session", mine.json()["token"])).json()
        listed = (await anna.get(TOKENS)).json()

    assert (mine.status, mine.json()["owner"], foreign.status) == (201, "anna", 403)
    assert who["name"] == "anna/scada"
    assert "commands.send" in who["rights"]
    assert "traffic.read" not in who["rights"]
    assert [each["name"] for each in listed["items"]] == ["scada"]


async def test_a_token_dies_with_its_owner_and_at_once_when_revoked(hub: Hub) -> None:
    async with signed_in(hub, "anna") as anna:
        first = (await anna.call("POST", TOKENS, SCADA)).json()
        second = (await anna.call("POST", TOKENS, {**SCADA, "name": "other"})).json()
        assert (await hub.get("/api/v1/modems", first["token"])).status == 200
        assert (await anna.call("DELETE", f"{TOKENS}/{first['id']}")).status == 204
        assert (await hub.get("/api/v1/modems", first["token"])).status == 401
        assert (await anna.call("DELETE", f"{TOKENS}/{first['id']}")).status == 404

    assert (await hub.get("/api/v1/modems", second["token"])).status == 200
    await hub.call("PATCH", "/api/v1/users/anna", json={"disabled": True})
    assert (await hub.get("/api/v1/modems", second["token"])).status == 401
