"""The flight recorder: the last bytes of each modem, in memory only, for the question what happened last night."""

import struct
from collections import OrderedDict
from collections.abc import Callable, Sequence
from itertools import chain
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

    Attributes:
        feeds: by modem, what brings in the latest of a line that writes here only now and then.
    """

    __slots__ = ("_modem_limit", "_rings", "_total_limit", "feeds", "size_bytes")

    def __init__(self, modem_limit: int, total_limit: int) -> None:
        # A bytearray that grows takes an eighth more than it was asked for.
        self._modem_limit = min(modem_limit, total_limit) * 8 // 9
        self._total_limit = total_limit * 8 // 9
        self._rings: OrderedDict[str, bytearray] = OrderedDict()
        self.feeds: dict[str, Callable[[], None]] = {}
        self.size_bytes = 0

    def append(self, modem: str, direction: str, data: bytes, now: float) -> None:
        """Keep `data`, of which only the end counts when it is larger than a ring; `now` is monotonic."""
        room = self._modem_limit - _HEAD.size
        if room <= 0:
            return
        if len(data) > room or len(data) > _LONGEST:
            data = data[-min(room, _LONGEST) :]
        self._put(modem, _HEAD.pack(now, ord(direction), len(data)) + data)

    def extend(self, modem: str, stamps: Sequence[float], directions: Sequence[int], pieces: Sequence[bytes]) -> None:
        """Keep what went over a line in one go, old to new; directions as character codes."""
        limit = self._modem_limit
        if sum(map(len, pieces)) + _HEAD.size * len(pieces) > limit:
            self.forget(modem)  # else there would be a gap behind the last of what was said before
            first = len(pieces)
            while (limit := limit - _HEAD.size - len(pieces[first - 1])) >= 0:
                first -= 1
            if first == len(pieces):
                self.append(modem, chr(directions[-1]), pieces[-1], stamps[-1])
                return
            stamps, directions, pieces = stamps[first:], directions[first:], pieces[first:]
        heads = map(_HEAD.pack, stamps, directions, map(len, pieces))
        self._put(modem, b"".join(chain.from_iterable(zip(heads, pieces, strict=True))))

    def read(self, modem: str, unix_now: float, now: float) -> list[tuple[float, str, bytes]]:
        """Return what is kept, old to new, as (Unix time, direction, bytes); the two times are the same moment."""
        if (feed := self.feeds.get(modem)) is not None:
            feed()
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

    def _put(self, modem: str, entries: bytes) -> None:
        ring = self._rings.get(modem)
        if ring is None:
            ring = self._rings[modem] = bytearray()
        else:
            self._rings.move_to_end(modem)
        before = len(ring)
        ring += entries
        if len(ring) > self._modem_limit:
            self._forget_oldest(ring)
        self.size_bytes += len(ring) - before
        while self.size_bytes > self._total_limit:
            self.size_bytes -= len(self._rings.popitem(last=False)[1])

    def _forget_oldest(self, ring: bytearray) -> None:
        excess = len(ring) - self._modem_limit
        offset, head = _skip_alike(ring, excess), _HEAD.size
        while offset < excess:  # the length alone, from its two bytes: this is done for every entry once
            offset += head + (ring[offset + 9] | ring[offset + 10] << 8)
        del ring[:offset]


def _skip_alike(ring: bytearray, excess: int) -> int:
    """Return the size of the oldest entries, at most `excess`, in which two lengths take turns; 0 if they do not.

    Polls are alike: then the lengths lie at equal distances, and comparing them needs no loop.
    """
    first = _HEAD.size + (ring[9] | ring[10] << 8)
    if first + _HEAD.size > len(ring):
        return 0
    pair = first + _HEAD.size + (ring[first + 9] | ring[first + 10] << 8)
    size = excess // pair * pair
    for at in (9, 10, first + 9, first + 10):
        lengths = ring[at:size:pair]
        if lengths.count(ring[at]) != len(lengths):
            return 0
    return size
