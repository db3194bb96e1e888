"""Holds what a subscriber was told against what really happened at the simulated modems."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from irzhub.simulator.fleet import Fleet
from irzhub.simulator.truth import PinChange


def first_tellings(events: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each event once, as it came first; a repeat must be the very same."""
    seen: dict[str, dict[str, Any]] = {}
    for event in events:
        assert seen.setdefault(event["id"], event) == event, f"event {event['id']} was told in two ways"
    return list(seen.values())


def assert_all_told(truth: Iterable[PinChange], events: Iterable[dict[str, Any]]) -> None:
    """Every reported change was told, once but for repeats, in order for each modem, and nothing else was."""
    told = first_tellings(events)
    by_seq: dict[int, str] = {}
    newest: dict[str | None, int] = {}
    for event in told:
        assert by_seq.setdefault(event["seq"], event["id"]) == event["id"], f"number {event['seq']} was used twice"
        assert event["seq"] > newest.get(event["modem"], 0), f"event {event['seq']} of {event['modem']} came late"
        newest[event["modem"]] = event["seq"]

    wanted: dict[tuple[str, int], list[str]] = defaultdict(list)
    for change in truth:
        if change.sent:
            wanted[change.imei, change.pin].append(change.level)
    got: dict[tuple[str, int], list[str]] = defaultdict(list)
    for event in told:
        if event["type"] == "gpi_changed":
            got[event["modem"], event["data"]["pin"]].append(event["data"]["level"])
    assert {key: len(levels) for key, levels in got.items()} == {key: len(levels) for key, levels in wanted.items()}
    assert got == wanted


def assert_retained_state(fleet: Fleet, retained: dict[str, bytes]) -> None:
    """The retained topics of inputs and availability are what the modems really are."""
    for modem in fleet.modems:
        base = f"irzhub/modem/{modem.imei}"
        assert retained[f"{base}/availability"] == b"online", modem.imei
        for pin in (1, 2, 3):
            level = b"ON" if modem.pins.is_high(pin) else b"OFF"
            assert retained.get(f"{base}/gpi/{pin}") == level, (modem.imei, pin)
