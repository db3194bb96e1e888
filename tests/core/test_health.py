"""Which part works, and how often that is said."""

import logging

import pytest

from irzhub.core.bus import Bus
from irzhub.core.health import Health, HealthChanged, PartHealth, PartState


@pytest.fixture
def changes() -> list[PartHealth]:
    return []


@pytest.fixture
def health(changes: list[PartHealth]) -> Health:
    bus = Bus()
    bus.subscribe(HealthChanged, lambda changed: changes.append(changed.health))
    return Health(bus)


def test_change_of_state_is_told_once_with_its_detail(health: Health, changes: list[PartHealth]) -> None:
    health.set("mqtt", "up", "127.0.0.1:1883")
    health.set("mqtt", "up", "127.0.0.1:1884")
    health.set("mqtt", "down", "connection refused")
    health.set("mqtt", "down", "connection refused again")

    assert changes == [PartHealth("mqtt", "up", "127.0.0.1:1883"), PartHealth("mqtt", "down", "connection refused")]
    assert health.get("mqtt") == PartHealth("mqtt", "down", "connection refused again")


def test_one_log_line_when_a_part_goes_and_one_when_it_is_back(
    health: Health, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for state in ("up", "down", "down", "down", "up"):
            health.set("broker", state, "why" if state == "down" else "")

    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("INFO", "broker is up"),
        ("WARNING", "broker is down: why"),
        ("INFO", "broker is up"),
    ]


@pytest.mark.parametrize(
    ("states", "ready"),
    [
        ({}, False),
        ({"relay": "up"}, False),
        ({"local_store": "up"}, False),
        ({"relay": "up", "local_store": "up"}, True),
        ({"relay": "up", "local_store": "up", "database": "down", "broker": "down"}, True),
        ({"relay": "degraded", "local_store": "up"}, True),  # a worker is away, the others serve
        ({"relay": "up", "local_store": "starting"}, False),
    ],
)
def test_ready_needs_the_relay_and_the_local_store_only(
    health: Health, states: dict[str, PartState], ready: bool
) -> None:
    for part, state in states.items():
        health.set(part, state)

    assert health.is_ready is ready


@pytest.mark.parametrize(
    ("state", "degraded"), [("starting", False), ("up", False), ("degraded", True), ("down", True)]
)
def test_degraded_is_whoever_is_not_well(health: Health, state: PartState, degraded: bool) -> None:
    health.set("web", "up")
    health.set("mqtt", state)

    assert health.is_degraded is degraded


def test_parts_that_never_spoke_are_unknown(health: Health) -> None:
    health.set("web", "up")

    assert health.get("mqtt") is None
    assert [part.part for part in health] == ["web"]
