"""Pin bytes (docs/protocol.md 1.7)."""

import pytest

from irzhub.simulator.pins import Pins


def test_bytes_of_inputs_and_outputs_low_and_high() -> None:
    pins = Pins(frozenset({3, 4}))
    pins.set(2, True)
    pins.set(4, True)

    assert pins.encode().hex() == "8082c0c2"
    assert pins.encode(5).hex() == "8082c0c282"


def test_setting_says_whether_it_was_a_change() -> None:
    pins = Pins(frozenset())
    before = pins.has_changed
    assert (pins.set(1, True), pins.set(1, True)) == (True, False)
    assert (before, pins.has_changed) == (False, True)
    assert (pins.is_high(1), pins.is_high(2), pins.is_output(1)) == (True, False, False)


@pytest.mark.parametrize("pin", [0, 5, -1])
def test_other_pins_do_not_exist(pin: int) -> None:
    with pytest.raises(ValueError, match=f"expected a pin 1 to 4, got {pin}"):
        Pins(frozenset()).set(pin, True)
