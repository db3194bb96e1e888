"""What templates see of modems, of what happened and of the fleet."""

import json
from typing import Any

import pytest

from irzhub.automation.context import fleet_values, modem_values, trigger_values
from irzhub.automation.occurrence import Occurrence
from irzhub.automation.triggers import GpiTrigger, MqttTrigger, WebhookTrigger
from irzhub.core.state import ModemState
from tests.automation.rig import MODEM, OTHER, START


def test_a_modem_without_a_name_is_called_by_its_id() -> None:
    values = modem_values(ModemState(modem=MODEM, imei=MODEM, csq=17, gpi={1: "ON", 2: None}), MODEM)

    assert (values["name"], values["imei"], values["rssi_dbm"]) == (MODEM, MODEM, -79)
    assert values["gpi"] == {"1": "ON", "2": None}
    assert values["last_seen"] is None


def test_of_a_modem_that_nobody_knows_all_but_its_id_is_unknown() -> None:
    values = modem_values(None, f"{MODEM}_2")
    assert (values["id"], values["imei"], values["csq"], values["link"]) == (f"{MODEM}_2", MODEM, None, "offline")
    assert modem_values(None, None)["id"] == ""


def test_what_happened_is_there_with_all_its_data() -> None:
    data = {"pin": 1, "level": "ON", "name": "дверь"}
    occurrence = Occurrence(kind="gpi_changed", ts=START, id="01K", modem=MODEM, data=data)

    values = trigger_values(occurrence, GpiTrigger(id="door", for_s=65.0), "ru")

    assert values["input"] == 1
    assert (values["id"], values["trigger"], values["for"], values["for_s"]) == ("door", "gpi", "1 мин 5 с", 65.0)
    assert (values["what"], values["ts"], values["event_id"]) == ("вход 1: вкл", "2026-11-20T18:00:00.000Z", "01K")


@pytest.mark.parametrize(
    ("payload", "parsed"),
    [
        ('{"t": 5, "list": [1, 2]}', {"t": 5, "list": [1, 2]}),
        ("17", 17),
        ("on", None),
        ("", None),
        ("[" * 30 + "]" * 30, None),
        ("[" * 5000, None),
        (json.dumps("x" * 70_000), None),
    ],
)
def test_a_payload_of_json_can_be_looked_into(payload: str, parsed: Any) -> None:
    occurrence = Occurrence(kind="mqtt", ts=START, id="1", data={"filter": "#", "topic": "a", "payload": payload})
    assert trigger_values(occurrence, MqttTrigger(topic="#"), "en")["json"] == parsed


def test_the_name_of_a_webhook_is_for_nobody() -> None:
    occurrence = Occurrence(kind="webhook", ts=START, id="1", data={"webhook_id": "abcdefgh", "json": {"a": 1}})
    values = trigger_values(occurrence, WebhookTrigger(webhook_id="abcdefgh"), "en")
    assert values["json"] == {"a": 1}
    assert "webhook_id" not in values


def test_the_fleet_in_numbers_and_names() -> None:
    states = [
        ModemState(modem=MODEM, imei=MODEM, link="online", csq=3, name="Котельная", group="Север/А"),
        ModemState(modem=OTHER, imei=OTHER, link="offline", group="Север", organisation="teplo"),
        ModemState(modem="868000000000001", imei="868000000000001", link="standby", group="Юг"),
    ]
    assert fleet_values(states, (), ()) == {
        "total": 3,
        "online": 1,
        "offline": 1,
        "standby": 1,
        "quarantined": 0,
        "offline_names": [OTHER],
        "weak_names": ["Котельная (3)"],
    }
    assert fleet_values(states, ("Север",), ())["total"] == 2
    assert fleet_values(states, (), ("teplo",))["offline_names"] == [OTHER]
