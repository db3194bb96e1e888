"""What every event is, of the whole part."""

import dataclasses
from datetime import UTC, datetime

import pytest

from irzhub.core import events
from irzhub.core.event_json import EVENT_TYPES
from irzhub.core.events import Event, ModemRejected, UnknownEvent

CLASSES = [each for each in vars(events).values() if isinstance(each, type) and issubclass(each, Event)]


def test_each_class_has_a_type_of_its_own_and_can_be_read_back() -> None:
    told = [each for each in CLASSES if each not in (Event, UnknownEvent)]
    assert len({each.type for each in told}) == len(told)
    assert {each.type: each for each in told} == EVENT_TYPES


def test_what_has_happened_cannot_be_changed() -> None:
    event = ModemRejected(ts=datetime.now(UTC), reason="wrong_password", peer="10.0.0.1:1")
    with pytest.raises(dataclasses.FrozenInstanceError):
        event.reason = "other"  # type: ignore[misc]  # the point
