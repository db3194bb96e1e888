from dataclasses import replace

from irzhub.core.state import ModemState
from irzhub.storage.history_events import insert_events
from irzhub.storage.history_modems import delete_modems, load_registry, modem_values, upsert_modems
from irzhub.storage.inputs import InputRow
from irzhub.storage.local import Connection
from tests.storage.rows import MODEM, NOW, OTHER, event, modem_row

STATE = ModemState(
    modem=MODEM, imei=MODEM, link="online", csq=21, gpi={1: "ON", 2: None}, rx_bytes=5, last_seen=NOW, observed_at=NOW
)
DOOR = InputRow(MODEM, 1, "дверь", True, 0.5, "OFF")


def test_the_registry_comes_back_with_every_port_and_input(history_connection: Connection) -> None:
    row = replace(
        modem_row(), channel=2, overrides={"idle": 5}, organisation="teplo", site="7", phone_sim1="+79211234567"
    )
    upsert_modems(history_connection, [modem_values("main", row, [DOOR], STATE, NOW)])
    upsert_modems(history_connection, [modem_values("main", modem_row(OTHER, 20001), [], None, NOW)])
    insert_events(history_connection, "main", [event(41)])

    found = load_registry(history_connection, "main")

    snapshot = {
        "csq": 21,
        "rx_bytes": 5,
        "tx_bytes": 0,
        "last_seen": "2026-11-21T18:57:03.120Z",
        "observed_at": "2026-11-21T18:57:03.120Z",
    }
    assert found.modems == [replace(row, snapshot=snapshot), modem_row(OTHER, 20001)]
    assert found.inputs == [DOOR]
    assert found.last_seq == 41


def test_each_hub_has_its_own_fleet(history_connection: Connection) -> None:
    upsert_modems(history_connection, [modem_values("main", modem_row(), [], STATE, NOW)])
    upsert_modems(history_connection, [modem_values("south", modem_row(), [], STATE, NOW)])
    delete_modems(history_connection, "main", [MODEM, "nobody"])
    delete_modems(history_connection, "main", [])

    assert load_registry(history_connection, "main").modems == []
    assert len(load_registry(history_connection, "south").modems) == 1


def test_live_values_are_written_as_the_contract_names_them() -> None:
    values = modem_values("main", modem_row(), [DOOR], STATE, NOW)

    assert (values["state"], values["csq"], values["rssi_dbm"], values["temperature_c"]) == ("online", 21, -71, None)
    assert values["gpi"] == {"1": "ON", "2": None}
    assert values["inputs"] == [{"pin": 1, "name": "дверь", "invert": True, "debounce_s": 0.5, "normal": "OFF"}]
