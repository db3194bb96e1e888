"""Notification settings over REST: set at the hub, groups and modems, shown with where each value stands."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from irzhub.storage.accounts import add_token
from tests.web.conftest import token_row
from tests.web.routes.whole_hub import IMEI, WholeHub, whole_hub

OTHER = "868441036775242"
HUB, GROUP, MODEM = (
    "/api/v1/notifications",
    "/api/v1/groups/Север/notifications",
    f"/api/v1/modems/{IMEI}/notifications",
)
DUTY = [{"contact": "duty"}]


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WholeHub]:
    async with whole_hub(tmp_path) as made:
        for organisation in ("north", "south"):
            new = {"id": organisation, "name": organisation}
            assert (await made.call("POST", "/api/v1/organisations", new)).status == 201
        for imei, organisation in ((IMEI, "north"), (OTHER, "south")):
            new = {"imei": imei, "group": "Север/Котельные", "organisation": organisation}
            assert (await made.call("POST", "/api/v1/modems", new)).status == 201
        yield made


async def edit(hub: WholeHub, path: str, body: Any, **options: Any) -> Any:
    reply = await hub.call("PATCH", path, body, **options)
    assert reply.status == 200, reply.body
    return reply.json()


async def test_a_modem_inherits_and_each_value_says_from_where(hub: WholeHub) -> None:
    await edit(hub, HUB, {"lost": {"enabled": True, "recipients": DUTY}})
    await edit(hub, GROUP, {"lost": {"delay_s": "10m"}, "inputs": {"2": {"enabled": True}}})

    shown = await edit(hub, MODEM, {"lost": {"text": "{{ modem.name }} пропал"}}, token="engineer")

    assert (shown["owner"], shown["name"]) == ("modem", IMEI)
    assert shown["settings"] == {"lost": {"text": "{{ modem.name }} пропал"}}
    lost = shown["effective"]["lost"]
    assert lost["enabled"] == {"value": True, "from": {"level": "hub", "name": ""}}
    assert lost["recipients"] == {"value": DUTY, "from": {"level": "hub", "name": ""}}
    assert lost["delay_s"] == {"value": 600.0, "from": {"level": "group", "name": "Север"}}
    assert lost["text"]["from"] == {"level": "modem", "name": IMEI}
    assert lost["channels"]["from"]["level"] == "default"
    assert shown["effective"]["inputs"]["2"]["enabled"]["value"] is True


async def test_edits_are_merged_replaced_and_removed_and_meet_by_etag(hub: WholeHub) -> None:
    tag = {"If-Match": (await hub.call("GET", MODEM)).headers["ETag"]}
    first = await hub.call("PATCH", MODEM, {"lost": {"enabled": True}, "input": {"enabled": True}}, headers=tag)
    assert first.status == 200
    assert (await hub.call("PATCH", MODEM, {"lost": None}, headers=tag)).status == 412

    assert (await edit(hub, MODEM, {"lost": None}))["settings"] == {"input": {"enabled": True}}
    put = await hub.call("PUT", MODEM, {"restored": {"enabled": True}})
    assert put.json()["settings"] == {"restored": {"enabled": True}}
    assert (await hub.call("DELETE", MODEM)).status == 204
    assert (await hub.call("GET", MODEM)).json()["settings"] == {}


async def test_many_modems_are_changed_at_once(hub: WholeHub) -> None:
    await edit(hub, MODEM, {"lost": {"delay_s": 5}})
    body = {"target": {"group": "Север"}, "settings": {"lost": {"enabled": True}}}

    assert (await hub.call("POST", f"{HUB}/bulk", body)).json() == {"modems": 2}

    assert (await hub.call("GET", MODEM)).json()["settings"] == {"lost": {"delay_s": 5, "enabled": True}}
    reset = {"target": {"filter": IMEI}, "settings": None}
    assert (await hub.call("POST", f"{HUB}/bulk", reset)).json() == {"modems": 1}
    assert (await hub.call("GET", MODEM)).json()["settings"] == {}


async def test_a_text_that_is_no_template_names_its_field(hub: WholeHub) -> None:
    reply = await hub.call("PATCH", MODEM, {"inputs": {"3": {"text": "{{ modem.name"}}})
    assert (reply.status, reply.json()["errors"][0]["field"]) == (422, "inputs.3.text")


async def test_they_move_with_their_group_and_go_with_it(hub: WholeHub) -> None:
    await edit(hub, GROUP, {"lost": {"enabled": True}})
    assert (await hub.call("PATCH", "/api/v1/groups/Север", {"path": "Юг"})).status == 200

    assert (await hub.call("GET", GROUP)).status == 404
    assert (await hub.call("GET", MODEM)).json()["effective"]["lost"]["enabled"]["from"]["name"] == "Юг"


async def test_a_part_of_the_hub_changes_its_own_modems_and_sees_no_numbers_of_others(hub: WholeHub) -> None:
    row = token_row("south", "token-of-south", "admin", organisations=("south",))
    await hub.hub.store.write(lambda connection: add_token(connection, row))
    await edit(hub, HUB, {"lost": {"enabled": True, "recipients": [{"channel": "sms", "address": "+79211234567"}]}})
    mine = f"/api/v1/modems/{OTHER}/notifications"

    shown = await hub.call("GET", mine, token="token-of-south")

    assert shown.json()["effective"]["lost"]["enabled"]["value"] is True
    assert shown.json()["effective"]["lost"]["recipients"]["value"] is None
    assert "79211234567" not in shown.body.decode()
    assert (await hub.call("PATCH", mine, {"lost": {"recipients": DUTY}}, token="token-of-south")).status == 200
    statuses = [(await hub.call("GET", path, token="token-of-south")).status for path in (HUB, GROUP, MODEM)]
    assert statuses == [403, 403, 404]
    body = {"target": {"group": "Север"}, "settings": {"lost": {"enabled": False}}}
    assert (await hub.call("POST", f"{HUB}/bulk", body, token="token-of-south")).json() == {"modems": 1}


async def test_an_operator_may_not_change_who_is_told(hub: WholeHub) -> None:
    assert (await hub.call("PATCH", MODEM, {"lost": None}, token="operator")).status == 403


async def test_what_was_set_for_many_is_carried_out_and_leaves_through_the_outbox(hub: WholeHub) -> None:
    await edit(hub, GROUP, {"lost": {"delay_s": 0, "recipients": [{"channel": "sms", "address": "+79211234567"}]}})
    bulk = {"target": {"group": "Север"}, "settings": {"lost": {"enabled": True, "text": "{{ modem.imei }} пропал"}}}
    assert (await hub.call("POST", f"{HUB}/bulk", bulk)).json() == {"modems": 2}
    assert next(rule.id for rule in hub.hub.automations.rules()) == "notifications/lost/0"
    modem = await hub.dials()

    await modem.close()
    outbox = hub.hub.alerts.outbox
    await hub.until(lambda: any(row.rule == "notifications/lost/0" for row in outbox.book.rows.values()))

    [row] = [row for row in outbox.book.rows.values() if row.rule == "notifications/lost/0"]
    assert (row.channel, row.address, row.text, row.modem) == ("sms", "+79211234567", f"{IMEI} пропал", IMEI)
