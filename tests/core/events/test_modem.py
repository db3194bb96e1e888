"""What modems do, in the words of docs/contract.md 2."""

from datetime import UTC, datetime
from typing import get_args

from irzhub.core.event_json import event_data
from irzhub.core.events.modem import DisconnectReason, GpiChanged, ModemDisconnected
from tests.conftest import ROOT

NOW = datetime(2026, 11, 22, 11, tzinfo=UTC)


def test_the_contract_names_each_reason_of_a_disconnect() -> None:
    contract = (ROOT / "docs/contract.md").read_text().partition("`disconnected` (`reason`:")[2].partition(")")[0]

    assert [each.strip(" `\n") for each in contract.split(",")] == list(get_args(DisconnectReason))


def test_a_change_that_nobody_saw_says_since_when_it_may_have_been() -> None:
    event = GpiChanged(ts=NOW, pin=1, level="ON", previous="OFF", source="inferred", not_before=NOW)

    assert event_data(event) == {
        "pin": 1,
        "level": "ON",
        "previous": "OFF",
        "source": "inferred",
        "not_before": "2026-11-22T11:00:00.000Z",
        "name": None,
        "alarm": None,
    }


def test_what_is_unknown_of_an_ended_session_is_null() -> None:
    event = ModemDisconnected(ts=NOW, reason="hub_restart")

    assert (event.session, event.detail, event.lasted_s) == (None, None, None)
