"""What of the bus comes into the audit."""

from datetime import UTC, datetime

from irzhub.audit.watch import row_of
from irzhub.core.events import CommandFinished, ImeiConflict, ModemConnected

NOW = datetime(2026, 11, 21, 18, 57, 3, 120000, tzinfo=UTC)
IMEI = "868441036775234"


def test_a_takeover_is_noted() -> None:
    row = row_of(ImeiConflict(ts=NOW, modem=IMEI, id="01A", peers=("10.0.0.1:1", "10.0.0.2:2")))

    assert row is not None
    assert (row.action, row.actor, row.modem, row.object) == ("imei_conflict", "hub", IMEI, {"event": "01A"})
    assert row.after == {"peers": ["10.0.0.1:1", "10.0.0.2:2"]}


def test_a_command_by_mqtt_is_noted_and_one_by_rest_has_its_row_already() -> None:
    by_mqtt = CommandFinished(ts=NOW, modem=IMEI, command="signal", status="error", origin="mqtt:scada")
    row = row_of(by_mqtt)

    assert row is not None
    assert (row.actor, row.action, row.result) == ("mqtt:scada", "command_finished", "failed")
    assert row_of(CommandFinished(ts=NOW, modem=IMEI, command="signal", status="ok", origin="rest:anna")) is None


def test_what_modems_do_of_themselves_is_no_matter_of_the_audit() -> None:
    assert row_of(ModemConnected(ts=NOW, modem=IMEI, session="s", peer="10.0.0.1:1")) is None
