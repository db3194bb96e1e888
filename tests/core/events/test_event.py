"""What every event has, before the journal and behind it."""

import dataclasses
from datetime import UTC, datetime

from irzhub.core.event_json import event_data, event_type
from irzhub.core.events.event import Event, UnknownEvent

NOW = datetime(2026, 11, 22, 11, tzinfo=UTC)


def test_an_event_has_no_number_until_the_journal_gives_one() -> None:
    event = Event(ts=NOW)

    assert (event.modem, event.seq, event.id, event.durable) == (None, 0, "", True)
    assert dataclasses.replace(event, seq=7, id="01K").seq == 7


def test_an_unknown_event_stays_what_it_was() -> None:
    event = UnknownEvent(ts=NOW, original_type="lid_opened", original={"lid": 2})

    assert event_type(event) == "lid_opened"
    assert event_data(event) == {"lid": 2}
