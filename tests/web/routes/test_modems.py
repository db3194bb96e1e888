"""`/api/v1/modems`: list, one, edit."""

import time
from functools import partial
from typing import Any

import pytest

from irzhub.storage.accounts import add_token
from irzhub.storage.inputs import InputRow
from irzhub.web.models import Modem, ModemEdit
from irzhub.web.permissions import MODEM_FIELDS, Right
from tests.web.conftest import IMEI, WHEN, Hub, Knocker, token_row

ONE = f"/api/v1/modems/{IMEI}"


async def test_a_modem_tells_all_that_is_known_of_it(hub: Hub) -> None:
    hub.add_modem(
        name="Котельная 7",
        group="Север",
        link="online",
        clients=1,
        csq=21,
        sim=1,
        gpi={2: None, 1: "ON"},
        gpo={4: "OFF"},
        rx_bytes=1200,
        tx_bytes=90,
        last_seen=WHEN,
        observed_at=WHEN,
        model="ATM21.B",
        firmware="3.11",
        temperature_c=-4,
    )
    hub.registry.settings[IMEI] = {1: InputRow(IMEI, 1, "Дверь", True, 5.0, "OFF")}

    reply = await hub.get(ONE, token="viewer")

    assert reply.status == 200
    assert reply.json() == {
        "modem": IMEI,
        "imei": IMEI,
        "channel": None,
        "name": "Котельная 7",
        "group": "Север",
        "organisation": None,
        "site": None,
        "comment": "",
        "phone_sim1": None,
        "phone_sim2": None,
        "commissioning": False,
        "state": "online",
        "stale": False,
        "address": "127.0.0.1:20000",
        "port": 20000,
        "peer": None,
        "clients": 1,
        "model": "ATM21.B",
        "firmware": "3.11",
        "sim": 1,
        "iccid": None,
        "csq": 21,
        "rssi_dbm": -71,
        "temperature_c": -4,
        "cell": None,
        "rx_bytes": 1200,
        "tx_bytes": 90,
        "gpi": {"1": "ON", "2": None},
        "gpo": {"4": "OFF"},
        "inputs": {"1": {"name": "Дверь", "invert": True, "debounce": 5.0, "normal": "OFF"}},
        "relay": {},
        "meters": [],
        "last_seen": "2026-11-21T18:57:03.120Z",
        "observed_at": "2026-11-21T18:57:03.120Z",
        "registered_at": "2026-11-21T18:57:03.120Z",
        "encapsulated": None,
        "default_password": False,
        "outputs": {},
        "presence": "always",
        "expected": True,
        "problem": None,
    }
    assert Modem.model_validate(reply.json()).model_dump() == reply.json()


@pytest.mark.parametrize("values", [{"link": "offline"}, {"link": "standby"}, {"link": "online", "confirmed": False}])
async def test_values_of_a_modem_that_is_away_are_stale(hub: Hub, values: dict[str, Any]) -> None:
    hub.add_modem(csq=21, **values)

    assert (await hub.get(ONE)).json()["stale"] is True


@pytest.mark.parametrize(
    "modem", ["868441036775299", "nobody", "..%2f..%2fetc%2fpasswd", "%00", "868441036775234%0a", "²"]
)
async def test_who_is_not_known_is_not_found(hub: Hub, modem: str) -> None:
    hub.add_modem()

    reply = await hub.get(f"/api/v1/modems/{modem}")

    assert reply.status == 404
    assert reply.headers["Content-Type"] == "application/problem+json"


async def test_one_that_awaits_approval_is_shown_without_a_port(hub: Hub) -> None:
    hub.registry.knocking = [Knocker("868441036775299", "868441036775299")]

    listed = (await hub.get("/api/v1/modems")).json()["items"]
    single = await hub.get("/api/v1/modems/868441036775299")

    assert [single.json()] == listed
    assert single.json()["state"] == "quarantined"
    assert (single.json()["address"], single.json()["port"]) == (None, None)
    assert single.json()["problem"] == "the password is another one"


async def test_pages_hold_together_while_modems_come_and_go(hub: Hub) -> None:
    for number in range(10):
        hub.add_modem(f"86844103677520{number}", name=f"m{number}")

    first = (await hub.get("/api/v1/modems?limit=4")).json()
    hub.states.forget("868441036775201")  # already shown
    hub.add_modem("868441036775199")  # would have been shown
    second = (await hub.get(f"/api/v1/modems?limit=4&cursor={first['next']}")).json()
    third = (await hub.get(f"/api/v1/modems?limit=4&cursor={second['next']}")).json()

    names = [[item["name"] for item in page["items"]] for page in (first, second, third)]
    assert names == [["m0", "m1", "m2", "m3"], ["m4", "m5", "m6", "m7"], ["m8", "m9"]]
    assert third["next"] is None
    assert first["total"] == 10


async def test_a_list_is_filtered_sorted_and_cut_to_fields(hub: Hub) -> None:
    hub.add_modem("868441036775201", name="Школа", group="Север", link="online", csq=12)
    hub.add_modem("868441036775202", name="Дверь на Садовой", group="Север", link="online", csq=25)
    hub.add_modem("868441036775203", name="Баня", group="Юг", link="offline")
    hub.add_modem("868441036775204", name="Дворец", group="Север", link="online")

    reply = await hub.get("/api/v1/modems?filter=group:север state:online&sort=-csq&fields=name,csq")

    assert reply.json() == {
        "items": [
            {"name": "Дверь на Садовой", "csq": 25},
            {"name": "Школа", "csq": 12},
            {"name": "Дворец", "csq": None},
        ],
        "next": None,
        "total": 3,
    }


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=ten", "limit"),
        ("limit=1&limit=2", "limit"),
        ("cursor=abc", "cursor"),
        ("cursor=WyJtb2RlbSIsMSwieCJd", "cursor"),
        ("cursor=" + "A" * 1001, "cursor"),
        ("sort=password", "sort"),
        ("fields=password", "fields"),
        ("filter=password:x", "filter"),
        ("filter=%22open", "filter"),
        ("filter=" + "a+" * 11, "filter"),
        ("page=2", "page"),
    ],
)
async def test_a_wrong_query_is_refused_by_name(hub: Hub, query: str, field: str) -> None:
    reply = await hub.get(f"/api/v1/modems?{query}")

    assert reply.status == 400
    assert [each["field"] for each in reply.json()["errors"]] == [field]


async def test_the_first_page_of_ten_thousand_is_quick(hub: Hub) -> None:
    for number in range(10_000):
        hub.add_modem(str(868441036000000 + number), name=f"ТП-{number}", link="online" if number % 3 else "offline")

    began = time.perf_counter()
    reply = await hub.get("/api/v1/modems?filter=state:online&sort=name&limit=100")
    took = time.perf_counter() - began

    assert (len(reply.json()["items"]), reply.json()["total"]) == (100, 6666)
    assert took < 0.5


async def test_an_edit_changes_what_was_sent_and_nothing_else(hub: Hub) -> None:
    hub.add_modem(name="old", group="Север", comment="ключ у сторожа")
    tag = (await hub.get(ONE)).headers["ETag"]
    edit = {
        "name": "Котельная 7",
        "comment": None,
        "inputs": {"1": {"name": "Дверь", "debounce": "00:00:05"}, "2": {"invert": True, "normal": "ON"}},
    }

    reply = await hub.call("PATCH", ONE, "engineer", json=edit, headers={"If-Match": tag})

    after = reply.json()
    assert (reply.status, after["name"], after["group"], after["comment"]) == (200, "Котельная 7", "Север", "")
    assert after["inputs"] == {
        "1": {"name": "Дверь", "invert": False, "debounce": 5.0, "normal": None},
        "2": {"name": "", "invert": True, "debounce": 0.0, "normal": "ON"},
    }
    assert reply.headers["ETag"] == (await hub.get(ONE)).headers["ETag"] != tag


async def test_edits_of_an_input_merge_and_null_is_the_default(hub: Hub) -> None:
    hub.add_modem()
    hub.registry.settings[IMEI] = {1: InputRow(IMEI, 1, "Дверь", True, 5.0, "OFF"), 2: InputRow(IMEI, 2, "Дым")}

    edit = {"inputs": {"1": {"normal": None, "debounce": 0.5}, "2": None}}
    reply = await hub.call("PATCH", ONE, json=edit, headers={"Content-Type": "application/merge-patch+json"})

    assert reply.json()["inputs"] == {
        "1": {"name": "Дверь", "invert": True, "debounce": 0.5, "normal": None},
        "2": {"name": "", "invert": False, "debounce": 0.0, "normal": None},
    }


async def test_the_slower_of_two_editors_is_told(hub: Hub) -> None:
    hub.add_modem()
    tag = (await hub.get(ONE)).headers["ETag"]
    hub.states.update(IMEI, csq=30, rx_bytes=1)  # a live value is nobody's edit
    first = await hub.call("PATCH", ONE, json={"name": "a"}, headers={"If-Match": tag})

    second = await hub.call("PATCH", ONE, json={"name": "b"}, headers={"If-Match": tag})

    assert (first.status, second.status, second.json()["code"]) == (200, 412, "changed_meanwhile")
    assert hub.states.get(IMEI).name == "a"


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        ({"name": 5}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"name": "a" * 201}, "name"),
        ({"comment": "a" * 2001}, "comment"),
        ({"port": 20001}, "port"),
        ({"role": "admin"}, "role"),
        ({"imei": "868441036775299"}, "imei"),
        ({"inputs": {"6": {}}}, "inputs.6.[key]"),
        ({"inputs": {"0x1": {}}}, "inputs.0x1.[key]"),
        ({"inputs": {"1": {"debounce": -1}}}, "inputs.1.debounce"),
        ({"inputs": {"1": {"debounce": "soon"}}}, "inputs.1.debounce"),
        ({"inputs": {"1": {"debounce": 1e9}}}, "inputs.1.debounce"),
        ({"inputs": {"1": {"invert": "yes"}}}, "inputs.1.invert"),
        ({"inputs": {"1": {"normal": "on"}}}, "inputs.1.normal"),
        ({"inputs": {"1": {"level": "ON"}}}, "inputs.1.level"),
        ({"inputs": []}, "inputs"),
        ([], "body"),
        ("name", "body"),
        (7, "body"),
    ],
)
async def test_a_wrong_edit_names_its_field_and_changes_nothing(hub: Hub, edit: Any, field: str) -> None:
    before = hub.add_modem(name="old")

    reply = await hub.call("PATCH", ONE, json=edit, headers={"Content-Type": "application/json"})

    assert reply.status == 422
    assert [each["field"] for each in reply.json()["errors"]] == [field]
    assert hub.states.get(IMEI) == before


async def test_outputs_are_named_and_watched_by_a_feedback(hub: Hub) -> None:
    hub.add_modem()
    tag = (await hub.get(ONE)).headers["ETag"]
    edit = {"outputs": {"4": {"name": "Насос", "feedback": 2, "invert": True, "time": 5}, "5": {"name": "Свет"}}}
    reply = await hub.call("PATCH", ONE, "engineer", json=edit, headers={"If-Match": tag})
    assert reply.status == 200, reply.text
    assert reply.headers["ETag"] != tag
    shown = reply.json()["outputs"]
    assert [(pin, each["name"], each["feedback"], each["invert"], each["time"]) for pin, each in shown.items()] == [
        ("4", "Насос", 2, True, 5.0),
        ("5", "Свет", None, False, 10.0),
    ]
    emptied = await hub.call("PATCH", ONE, json={"outputs": {"4": {"feedback": None}, "5": None}})
    after = emptied.json()["outputs"]
    assert (after["4"]["name"], after["4"]["feedback"], after["5"]["name"]) == ("Насос", None, "")
    assert (await hub.call("PATCH", ONE, "operator", json=edit)).status == 403
    stale = await hub.call("PATCH", ONE, json={"name": "x"}, headers={"If-Match": tag})
    assert stale.status == 412


@pytest.mark.parametrize(
    "edit",
    [{"outputs": {"9": {}}}, {"outputs": {"4": {"feedback": 6}}}, {"outputs": {"4": {"time": -1}}}, {"outputs": []}],
)
async def test_a_wrong_output_is_refused(hub: Hub, edit: Any) -> None:
    hub.add_modem()
    assert (await hub.call("PATCH", ONE, json=edit)).status == 422
    assert (await hub.get(ONE)).json()["outputs"] == {}


DESCRIPTION, GROUPS, SETTINGS = Right.EDIT_DESCRIPTION, Right.EDIT_GROUPS, Right.MODEM_SETTINGS
EDITS: list[tuple[dict[str, Any], Right]] = [
    ({"name": "Школа"}, DESCRIPTION),
    ({"comment": "за рекой"}, DESCRIPTION),
    ({"phone_sim1": "+79211234567"}, DESCRIPTION),
    ({"phone_sim2": None}, DESCRIPTION),
    ({"site": None}, DESCRIPTION),
    ({"group": "Юг"}, GROUPS),
    ({"organisation": None}, GROUPS),
    ({"relay": {"offline": "refuse"}}, GROUPS),
    ({"inputs": {"1": {"name": "Дверь"}}}, SETTINGS),
    ({"outputs": {"4": {"name": "Насос"}}}, SETTINGS),
    ({}, DESCRIPTION),
]


async def test_each_field_is_changed_by_who_has_its_right_and_by_nobody_else(hub: Hub) -> None:
    assert {name for edit, _ in EDITS for name in edit} == set(ModemEdit.model_fields) == set(MODEM_FIELDS)
    hub.add_modem(group="Север")
    for right in (DESCRIPTION, GROUPS, SETTINGS):
        row = token_row(right.name, right.value, "viewer", rights_added=(right.value,))
        await hub.store.write(partial(add_token, row=row))
    seen = {
        (str(edit), holder.value): (await hub.call("PATCH", ONE, holder.value, json=edit)).status
        for edit, _ in EDITS
        for holder in (DESCRIPTION, GROUPS, SETTINGS)
    }
    assert seen == {
        (str(edit), holder.value): 200 if holder is right else 403
        for edit, right in EDITS
        for holder in (DESCRIPTION, GROUPS, SETTINGS)
    }
    both = {"name": "Школа", "inputs": {"1": {"invert": True}}}
    refused = await hub.call("PATCH", ONE, DESCRIPTION.value, json=both)
    assert (refused.status, "modems.settings" in refused.json()["detail"]) == (403, True)
    assert hub.registry.inputs(IMEI)[1].invert is False
