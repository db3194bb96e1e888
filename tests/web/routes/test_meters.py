"""Meters by REST: entered, found, changed, moved, removed."""

from datetime import UTC, datetime, timedelta

from irzhub.relay.messages import MetersPolled
from irzhub.relay.polls import Poll
from irzhub.web.models_meters import LineAddresses, Meter
from tests.web.conftest import IMEI, Hub

OTHER = "868441036775235"


def polled(hub: Hub, address: str, modem: str = IMEI, **counts: int) -> None:
    at = (datetime.now(UTC) - timedelta(seconds=1)).timestamp()
    poll = Poll(
        program="10.0.0.7",
        protocol="modbus",
        address=address,
        asked=sum(counts.values()),
        first_asked=at,
        last_asked=at,
        last_answered=at if counts.get("answered") else 0.0,
        **counts,  # type: ignore[arg-type]
    )
    hub.desks.meters.polled(MetersPolled(polls={modem: [poll]}))


async def test_a_meter_is_entered_and_shows_what_the_hub_has_heard_of_it(hub: Hub) -> None:
    hub.add_modem(name="Садовая, 31")
    new = {"modem": IMEI, "type": "Меркурий 230", "serial": "41190273", "address": "7"}
    made = await hub.call("POST", "/api/v1/meters", "engineer", json=new)
    polled(hub, "7", answered=2, silent=1)
    meter = (await hub.get(made.headers["Location"], "viewer")).json()

    assert made.status == 201
    assert Meter.model_validate(meter).modem_name == "Садовая, 31"
    assert (meter["type"], meter["serial"], meter["protocol"]) == ("Меркурий 230", "41190273", "modbus")
    assert meter["last_answered"] is not None
    assert meter["silent_since"] is None


async def test_a_list_is_searched_by_serial_number_and_name_of_the_modem(hub: Hub) -> None:
    hub.add_modem(name="Садовая, 31")
    hub.add_modem(OTHER, name="Школьная, 40")
    for modem, serial in ((IMEI, "41190273"), (OTHER, "2207418")):
        await hub.desks.meters.add(modem, serial=serial)

    for words, serials in (("4119", ["41190273"]), ("школьная", ["2207418"]), ("нет", [])):
        page = (await hub.get("/api/v1/meters", params={"filter": words})).json()
        assert [each["serial"] for each in page["items"]] == serials


async def test_an_edit_meets_another_ones(hub: Hub) -> None:
    hub.add_modem()
    row = await hub.desks.meters.add(IMEI, serial="1")
    where = f"/api/v1/meters/{row.id}"
    tag = (await hub.get(where)).headers["ETag"]
    first = await hub.call("PATCH", where, "engineer", json={"serial": "2"}, headers={"If-Match": tag})
    second = await hub.call("PATCH", where, "engineer", json={"serial": "3"}, headers={"If-Match": tag})

    assert (first.status, first.json()["serial"], second.status) == (200, "2", 412)
    assert first.headers["ETag"] != tag


async def test_a_meter_is_moved_to_another_modem_but_to_none_that_is_unknown(hub: Hub) -> None:
    hub.add_modem()
    hub.add_modem(OTHER)
    row = await hub.desks.meters.add(IMEI, serial="1")
    where = f"/api/v1/meters/{row.id}"
    refused = await hub.call("PATCH", where, "engineer", json={"modem": "868441036779999"})
    moved = await hub.call("PATCH", where, "engineer", json={"modem": OTHER})

    assert (refused.status, refused.json()["errors"][0]["field"]) == (422, "modem")
    assert moved.json()["modem"] == OTHER
    assert [meter.modem for meter in hub.desks.meters.meters()] == [OTHER]


async def test_a_removed_meter_is_gone(hub: Hub) -> None:
    hub.add_modem()
    row = await hub.desks.meters.add(IMEI)
    where = f"/api/v1/meters/{row.id}"
    assert (await hub.call("DELETE", where, "engineer")).status == 204
    assert (await hub.get(where)).status == 404
    assert (await hub.call("DELETE", where, "viewer")).status == 403


async def test_a_line_shows_meters_that_nobody_entered(hub: Hub) -> None:
    hub.add_modem()
    row = await hub.desks.meters.add(IMEI, address="7")
    polled(hub, "7", answered=2, silent=1)
    polled(hub, "9", answered=1)
    line = (await hub.get(f"/api/v1/modems/{IMEI}/meters")).json()

    LineAddresses.model_validate(line)
    assert [(each["address"], each["meter"], each["asked"], each["answered"]) for each in line["items"]] == [
        ("7", row.id, 3, 2),
        ("9", None, 1, 1),
    ]


async def test_the_modem_shows_the_meters_behind_it(hub: Hub) -> None:
    hub.add_modem()
    row = await hub.desks.meters.add(IMEI, type="Меркурий 230", serial="41190273", address="7", comment="щитовая")
    modem = (await hub.get(f"/api/v1/modems/{IMEI}")).json()
    assert modem["meters"] == [
        {"id": row.id, "type": "Меркурий 230", "serial": "41190273", "address": "7", "comment": "щитовая"}
    ]
    assert (modem["presence"], modem["expected"]) == ("always", True)
