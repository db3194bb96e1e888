"""Things that happen have one shape, and come back from the disk as they were."""

import pytest

from irzhub.automation.occurrence import Occurrence
from irzhub.core.events import GpiChanged
from tests.automation.rig import MODEM, START

DOOR = GpiChanged(
    ts=START, modem=MODEM, seq=7, id="01K", pin=1, level="ON", previous="OFF", source="report", name="дверь"
)


def test_an_event_is_an_occurrence_and_an_occurrence_was_an_event() -> None:
    occurrence = Occurrence.of(DOOR, depth=2)

    assert (occurrence.kind, occurrence.modem, occurrence.seq, occurrence.depth) == ("gpi_changed", MODEM, 7, 2)
    assert occurrence.data["name"] == "дверь"
    assert occurrence.event() == DOOR


def test_it_comes_back_as_it_was_stored() -> None:
    occurrence = Occurrence.of(DOOR, depth=1)
    assert Occurrence.from_json(occurrence.to_json()) == occurrence


@pytest.mark.parametrize("stored", [{}, {"ts": "yesterday"}, {"ts": "2026-11-20T18:00:00Z", "colour": "red"}])
def test_what_another_version_stored_is_refused(stored: dict[str, str]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Occurrence.from_json(stored)


def test_what_was_no_event_is_none() -> None:
    assert Occurrence(kind="time", ts=START, id="time/1").event() is None


def test_programs_see_an_event_and_no_secret() -> None:
    called = Occurrence(kind="webhook", ts=START, id="01K", data={"webhook_id": "abcdefgh", "json": {"a": 1}})
    assert called.shown() == {
        "id": "01K",
        "seq": 0,
        "ts": "2026-11-20T18:00:00.000Z",
        "type": "webhook",
        "modem": None,
        "data": {"json": {"a": 1}},
    }
