"""What was ordered, and how it ended."""

from datetime import UTC, datetime

from irzhub.core.event_json import build_event, event_data
from irzhub.core.events.work import CommandFinished, JobFinished, SettingsFinished

NOW = datetime(2026, 11, 22, 11, tzinfo=UTC)


def test_two_events_share_no_result() -> None:
    first = CommandFinished(ts=NOW, command="signal", status="ok", origin="rest:anna")
    second = CommandFinished(ts=NOW, command="signal", status="ok", origin="rest:anna")
    first.result["csq"] = 21

    assert second.result == {}


def test_settings_are_told_by_name_and_never_by_value() -> None:
    event = SettingsFinished(
        ts=NOW, status="ok", via="gprs", job="01K", origin="rest:anna", settings=["APN"], acknowledged=1
    )

    assert event_data(event)["settings"] == ["APN"]
    assert not {"values", "value"} & set(event_data(event))


def test_the_counts_of_a_job_survive_the_journal() -> None:
    event = JobFinished(ts=NOW, job="01K", kind="command", status="done", total=3, counts={"done": 2, "failed": 1})

    assert build_event("job_finished", NOW, None, event_data(event), 0, "") == event
