"""`/api/v1/groups`: the tree, its settings, moves, and the setting up."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest

from irzhub.web.models_fleet import Group
from tests.web.routes.whole_hub import IMEI, WholeHub, whole_hub

GROUPS = "/api/v1/groups"


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WholeHub]:
    async with whole_hub(tmp_path) as made:
        yield made


def at(path: str) -> str:
    return f"{GROUPS}/{quote(path, safe='')}"


async def test_a_group_is_made_read_changed_and_removed(hub: WholeHub) -> None:
    made = await hub.call("POST", GROUPS, {"path": " Север / Котельные ", "relay": {"offline": "refuse"}})
    assert made.status == 201, made.body
    assert made.headers["Location"] == at("Север/Котельные")
    assert Group.model_validate(made.json()).model_dump() == made.json()

    listed = (await hub.call("GET", GROUPS, token="viewer")).json()
    assert [each["path"] for each in listed["items"]] == ["Север", "Север/Котельные"]

    tag = {"If-Match": made.headers["ETag"]}
    changed = await hub.call(
        "PATCH", at("Север/Котельные"), {"relay": {"offline": None}, "comment": "у реки"}, headers=tag
    )
    assert (changed.status, changed.json()["relay"], changed.json()["comment"]) == (200, {}, "у реки")
    stale = await hub.call("PATCH", at("Север/Котельные"), {"comment": "нет"}, headers=tag)
    assert stale.status == 412

    assert (await hub.call("POST", GROUPS, {"path": "Север/Котельные"})).status == 409
    assert (await hub.call("DELETE", at("Север"))).status == 204
    assert (await hub.call("GET", at("Север/Котельные"))).status == 404


async def test_settings_reach_a_connected_modem_and_its_session_lives(hub: WholeHub) -> None:
    modem = await hub.dials()
    assert (await hub.call("PATCH", f"/api/v1/modems/{IMEI}", {"group": "Север/7"})).status == 200
    assert (await hub.call("PATCH", at("Север"), {"relay": {"allow": ["192.0.2.0/24"]}})).status == 200

    refused, _ = await hub.polls()
    assert await refused.read() == b""

    own = await hub.call("PATCH", f"/api/v1/modems/{IMEI}", {"relay": {"allow": ["private"]}})
    assert own.json()["relay"] == {"allow": ["private"]}
    _, program = await hub.polls()
    program.write(b"question")
    async with asyncio.timeout(5):
        heard = b""
        while b"question" not in heard:
            heard += await modem.reader.read(1000)
    sessions = [event for event in await hub.hub.journal.read(0, 100) if event.type == "connected"]
    assert len(sessions) == 1


async def test_a_move_takes_all_modems_with_it(hub: WholeHub) -> None:
    await hub.dials()
    await hub.call("PATCH", f"/api/v1/modems/{IMEI}", {"group": "Север/Котельные"})

    moved = await hub.call("PATCH", at("Север"), {"path": "Область/Север"})

    assert (moved.status, moved.json()["modems"], moved.json()["states"]["online"]) == (200, 1, 1)
    shown = (await hub.call("GET", f"/api/v1/modems/{IMEI}")).json()
    assert shown["group"] == "Область/Север/Котельные"
    found = await hub.call("GET", "/api/v1/modems", params={"filter": "group:область"})
    assert found.json()["total"] == 1
    assert (await hub.call("PATCH", at("Область"), {"path": "Область/Север/Внутри"})).status == 409


async def test_the_setting_up_ends_when_it_is_accepted(hub: WholeHub) -> None:
    await hub.dials()
    await hub.call("PATCH", f"/api/v1/modems/{IMEI}", {"group": "Север/7"})

    begun = await hub.call("PATCH", at("Север"), {"commissioning": True})
    assert begun.json()["commissioning"]
    assert (await hub.call("GET", f"/api/v1/modems/{IMEI}")).json()["commissioning"]
    inner = (await hub.call("GET", at("Север/7"))).json()
    assert (inner["commissioning"], inner["commissioning_inherited"]) == (False, True)

    accepted = await hub.call("POST", f"{at('Север')}/accept")
    assert accepted.json() == {"groups": ["Север"]}
    assert not (await hub.call("GET", f"/api/v1/modems/{IMEI}")).json()["commissioning"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"path": "x", "relay": {"offline": "perhaps"}}, "relay.offline"),
        ({"path": "x", "relay": {"sharing": {"idle": "fast"}}}, "relay.sharing.idle"),
        ({"path": "x", "relay": {"pools": []}}, "relay.pools"),
        ({"path": "/".join("abcdefghi")}, "path"),
        ({"path": ""}, "path"),
    ],
)
async def test_a_wrong_group_names_its_field(hub: WholeHub, body: dict[str, object], field: str) -> None:
    reply = await hub.call("POST", GROUPS, body)

    assert reply.status == 422
    assert reply.json()["errors"][0]["field"] == field


async def test_a_viewer_changes_nothing(hub: WholeHub) -> None:
    assert (await hub.call("POST", GROUPS, {"path": "x"}, token="viewer")).status == 403
