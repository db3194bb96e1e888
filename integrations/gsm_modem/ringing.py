"""Somebody rings the modem: told once for each call, with the number as soon as it is known."""

from typing import Final

_SAME_CALL_S: Final = 12.0
_RINGS_WITHOUT_NUMBER: Final = 2


class Ringing:
    """What is known of the call that comes in; `is_to_end`: it was told, and may be hung up."""

    def __init__(self) -> None:
        self._rings = 0
        self._last = float("-inf")
        self._is_told = False
        self.is_to_end = False

    def heard(self, caller: list[str] | None, now: float) -> str | None:
        """Take a RING (None) or the number behind `+CLIP`; return who is to be told of now, empty when withheld."""
        if now - self._last > _SAME_CALL_S:
            self.over()
        self._last = now
        if caller is None:
            self._rings += 1
        if self._is_told or (caller is None and self._rings < _RINGS_WITHOUT_NUMBER):
            return None
        self._is_told = self.is_to_end = True
        return caller[0][:40] if caller else ""

    def over(self) -> None:
        """The caller gave up, or was hung up."""
        self._rings, self._is_told, self.is_to_end = 0, False, False
