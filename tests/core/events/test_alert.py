"""Incidents, and what comes in by the hub's own GSM modem."""

from datetime import UTC, datetime

from irzhub.core.event_json import event_data
from irzhub.core.events.alert import AlertClosed, AlertOpened, CallReceived

NOW = datetime(2026, 11, 22, 11, tzinfo=UTC)


def test_the_end_of_an_incident_names_the_incident_that_began() -> None:
    opened = AlertOpened(ts=NOW, alert=7, kind="offline", subject="8684", severity="major", text="no link")
    closed = AlertClosed(ts=NOW, alert=7, kind="offline", subject="8684", severity="major", lasted_s=61.5)

    assert event_data(opened).keys() & event_data(closed).keys() == {"alert", "kind", "subject", "severity"}
    assert closed.count == 1


def test_a_withheld_number_is_empty() -> None:
    assert event_data(CallReceived(ts=NOW, number="")) == {"number": "", "by": ""}
