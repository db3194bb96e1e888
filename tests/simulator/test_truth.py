"""The log of what really happened."""

import json

from irzhub.simulator.truth import PinChange, TruthLog

ON = PinChange(1.5, "868000000000000", 2, "ON", True)
OFF = PinChange(2.5, "868000000000000", 2, "OFF", False)


def test_keeps_changes_in_order_and_the_newest_level() -> None:
    truth = TruthLog()
    truth.record(ON)
    truth.record(OFF)

    assert truth.changes == [ON, OFF]
    assert truth.levels == {("868000000000000", 2): "OFF"}
    assert (truth.count, truth.take_lines()) == (2, "")


def test_lines_are_taken_once_and_nothing_piles_up() -> None:
    truth = TruthLog(keeps_lines=True)
    truth.record(ON)

    assert json.loads(truth.take_lines()) == {
        "t": 1.5,
        "imei": "868000000000000",
        "pin": 2,
        "level": "ON",
        "sent": True,
    }
    assert (truth.take_lines(), truth.changes, truth.count) == ("", [], 1)
