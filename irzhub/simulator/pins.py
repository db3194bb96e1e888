"""The pins of one modem and how it tells them (docs/protocol.md 1.7)."""

from typing import Final

_ALWAYS: Final = 0x80
_OUTPUT: Final = 0x40
_HIGH: Final = 0x02
_AUX: Final = 0x82
"""The fifth byte of the emulator; what it means is unknown."""


class Pins:
    """Levels and directions of pins 1 to 4, in two small numbers."""

    __slots__ = ("_levels", "_outputs", "has_changed")

    def __init__(self, outputs: frozenset[int]) -> None:
        self._outputs = sum(1 << pin for pin in outputs)
        self._levels = 0
        self.has_changed = False

    def is_output(self, pin: int) -> bool:
        """Say whether a pin is an output."""
        return bool(self._outputs >> pin & 1)

    def is_high(self, pin: int) -> bool:
        """Return the level of a pin."""
        return bool(self._levels >> pin & 1)

    def set(self, pin: int, is_high: bool) -> bool:
        """Set the level of a pin; return whether it differs from before.

        Raises:
            ValueError: no such pin.
        """
        if not 1 <= pin <= 4:
            raise ValueError(f"expected a pin 1 to 4, got {pin}")
        if self.is_high(pin) == is_high:
            return False
        self._levels ^= 1 << pin
        self.has_changed = True
        return True

    def encode(self, count: int = 4) -> bytes:
        """Return the pins as 4 bytes, or as 5 with AUX."""
        pins = bytes(
            _ALWAYS | (_OUTPUT if self.is_output(pin) else 0) | (_HIGH if self.is_high(pin) else 0)
            for pin in range(1, 5)
        )
        return pins + bytes((_AUX,)) if count == 5 else pins
