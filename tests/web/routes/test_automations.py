"""`/api/v1/automations` over a whole hub: rules with their state and runs, switched on and off."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest

from irzhub.core.events import GpiChanged
from irzhub.storage.accounts import add_token
from irzhub.web.models_automations import Automation, BlueprintList, TraceList
from tests.web.conftest import token_row
from tests.web.routes.whole_hub import IMEI, WholeHub, whole_hub

AUTOMATIONS = "/api/v1/automations"
RULES = """
- id: door/1
  alias: Дверь
  triggers: [{trigger: gpi, input: 1, to: "on"}]
  actions: [{action: sms, to: "+79211234567", text: "{{ modem.name }}: дверь открыта"}]
- id: lost
  triggers: [{trigger: disconnected, for: "00:10:00"}]
  actions: [{action: notify, target: duty, text: "нет связи"}]
  enabled: false
"""
BLUEPRINT = """
blueprint:
  name: Дверь
  inputs:
    number: {description: номер входа}
triggers: [{trigger: gpi, input: !input number, to: "on"}]
actions: [{action: notify, target: duty, text: "дверь"}]
"""


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WholeHub]:
    (tmp_path / "automations.yaml").write_text(RULES)
    (tmp_path / "blueprints").mkdir()
    (tmp_path / "blueprints" / "door.yaml").write_text(BLUEPRINT)
    async with whole_hub(tmp_path) as made:
        yield made


def at(rule: str) -> str:
    return f"{AUTOMATIONS}/{quote(rule, safe='')}"


async def open_door(hub: WholeHub) -> None:
    """Have the first input of a modem go on, as its session tells it."""
    now = hub.hub.clock.now()
    event = GpiChanged(ts=now, modem=IMEI, pin=1, level="ON", previous="OFF", source="report")
    hub.hub.journal.append(event)
    await hub.hub.journal.flush()


async def test_rules_are_listed_with_how_they_are_and_how_they_went(hub: WholeHub) -> None:
    assert (await hub.call("POST", "/api/v1/modems", {"imei": IMEI, "name": "Котельная 5"})).status == 201
    await open_door(hub)
    await hub.until(lambda: hub.hub.automations.traces("door/1"))

    listed = (await hub.call("GET", AUTOMATIONS, token="operator")).json()

    assert [each["id"] for each in listed["items"]] == ["door/1", "lost"]
    door, lost = (Automation.model_validate(each) for each in listed["items"])
    assert (door.name, door.source, door.line, door.triggers, door.mode) == ("Дверь", "file", 2, ["gpi"], "single")
    assert (door.enabled, door.switched, door.counts) == (True, False, {"done": 1})
    assert door.last_run is not None
    assert (door.last_run.result, door.last_run.error) == ("done", None)
    assert (lost.enabled, lost.last_run) == (False, None)

    traces = TraceList.model_validate((await hub.call("GET", f"{at('door/1')}/traces", token="operator")).json())
    [trace] = traces.items
    assert (trace.event["type"], trace.event["modem"], trace.result) == ("gpi_changed", IMEI, "done")
    assert trace.steps[-1]["text"] == "Котельная 5: дверь открыта"
    assert (await hub.call("GET", f"{at('nothing')}/traces")).status == 404
    assert (await hub.call("GET", AUTOMATIONS, params={"filter": "дверь"})).json()["total"] == 1


async def test_a_rule_is_switched_and_left_to_the_file_again(hub: WholeHub) -> None:
    read = await hub.call("GET", at("door/1"))
    tag = {"If-Match": read.headers["ETag"]}

    off = await hub.call("PATCH", at("door/1"), {"enabled": False}, token="engineer", headers=tag)
    assert (off.status, off.json()["enabled"], off.json()["switched"]) == (200, False, True)
    stale = await hub.call("PATCH", at("door/1"), {"enabled": True}, headers=tag)
    assert (stale.status, stale.json()["code"]) == (412, "changed_meanwhile")
    await open_door(hub)
    on = await hub.call("PATCH", at("lost"), {"enabled": True})
    assert (on.json()["enabled"], on.json()["switched"]) == (True, True)
    assert hub.hub.automations.traces("door/1") == []

    again = await hub.call("PATCH", at("door/1"), {"enabled": None})
    assert (again.json()["enabled"], again.json()["switched"]) == (True, False)
    assert (await hub.call("PATCH", at("nothing"), {"enabled": True})).status == 404
    assert (await hub.call("PATCH", at("lost"), {})).status == 422
    assert (await hub.call("PATCH", at("lost"), {"enabled": True}, token="operator")).status == 403
    audit = (await hub.call("GET", "/api/v1/audit", params={"action": "edit_automation"})).json()["items"]
    assert audit[-1]["actor"] == "engineer"
    assert (audit[-1]["before"], audit[-1]["after"]) == (
        {"enabled": True, "switched": False},
        {"enabled": False, "switched": True},
    )


async def test_notification_settings_are_rules_too(hub: WholeHub) -> None:
    setting = {"lost": {"enabled": True, "recipients": [{"contact": "duty"}], "delay_s": 5}}
    assert (await hub.call("PATCH", "/api/v1/notifications", setting)).status == 200

    sources = {each["id"]: each["source"] for each in (await hub.call("GET", AUTOMATIONS)).json()["items"]}

    assert sources["notifications/lost/5"] == "notifications"
    assert (await hub.call("GET", at("notifications/lost/5"))).json()["line"] is None


async def test_blueprints_and_the_schema_are_told(hub: WholeHub) -> None:
    found = BlueprintList.model_validate((await hub.call("GET", "/api/v1/blueprints", token="engineer")).json())
    [blueprint] = found.items
    assert (blueprint.path, blueprint.name, list(blueprint.inputs)) == ("door.yaml", "Дверь", ["number"])

    async with hub.http.get(f"{hub.hub.web.url}api/v1/automations_schema.json") as answer:
        assert answer.status == 200
        assert (await answer.json())["$schema"] == "https://json-schema.org/draft/2020-12/schema"


async def test_who_sees_a_part_of_the_hub_sees_no_rules(hub: WholeHub) -> None:
    row = token_row("south", "token-of-south", "admin", organisations=("south",))
    await hub.hub.store.write(lambda connection: add_token(connection, row))
    for path in (AUTOMATIONS, at("lost"), f"{at('lost')}/traces", "/api/v1/blueprints", "/api/v1/automations_file"):
        assert (await hub.call("GET", path, token="token-of-south")).status == 403, path
