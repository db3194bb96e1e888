"""The flight recorder: the last bytes of each modem, in memory only, for the question what happened last night."""

import struct
from collections import OrderedDict
from typing import Final

# Monotonic time, direction, length. Entries lie one behind the other in one bytearray for each modem: 11 bytes
# an entry instead of the 130 of a tuple with its float and bytes, and a deletion at its front moves nothing.
_HEAD: Final = struct.Struct("<dBH")
_LONGEST: Final = 0xFFFF


class RecorderRings:
    """What went over the wire of each modem, the newest `modem_limit` bytes of it, `total_limit` in all.

    A ring comes with the first traffic of its modem. When all are too large together, the ring goes whose
    modem has been silent the longest. A limit of 0 turns the recorder off.

    Directions are those of `messages.RingRead`. The channel records meter data (`=` from the modem, `>` to it,
    `-` from it and dropped), the session what else it says and hears (`<` and `>`).
    """

    __slots__ = ("_modem_limit", "_rings", "_total_limit", "size_bytes")

    def __init__(self, modem_limit: int, total_limit: int) -> None:
        # A bytearray that grows takes an eighth more than it was asked for.
        self._modem_limit = min(modem_limit, total_limit) * 8 // 9
        self._total_limit = total_limit * 8 // 9
        self._rings: OrderedDict[str, bytearray] = OrderedDict()
        self.size_bytes = 0

    def append(self, modem: str, direction: str, data: bytes, now: float) -> None:
        """Keep `data`, of which only the end counts when it is larger than a ring; `now` is monotonic."""
        room = self._modem_limit - _HEAD.size
        if room <= 0:
            return
        if len(data) > room or len(data) > _LONGEST:
            data = data[-min(room, _LONGEST) :]
        ring = self._rings.get(modem)
        if ring is None:
            ring = self._rings[modem] = bytearray()
        else:
            self._rings.move_to_end(modem)
        before = len(ring)
        ring += _HEAD.pack(now, ord(direction), len(data))
        ring += data
        if len(ring) > self._modem_limit:
            self._forget_oldest(ring)
        self.size_bytes += len(ring) - before
        while self.size_bytes > self._total_limit:
            self.size_bytes -= len(self._rings.popitem(last=False)[1])

    def read(self, modem: str, unix_now: float, now: float) -> list[tuple[float, str, bytes]]:
        """Return what is kept, old to new, as (Unix time, direction, bytes); the two times are the same moment."""
        ring = bytes(self._rings.get(modem, b""))
        entries = []
        offset = 0
        while offset < len(ring):
            at, direction, size = _HEAD.unpack_from(ring, offset)
            start = offset + _HEAD.size
            offset = start + size
            entries.append((unix_now - (now - at), chr(direction), ring[start:offset]))
        return entries

    def forget(self, modem: str) -> None:
        """Drop the ring of a modem that is deleted."""
        self.size_bytes -= len(self._rings.pop(modem, b""))

    def __len__(self) -> int:
        return len(self._rings)

    def _forget_oldest(self, ring: bytearray) -> None:
        excess = len(ring) - self._modem_limit
        offset = 0
        while offset < excess:
            offset += _HEAD.size + _HEAD.unpack_from(ring, offset)[2]
        del ring[:offset]
