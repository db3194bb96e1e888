"""What a reader should know beside the figures: how far a goal is, what was tried for it and what that brought."""

from typing import Final

_RELAY: Final = """
The machine was not quiet: its two processors had a load of 8 to 17 while this ran, from other work. Single turns of
one contender differ by a factor of two, and cold caches cost Python more than haproxy. What does not depend on that
are the instructions for a message (`perf stat`, 64 B, 100 at once, the relay without the rest of the hub):

| | in the process | in the kernel |
| --- | --- | --- |
| haproxy | 4,400 | 27,900 |
| two uvloop callbacks that only write to each other | 7,200 | 28,800 |
| irzhub raw, writing down nothing | 10,300 | 28,800 |
| irzhub raw, each entry of the log settled by itself | 37,500 | 29,400 |
| irzhub raw (19,700 to 22,300 in three runs) | 21,000 | 28,800 |

- Settling what passed through a pipe many entries at a time, and counting only its bytes each second while latency,
  polls and the flight recorder wait for five: 37,500 to 21,000 instructions.
- In the same rounds (13, 64 B, 100 at once) the two bare callbacks cost 1.15 times haproxy's processor (1.01 to
  1.43), irzhub that writes down nothing 1.24, irzhub before that change 1.40. So uvloop itself leaves little room
  below the goal of 1.2.
- Shorter logs, to stay in the cache: 36,200 instructions with about 30 entries and 45,500 with 12, against 22,300
  with 96 in the same run. Left at 96.
- One copy of questions that repeat, so that less memory turns cold: no difference that the noise lets see.
- One `struct` call for 32 entries of the flight recorder: 40 to 86 us for 96 entries, against about 23 us with a call
  for each.
- uvloop 0.23 writes at once and not at the end of the turn; there is nothing to gain there.
"""

_BULK: Final = """
The table is older than the larger buffers of polling sockets, and has not been measured again since. Measured with
the relay alone, 9 rounds, load 12, ratio of each round to haproxy with its default buffers: two bare uvloop
callbacks 0.61; irzhub raw 0.38 (0.26 to 0.56); with 64 KiB instead of 128 to receive from a modem 0.30 (0.25 to
0.43); with 256 KiB instead of 128 to send to a program 0.45 (0.41 to 0.63). Every read of the modem then brings
130,966 bytes, two of loopback's segments and all that its window takes: the stream stops there until they are read.
Kernel buffers are kept small on purpose, because ten thousand of them at their default are the machine's memory.
"""

_POLLS: Final = """
A later run with 9,000 modems and 9 rounds, beside two other loads of the same priority (load 15 on two processors),
added 103 ms to p50 and 353 ms to p99 with 23 % of a processor for the hub. It probably says how long a hub waits for
a processor that others hold, so it did not replace the table; on a quiet machine it has still to be measured.
"""

NOTES: Final = {"relay_roundtrip": _RELAY, "bulk": _BULK, "polls_under_load": _POLLS}
"""By benchmark, as Markdown; each figure in a note was measured as the note says."""
