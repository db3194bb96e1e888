"""What a request says of groups, sites and organisations, and what the caller sees of them."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from irzhub.storage.accounts import add_token
from irzhub.web.belonging import merged_relay
from irzhub.web.problem import Problem
from tests.web.conftest import token_row
from tests.web.routes.whole_hub import IMEI, WholeHub, whole_hub

OTHER = "868441036775242"
IN_NORTH, IN_GROUP = "token-of-north", "token-of-group"


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WholeHub]:
    """Two organisations with a modem each in the group `Север`, and engineers who see a part of that."""
    async with whole_hub(tmp_path) as made:
        tokens = [
            token_row("north", IN_NORTH, "engineer", organisations=("north",)),
            token_row("group", IN_GROUP, "engineer", groups=("Север/7",)),
        ]
        for token in tokens:
            await made.hub.store.write(partial(add_token, row=token))
        for name in ("north", "south"):
            await create(made, "/api/v1/organisations", {"id": name, "name": name})
        await create(made, "/api/v1/modems", {"imei": IMEI, "organisation": "north", "group": "Север/7"})
        await create(made, "/api/v1/modems", {"imei": OTHER, "organisation": "south", "group": "Север/8"})
        yield made


async def create(hub: WholeHub, path: str, body: dict[str, Any]) -> dict[str, Any]:
    reply = await hub.call("POST", path, body)
    assert reply.status == 201, reply.body
    return dict(reply.json())


def at(path: str) -> str:
    return f"/api/v1/groups/{quote(path, safe='')}"


def test_a_change_of_the_relay_is_merged_and_empty_parts_go() -> None:
    old = {"offline": "refuse", "sharing": {"mode": "exclusive", "idle": "5s"}}

    assert merged_relay(old, {"sharing": {"idle": None}}) == {"offline": "refuse", "sharing": {"mode": "exclusive"}}
    assert merged_relay(old, {"sharing": {"idle": None, "mode": None}}) == {"offline": "refuse"}
    assert merged_relay(old, {}) == old
    assert merged_relay(old, None) == {}
    pools = {"pools": [{"host": "127.0.0.1", "first": 30000, "last": 30009}]}
    assert merged_relay({}, pools, with_pools=True) == pools


@pytest.mark.parametrize(
    ("patch", "fields"),
    [
        ({"offline": "perhaps"}, ["relay.offline"]),
        ({"unknown": 1}, ["relay.unknown"]),
        ({"pools": []}, ["relay.pools"]),
        ({"allow": "everybody"}, ["relay.allow"]),
        ({"sharing": {"idle": "fast", "mode": "x"}}, ["relay.sharing.idle", "relay.sharing.mode"]),
    ],
)
def test_each_wrong_key_of_the_relay_is_named(patch: dict[str, Any], fields: list[str]) -> None:
    with pytest.raises(Problem) as refusal:
        merged_relay({"offline": "refuse"}, patch)

    assert refusal.value.status == 422
    assert sorted(error.field for error in refusal.value.errors) == fields


async def test_only_organisations_and_sites_that_the_caller_sees_can_be_referred_to(hub: WholeHub) -> None:
    mine = await create(hub, "/api/v1/sites", {"name": "Котельная", "organisation": "north"})
    theirs = await create(hub, "/api/v1/sites", {"name": "Насосная", "organisation": "south"})

    async def refer(token: str, **values: str | None) -> tuple[int, str | None]:
        reply = await hub.call("PATCH", f"/api/v1/modems/{IMEI}", values, token=token)
        return reply.status, reply.json()["errors"][0]["field"] if reply.status == 422 else None

    assert await refer(IN_NORTH, site=mine["id"]) == (200, None)
    assert await refer(IN_NORTH, site=theirs["id"]) == (422, "site")
    assert await refer(IN_NORTH, site="nowhere") == (422, "site")
    assert await refer(IN_NORTH, organisation="south") == (422, "organisation")
    assert await refer("admin", organisation="nobody") == (422, "organisation")
    assert await refer("admin", organisation="south", site=theirs["id"]) == (200, None)
    assert await refer("admin", organisation=None, site=None) == (200, None)


async def test_nobody_puts_a_modem_out_of_the_own_sight(hub: WholeHub) -> None:
    async def move(token: str, **values: str | None) -> tuple[int, str | None]:
        reply = await hub.call("PATCH", f"/api/v1/modems/{IMEI}", values, token=token)
        return reply.status, reply.json()["code"] if reply.status == 403 else None

    assert await move(IN_NORTH, organisation=None) == (403, "beyond_own_scope")
    assert await move(IN_GROUP, group="Север/8") == (403, "beyond_own_scope")
    assert await move(IN_GROUP, group="Север/70") == (403, "beyond_own_scope")
    assert await move(IN_GROUP, group="Север/7/подвал") == (200, None)
    assert (await hub.call("GET", f"/api/v1/modems/{IMEI}")).json()["organisation"] == "north"


async def test_a_group_exists_for_who_sees_a_modem_in_it(hub: WholeHub) -> None:
    async def seen(token: str) -> list[str]:
        return [each["path"] for each in (await hub.call("GET", "/api/v1/groups", token=token)).json()["items"]]

    assert await seen("admin") == ["Север", "Север/7", "Север/8"]
    assert await seen(IN_NORTH) == ["Север", "Север/7"]
    assert await seen(IN_GROUP) == ["Север", "Север/7"]
    assert (await hub.call("GET", at("Север/8"), token=IN_NORTH)).status == 404
    assert (await hub.call("GET", at("Север"), token=IN_NORTH)).json()["modems"] == 1


async def test_a_group_with_others_modems_in_it_is_not_the_callers_to_change(hub: WholeHub) -> None:
    async def note(token: str, path: str) -> int:
        return (await hub.call("PATCH", at(path), {"comment": "у реки"}, token=token)).status

    assert [await note(token, "Север") for token in (IN_NORTH, IN_GROUP, "admin")] == [403, 403, 200]
    assert [await note(token, "Север/7") for token in (IN_NORTH, IN_GROUP)] == [200, 200]
    await hub.call("PATCH", f"/api/v1/modems/{OTHER}", {"group": "Север/7/подвал"})
    assert [await note(token, "Север/7") for token in (IN_NORTH, IN_GROUP)] == [403, 200]


async def test_a_site_is_seen_by_its_organisation_and_by_who_has_a_modem_there(hub: WholeHub) -> None:
    mine = await create(hub, "/api/v1/sites", {"name": "Котельная", "organisation": "north"})
    theirs = await create(hub, "/api/v1/sites", {"name": "Насосная", "organisation": "south"})
    nobodys = await create(hub, "/api/v1/sites", {"name": "Подстанция"})
    ids = {mine["id"]: "mine", theirs["id"]: "theirs", nobodys["id"]: "nobody's"}

    async def seen(token: str) -> set[str]:
        items = (await hub.call("GET", "/api/v1/sites", token=token)).json()["items"]
        return {ids[each["id"]] for each in items}

    assert await seen("admin") == {"mine", "theirs", "nobody's"}
    assert await seen(IN_NORTH) == {"mine"}
    assert await seen(IN_GROUP) == set(), "a scope of groups sees sites by their modems alone"
    await hub.call("PATCH", f"/api/v1/modems/{IMEI}", {"site": nobodys["id"]})
    assert await seen(IN_NORTH) == {"mine", "nobody's"}
    assert await seen(IN_GROUP) == {"nobody's"}
    assert (await hub.call("GET", f"/api/v1/sites/{theirs['id']}", token=IN_NORTH)).status == 404
