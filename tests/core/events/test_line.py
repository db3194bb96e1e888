"""What happens on a meter's line, in the words of docs/contract.md 2."""

from datetime import UTC, datetime
from typing import get_args

from irzhub.core.event_json import event_data
from irzhub.core.events.line import ClientDisconnectReason, MeterSilent
from tests.conftest import ROOT

NOW = datetime(2026, 11, 22, 11, tzinfo=UTC)


def test_the_contract_names_each_reason_why_a_program_leaves() -> None:
    contract = (ROOT / "docs/contract.md").read_text().partition("`client_disconnected` (`reason`:")[2]

    assert [each.strip(" `\n") for each in contract.partition(")")[0].split(",")] == list(
        get_args(ClientDisconnectReason)
    )


def test_a_meter_that_never_answered_has_no_last_answer() -> None:
    event = MeterSilent(ts=NOW, address="", protocol="raw", in_vain=12, last_answered=None, program="10.0.0.9")

    data = event_data(event)
    assert (data["last_answered"], data["meter"], data["address"]) == (None, None, "")
