"""Settings over REST, on a whole hub with a simulated modem."""

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import ModemOptions
from irzhub.storage.accounts import add_token
from tests.web.conftest import token_row
from tests.web.routes.whole_hub import IMEI, WholeHub, whole_hub

QUICK = ModemOptions(reconnect_s=(0.05, 0.05), reboot_s=(0.1, 0.1))


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WholeHub]:
    async with whole_hub(tmp_path) as hub:
        yield hub


async def come(hub: WholeHub, imei: str = IMEI) -> SimulatedModem:
    assert hub.hub.fleet.modem_port is not None
    modem = SimulatedModem("127.0.0.1", hub.hub.fleet.modem_port, imei, QUICK)
    modem.start()
    await hub.until(lambda: imei in hub.hub.states and hub.hub.states.get(imei).link == "online")
    return modem


async def job_done(hub: WholeHub, body: dict[str, Any], path: str = "/api/v1/modem_settings") -> Any:
    taken = await hub.call("POST", path, body, "engineer")
    assert taken.status == 202, taken.body
    where = taken.headers["Location"]

    async with asyncio.timeout(15):
        while (job := (await hub.call("GET", where)).json())["status"] != "done":
            await asyncio.sleep(0.02)
    items = (await hub.call("GET", f"{where}/items")).json()["items"]
    return job, items


async def test_settings_are_sent_shown_and_exported_without_secrets(hub: WholeHub) -> None:
    modem = await come(hub)
    body = {
        "target": {"modems": [IMEI]},
        "lines": ["AT$SIM_APN1={{apn}}", "AT$IRZ_PWD={{pwd}}"],
        "values": {"apn": "internet"},
        "secrets": {"pwd": "Zaq12345"},
        "modems": {IMEI: {"values": {"apn": "vpn.local"}}},
    }
    job, items = await job_done(hub, body)
    assert [(item["modem"], item["status"], item["error"]) for item in items] == [(IMEI, "done", None)]
    assert (job["dangerous"], job["total"]) == (True, 1)
    assert modem.settings == {"SIM_APN1": "vpn.local", "IRZ_PWD": "Zaq12345"}

    known = (await hub.call("GET", f"/api/v1/modems/{IMEI}/settings", token="engineer")).json()
    assert [(each["name"], each["sent"], each["secret"]) for each in known["items"]] == [
        ("IRZ_PWD", None, True),
        ("SIM_APN1", "vpn.local", False),
    ]
    dump = {"text": "^SIM_APN1:internet\n^IRZ_PWD:Zaq12345\n^ATM_SOFT:1.4"}
    read = (await hub.call("POST", f"/api/v1/modems/{IMEI}/settings/dump", dump, "engineer")).json()
    known = (await hub.call("GET", f"/api/v1/modems/{IMEI}/settings", token="engineer")).json()
    assert (known["differing"], [each["differs"] for each in known["items"]]) == (1, [None, None, True])
    file = await hub.call("GET", f"/api/v1/modems/{IMEI}/settings/file", token="engineer")
    assert "AT$SIM_APN1=vpn.local\r\n" in file.body.decode()

    events = await hub.call("GET", "/api/v1/events?type=settings_finished")
    audit = await hub.call("GET", "/api/v1/audit")
    told = [str(each) for each in (job, items, known, read, file.body, events.body, audit.body)]
    assert "settings_finished" in told[5]
    assert not [each for each in told if "Zaq" in each]
    await modem.stop()


async def test_the_catalogue_is_good_for_a_form(hub: WholeHub) -> None:
    shown = (await hub.call("GET", "/api/v1/settings_catalogue", token="viewer")).json()
    assert len(shown["settings"]) == 96
    address = next(each for each in shown["settings"] if each["name"] == "CLNT_IPP")
    assert [field["name"] for field in address["fields"]] == ["host", "port"]
    assert {each["section"] for each in shown["settings"]} == {each["name"] for each in shown["sections"]}


async def test_files_are_read_line_by_line(hub: WholeHub) -> None:
    raw = "# Котельная\nAT$SIM_MAIN=1\nAT$SIM_PIN1=9876\nAT$TOAST=1\n".encode("cp1251")
    body = {"base64": base64.b64encode(raw).decode()}
    found = await hub.call("POST", "/api/v1/settings_files", body, "engineer")
    assert found.json() == {
        "lines": ["AT$SIM_MAIN=1", "AT$SIM_PIN1={{sim_pin1}}"],
        "errors": [{"line": 4, "message": "TOAST: no such setting is known"}],
        "secrets": ["sim_pin1"],
        "dangerous": ["SIM_MAIN", "SIM_PIN1"],
    }
    for wrong in ({}, {"text": "x", "base64": "eA=="}, {"base64": "!"}, {"base64": "AAAA"}):
        assert (await hub.call("POST", "/api/v1/settings_files", wrong, "engineer")).status == 422


async def test_texts_of_sms_for_a_new_modem_and_for_settings(hub: WholeHub) -> None:
    first = {"first": {"address": "203.0.113.5", "port": 5009, "apn": "internet"}}
    texts = (await hub.call("POST", "/api/v1/settings_sms", first, "engineer")).json()["texts"]
    assert texts == ["5492 IP203.0.113.5:5009TIME0IRZ,ENC,APN1=internet"]
    lines = {"lines": ["AT$SIM_MAIN=1", "AT$SIM_PIN1=9876"], "password": "1234"}
    shown = (await hub.call("POST", "/api/v1/settings_sms", lines, "engineer")).json()
    assert shown == {"texts": ["1234 0AT$SIM_MAIN=1", "1234 1AT$SIM_PIN1=9876"], "lengths": [19, 22]}
    wrongs: list[dict[str, Any]] = [{}, {**first, **lines}, {"lines": ["AT$TOAST=1"]}, {"lines": []}]
    for wrong in wrongs:
        assert (await hub.call("POST", "/api/v1/settings_sms", wrong, "engineer")).status == 422


async def test_who_may_not_and_what_cannot_be(hub: WholeHub) -> None:
    modem = await come(hub)
    body = {"target": {"modems": [IMEI]}, "lines": ["AT$SIM_MAIN=1"]}
    assert (await hub.call("POST", "/api/v1/modem_settings", body, "operator")).status == 403
    assert (await hub.call("GET", f"/api/v1/modems/{IMEI}/settings", token="viewer")).status == 403
    refused = await hub.call("POST", "/api/v1/modem_settings", {**body, "lines": ["AT$IRZ_PWD=Zaq12345"]}, "engineer")
    assert (refused.status, b"Zaq" in refused.body) == (422, False)
    assert (await hub.call("GET", "/api/v1/modems/868441036775299/settings")).status == 404
    await modem.stop()


async def test_a_template_of_another_organisation_cannot_be_sent(hub: WholeHub) -> None:
    for id_ in ("north", "south"):
        await hub.call("POST", "/api/v1/organisations", {"id": id_, "name": id_})
    row = token_row("south", "token-of-south", "admin", organisations=("south",))
    await hub.hub.store.write(lambda conn: add_token(conn, row))
    await hub.call("POST", "/api/v1/modems", {"imei": IMEI, "organisation": "south"})
    ids: dict[str, str] = {}
    for owner in ("north", "south", None):
        wish = {"name": f"of {owner}", "lines": ["AT$SIM_APN1=vpn.of.the.north"], "organisation": owner}
        made = await hub.call("POST", "/api/v1/settings_templates", wish)
        assert made.status == 201, made.body
        ids[str(owner)] = made.json()["id"]

    async def send(template: str) -> tuple[int, Any]:
        body = {"target": {"modems": [IMEI]}, "template": template}
        reply = await hub.call("POST", "/api/v1/modem_settings", body, "token-of-south")
        return reply.status, reply.json().get("errors")

    unknown = await send("01M1SS1NG00000000000000000")
    assert unknown == (422, [{"field": "template", "message": "expected the id of a template of settings"}])
    assert await send(ids["north"]) == unknown
    assert (await hub.call("GET", "/api/v1/jobs")).json()["items"] == []
    assert (await send(ids["south"]))[0] == (await send(ids["None"]))[0] == 202
