"""From raw pins to what people are told: first values, comparisons, debounce, inversion, directions."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from irzhub.fleet.inputs import InputRule, ModemPins, Observation, RawPin

T0 = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def report(pins: ModemPins, seconds: float, *levels: str, asked: bool = False) -> list[str]:
    """Feed a report written as `I0 I1 O1` (direction and raw level by pin) and return the changes in words."""
    raw = [RawPin(number, text[0] == "O", text[1] == "1") for number, text in enumerate(levels, start=1)]
    return words(pins.observe(raw, at(seconds), asked=asked))


def words(seen: Observation) -> list[str]:
    return [
        f"{'out' if change.is_output else 'in'} {change.pin} {change.previous}>{change.level} {change.source}"
        f" @{(change.at - T0).total_seconds():g}"
        + (f" not before {(change.not_before - T0).total_seconds():g}" if change.not_before else "")
        for change in seen.changes
    ]


def level(pins: ModemPins, number: int) -> str:
    return pins.known[number].level


def test_first_value_ever_is_state_only() -> None:
    pins = ModemPins()
    pins.begin_session()

    assert report(pins, 0, "I1", "I0", "O1") == []
    assert [level(pins, number) for number in (1, 2, 3)] == ["ON", "OFF", "ON"]


def test_later_difference_is_a_change_with_its_source() -> None:
    pins = ModemPins()
    pins.begin_session()
    report(pins, 0, "I0", "I0", "I0", "O0")

    assert report(pins, 5, "I1", "I0", "I0", "O0") == ["in 1 OFF>ON report @5"]
    assert report(pins, 9, "I1", "I1", "I0", "O1", asked=True) == ["in 2 OFF>ON query @9", "out 4 OFF>ON query @9"]
    assert report(pins, 10, "I1", "I1", "I0", "O1") == []


def test_difference_found_after_a_reconnect_is_inferred_with_its_interval() -> None:
    pins = ModemPins()
    pins.begin_session()
    report(pins, 0, "I0", "I0")
    report(pins, 60, "I0", "I0", asked=True)

    pins.begin_session()

    assert report(pins, 600, "I1", "I0", asked=True) == ["in 1 OFF>ON inferred @600 not before 60"]
    assert report(pins, 610, "I0", "I0") == ["in 1 ON>OFF report @610"]


def test_inference_happens_once_for_each_session_even_without_a_difference() -> None:
    pins = ModemPins()
    pins.begin_session()
    report(pins, 0, "I0")
    pins.begin_session()
    report(pins, 10, "I0")

    assert report(pins, 11, "I1") == ["in 1 OFF>ON report @11"]


def test_inverted_input_shows_the_other_level_and_an_output_never_does() -> None:
    pins = ModemPins(rules={1: InputRule(invert=True), 2: InputRule(invert=True)})
    pins.begin_session()
    report(pins, 0, "I0", "O0")

    assert [level(pins, 1), level(pins, 2)] == ["ON", "OFF"]
    assert report(pins, 1, "I1", "O1") == ["in 1 ON>OFF report @1", "out 2 OFF>ON report @1"]


def test_debounced_change_counts_from_when_it_was_first_seen() -> None:
    pins = ModemPins(rules={1: InputRule(debounce=timedelta(seconds=3))})
    pins.begin_session()
    report(pins, 0, "I0")

    assert report(pins, 10, "I1") == []
    assert level(pins, 1) == "OFF"
    assert pins.next_due == at(13)
    assert words(pins.ripen(at(12.9))) == []
    assert words(pins.ripen(at(13))) == ["in 1 OFF>ON report @10"]
    assert level(pins, 1) == "ON"
    assert pins.next_due is None


def test_bounce_shorter_than_the_debounce_was_never_there() -> None:
    pins = ModemPins(rules={1: InputRule(debounce=timedelta(seconds=3))})
    pins.begin_session()
    report(pins, 0, "I0")
    report(pins, 10, "I1")
    report(pins, 11, "I0")

    assert pins.next_due is None
    assert words(pins.ripen(at(60))) == []


def test_repeated_report_does_not_restart_the_debounce() -> None:
    pins = ModemPins(rules={1: InputRule(debounce=timedelta(seconds=3))})
    pins.begin_session()
    report(pins, 0, "I0")
    report(pins, 10, "I1")
    report(pins, 12, "I1")

    assert report(pins, 13, "I1") == ["in 1 OFF>ON report @10"]


def test_output_is_not_debounced() -> None:
    pins = ModemPins(rules={4: InputRule(debounce=timedelta(seconds=9))})
    pins.begin_session()
    report(pins, 0, "I0", "I0", "I0", "O0")

    assert report(pins, 1, "I0", "I0", "I0", "O1") == ["out 4 OFF>ON report @1"]


def test_reconnect_voids_what_was_ripening_and_compares_with_the_shown_level() -> None:
    pins = ModemPins(rules={1: InputRule(debounce=timedelta(seconds=30))})
    pins.begin_session()
    report(pins, 0, "I0")
    report(pins, 10, "I1")

    pins.begin_session()

    assert words(pins.ripen(at(100))) == []
    assert report(pins, 120, "I1", asked=True) == ["in 1 OFF>ON inferred @120 not before 0"]


def test_pin_that_changes_direction_begins_anew_without_a_change() -> None:
    pins = ModemPins()
    pins.begin_session()
    report(pins, 0, "I0")

    assert report(pins, 5, "O1") == []
    assert pins.known[1].is_output
    assert level(pins, 1) == "ON"


def test_new_inversion_turns_what_is_shown_without_a_change() -> None:
    pins = ModemPins()
    pins.begin_session()
    report(pins, 0, "I0", "O0")

    turned = pins.change_rules({1: InputRule(invert=True), 2: InputRule(invert=True)})

    assert [(pin.number, pin.level) for pin in turned] == [(1, "ON")]
    assert report(pins, 5, "I0", "O0") == []


def test_pin_that_a_report_leaves_out_keeps_its_level() -> None:
    pins = ModemPins()
    pins.begin_session()
    report(pins, 0, "I0", "I0", "I0", "O0", "I1")

    assert report(pins, 5, "I0", "I0", "I0", "O0") == []
    assert level(pins, 5) == "ON"


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=60), st.integers(0, 4))
def test_changes_alternate_and_end_at_what_is_shown(steps: list[tuple[bool, int]], debounce_s: int) -> None:
    pins = ModemPins(rules={1: InputRule(debounce=timedelta(seconds=debounce_s))})
    pins.begin_session()
    now = 0
    shown = []
    for high, pause in steps:
        now += pause
        seen = pins.observe([RawPin(1, False, high)], at(now), asked=False)
        shown += list(seen.changes)

    for earlier, later in itertools.pairwise(shown):
        assert later.previous == earlier.level
        assert later.at >= earlier.at
    assert all(change.level != change.previous for change in shown)
    if shown:
        assert shown[-1].level == level(pins, 1)
