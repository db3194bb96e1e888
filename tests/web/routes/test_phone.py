"""SMS and calls over REST, through the integration and a modem on a real terminal."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from integrations.gsm_modem.counter import Counter
from integrations.gsm_modem.desk import PhoneDesk
from integrations.gsm_modem.schema import GsmSettings, ModemPlace
from irzhub.api import IntegrationHub
from irzhub.core.clock import SystemClock
from irzhub.fleet.ground import Ground
from irzhub.simulator.gsm_firmware import GsmFirmware
from irzhub.simulator.gsm_modem import GsmModem
from irzhub.storage.accounts import add_token
from irzhub.storage.phone import PhoneOrder, save_phone_order
from tests.web.conftest import IMEI, WHEN, Hub, token_row

TO = "+79211234567"
NORTH = "token-of-north"


@pytest.fixture
async def modem(tmp_path: Path) -> AsyncIterator[GsmModem]:
    async with GsmModem(GsmFirmware(registration=2), tmp_path / "usb-modem") as made:
        yield made


@pytest.fixture
async def phone(hub: Hub, modem: GsmModem) -> AsyncIterator[Hub]:
    """The web server beside a GSM modem that is not in its network yet."""
    ground = Ground(
        settings=hub.settings,
        store=hub.store,
        journal=hub.journal,
        bus=hub.bus,
        states=hub.states,
        services=hub.services,
        health=hub.health,
        metrics=hub.metrics,
        clock=SystemClock(),
    )
    integration = IntegrationHub("gsm_modem", ground)
    settings = GsmSettings(modems=(ModemPlace(name="main", port=modem.path),))
    desk = PhoneDesk(integration, settings)
    await desk.start()
    Counter(integration, desk, settings.numbers).open()
    yield hub
    await integration.close()


async def ends(hub: Hub, path: str, status: str) -> dict[str, Any]:
    """Wait until an order stands so."""
    async with asyncio.timeout(10):
        while (order := (await hub.get(path)).json())["status"] != status:
            await asyncio.sleep(0.02)
    return dict(order)


async def sends(hub: Hub, token: str = "operator", path: str = "sms", **body: Any) -> Any:
    if path == "sms":
        body.setdefault("text", "Дверь открыта")
    return await hub.call("POST", f"/api/v1/{path}", token, json=body)


async def test_an_sms_from_the_queue_to_its_report(phone: Hub, modem: GsmModem) -> None:
    reply = await sends(phone, to="+7 921 123-45-67", urgency="now")
    order = reply.json()

    assert reply.status == 202
    assert reply.headers["Location"] == f"/api/v1/sms/{order['id']}"
    assert (order["status"], order["to"], order["urgency"], order["origin"]) == ("queued", TO, "now", "rest:operator")
    queue = (await phone.get("/api/v1/sms?status=queued", "viewer")).json()
    assert [each["id"] for each in queue["items"]] == [order["id"]]
    assert (await phone.get("/api/v1/gsm_modems")).json()["waiting"] == 1

    modem.firmware.registration = 1
    modem.say(b"\r\n+CREG: 1\r\n")
    ended = await ends(phone, reply.headers["Location"], "delivered")
    assert (ended["by"], ended["attempts"], ended["error"]) == ("main", 1, None)
    assert ended["sent_at"] is not None
    assert [(each.to, each.text) for each in modem.firmware.texts()] == [(TO, "Дверь открыта")]
    assert (await phone.get("/api/v1/sms?status=queued")).json() == {"items": [], "next": None}


async def test_one_that_waits_is_called_off_once(phone: Hub, modem: GsmModem) -> None:
    location = (await sends(phone, to=TO)).headers["Location"]

    assert (await phone.call("POST", f"{location}/cancel", "viewer")).status == 403
    reply = await phone.call("POST", f"{location}/cancel", "operator")
    assert (reply.status, reply.json()["status"]) == (200, "cancelled")
    again = await phone.call("POST", f"{location}/cancel", "operator")
    assert (again.status, again.json()["detail"]) == (409, "it is cancelled: only what waits can be called off")
    assert modem.firmware.submitted == []


async def test_a_call(phone: Hub, modem: GsmModem) -> None:
    modem.firmware.registration = 1
    phone.add_modem(phone_sim1="+79210000001")
    phone.registry.rows[IMEI] = replace(phone.registry.rows[IMEI], phone_sim1="+79210000001")
    reply = await sends(phone, path="calls", modem=IMEI, ring_s=1)
    assert reply.status == 202
    ended = await ends(phone, reply.headers["Location"], "rang")

    assert (ended["to"], ended["modem"], ended["ring_s"]) == ("+79210000001", IMEI, 1)
    assert modem.firmware.dialled == ["+79210000001"]
    assert (await phone.get(reply.headers["Location"].replace("calls", "sms"))).status == 404
    assert [each["id"] for each in (await phone.get("/api/v1/calls")).json()["items"]] == [ended["id"]]


@pytest.mark.parametrize("number", ["112", "101", "+112", "03", "111", "8-809-123-45-67"])
async def test_who_must_not_be_reached_is_not(phone: Hub, number: str) -> None:
    for path in ("sms", "calls"):
        reply = await sends(phone, "admin", path, to=number)
        assert (reply.status, reply.json()["code"]) == (422, "number_refused")
        assert reply.json()["errors"][0]["field"] == "to"


@pytest.mark.parametrize(
    "body",
    [{}, {"to": "*100#"}, {"to": TO, "text": ""}, {"to": TO, "expires_in": 0}, {"to": TO, "urgency": "loud"}],
    ids=["nobody", "ussd", "empty", "expired", "urgency"],
)
async def test_what_makes_no_sense_is_refused(phone: Hub, body: dict[str, Any]) -> None:
    assert (await sends(phone, **body)).status == 422


async def test_a_modem_without_a_number_and_one_that_nobody_knows(phone: Hub) -> None:
    phone.add_modem()

    assert (await sends(phone, modem=IMEI)).json()["code"] == "no_number"
    assert (await sends(phone, modem="868441036779999")).json()["code"] == "unknown_modem"


async def test_what_came_in(phone: Hub, modem: GsmModem) -> None:
    phone.add_modem(phone_sim1=TO)
    modem.firmware.registration = 1
    modem.firmware.deliver(TO, "OK 17")
    async with asyncio.timeout(10):
        while not (sms := (await phone.get("/api/v1/received_sms", "viewer")).json()["items"]):
            await asyncio.sleep(0.02)
        modem.firmware.ring("+79210000009")
        while not (calls := (await phone.get("/api/v1/received_calls", "viewer")).json()["items"]):
            await asyncio.sleep(0.02)

    assert [(each["number"], each["text"], each["modem"], each["by"]) for each in sms] == [(TO, "OK 17", IMEI, "main")]
    assert [(each["number"], each["modem"]) for each in calls] == [("+79210000009", None)]


async def test_how_the_modems_are(phone: Hub, modem: GsmModem) -> None:
    modem.firmware.registration = 1
    async with asyncio.timeout(10):
        while (told := (await phone.get("/api/v1/gsm_modems", "viewer")).json()["items"][0])["state"] != "ready":
            await asyncio.sleep(0.02)

    assert (told["csq"], told["rssi_dbm"], told["operator"]) == (21, -71, "MTS RUS")


async def test_without_the_integration(hub: Hub) -> None:
    assert (await hub.get("/api/v1/gsm_modems")).json() == {"items": [], "waiting": 0}
    refused = await sends(hub, to=TO)
    assert (refused.status, refused.json()["code"]) == (409, "no_gsm_modem")
    assert (await hub.get("/api/v1/sms")).json() == {"items": [], "next": None}


async def test_who_sees_a_part_of_the_hub(phone: Hub) -> None:
    row = token_row("north", NORTH, "operator", organisations=("north",))
    await phone.store.write(lambda connection: add_token(connection, row))
    phone.add_modem(organisation="north")
    phone.add_modem("868441036775299", organisation="south")
    for id_, modem in (("01", None), ("02", IMEI), ("03", "868441036775299")):
        order = PhoneOrder(
            id=f"{id_:0>26}", kind="sms", number=TO, text="x", modem=modem, origin="hub", priority=1, status="sent",
            created_at=WHEN,
        )  # fmt: skip
        await phone.store.write(partial(save_phone_order, row=order))

    assert [each["modem"] for each in (await phone.get("/api/v1/sms", NORTH)).json()["items"]] == [IMEI]
    assert (await phone.get(f"/api/v1/sms/{'01':0>26}", NORTH)).status == 404
    assert (await sends(phone, NORTH, to=TO)).json()["code"] == "beyond_own_scope"
    assert (await sends(phone, NORTH, modem="868441036775299")).json()["code"] == "unknown_modem"
    assert (await phone.get("/api/v1/gsm_modems", NORTH)).json()["items"] == []


async def test_pages(phone: Hub) -> None:
    for number in range(5):
        order = PhoneOrder(
            id=f"{number:0>26}", kind="sms", number=TO, text="x", modem=None, origin="hub", priority=1, status="sent",
            created_at=WHEN,
        )  # fmt: skip
        await phone.store.write(partial(save_phone_order, row=order))
    first = (await phone.get("/api/v1/sms?limit=3")).json()
    rest = (await phone.get(f"/api/v1/sms?limit=3&cursor={first['next']}")).json()

    assert [each["id"][-1] for each in first["items"] + rest["items"]] == ["4", "3", "2", "1", "0"]
    assert rest["next"] is None
