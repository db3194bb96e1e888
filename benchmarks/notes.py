"""What a reader should know beside the figures: how far a goal is, what was tried for it and what that brought."""

from typing import Final

_RELAY: Final = """
Nothing else ran on the machine; the load is that of the contenders. What does not depend on the machine at all are the
instructions for a message (`perf stat`, 64 B, 100 at once, the relay without the rest of the hub):

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
With 32 KiB instead of 128 to send to a program the stream stopped at each segment until its acknowledgement: 0.003
times haproxy. On a machine with a load of 12, the relay alone, 9 rounds: two bare uvloop callbacks that only write to
each other 0.61; irzhub raw 0.38 (0.26 to 0.56); with 64 KiB instead of 128 to receive from a modem 0.30 (0.25 to 0.43);
with 256 KiB instead of 128 to send to a program 0.45 (0.41 to 0.63). Every read of the modem brings 130,966 bytes, two
of loopback's segments and all that its window takes: the stream stops there until they are read. Kernel buffers are
kept small on purpose, because ten thousand of them at their default are the machine's memory; no meter is that fast.
"""

_POLLS: Final = """
One poll in a hundred used to wait for some 40 ms (39 ms at its p99 in an earlier run on a slower hour): once a second
the growth of 500 modems was told to all who follow the states, 200 of them in one turn of the loop, and what was due
for a whole fleet at one moment was done in one turn as well. Now 25 are told in a turn, and what is due has 4 ms of
each. In rounds right after each other, with the same total of work: p99 10 to 11 ms before, 3 to 4 ms after.
"""

_GPI: Final = """
Half a second late was one change in a hundred because the modems of the benchmark told all their levels, 9,700
reports at once, a second before each measurement; they do so once now, long before. After that p99 was 118 ms, for
which the loop was not to blame (late by 9 ms): the thread that commits had to wait 20 to 120 ms for the interpreter
while another one made rows for the history and read events back from the file. Both cost a third now: the newest
events stay in memory for all who follow them, rows go to the driver past SQLAlchemy's layers, a batch has one
savepoint, and what is published in one turn leaves in one piece. The hub's processor for a burst of 10,000 fell from
12.5 s to about 10.3 s, for 200 changes a second from 70 to 97 % to 37 to 46 %, on a machine that had other work too.
"""

_STORM: Final = """
The machine's speed changes by a third and more from hour to hour, so what was tried is said in ratios of storms that
took turns. All of a storm is processor time of one loop, so what counts is the order. 9,700 were answered after 0.68
times the seconds since more hellos are read in a turn (20 ms of it, 256 at most, where 64 were the limit before) and
most of a hello is read at once; MQTT and SQL wait for a busy loop, a tenth and a quarter of a second for each
portion at the most. The best of those storms had all answered after 2.9 s, on MQTT after 5.6 s, in MariaDB after
7.9 s. The lag of the loop was 1,007 ms at its p99 when all hellos of one turn were read in that turn.

Statements of 25 rows for MariaDB instead of 100 cost a second more in all and hold the loop for a quarter of the time;
50 are the middle.
"""

_COLD: Final = """
Two seconds of it are Python that loads the program (600 data classes, 300 models of the interface, SQLAlchemy), the
rest is mostly the picture of 10,000 modems that is made of what is stored. Ports alone are quick, 0.2 s for 4,000. A
start looks for no garbage and copies each state once less. The machine's speed changes by a third and more from hour to
hour: starts of one day were ready after 3.0, 3.6, 3.7 and 4.1 s.
"""

_FIFTY: Final = """
Before the hub read more hellos in a turn, and while each far side looked long for a free port of its address, all were
in after 391 s beside other work, and after 72 and 56 s on a quiet machine. The goal of 15 s would be 3,300 modems a
second, what the best storm of ten thousand reached; here 1,700 a second come in, 2,500 of them dialling at any moment
and each opening its port at its worker, on two processors that also run five processes of modems.

Ten minutes of heartbeats cost memory: 5.1 KiB for a modem right after the dial, 6.1 at the end; what keeps it was not
looked into. Held for some seconds only, it was 693 to 706 MiB in three runs.
"""

_MEMORY: Final = """
Each worker kept its own copy of networks, sharing and time zone of each modem, as messages bring them: 1.5 KB for a
modem. Equal settings and equal levels are one object now, 13.1 KiB before. Of what is left 7.1 KiB are a modem that is
known and away, with its listening port; the rest is its session. In a run that looked longer it was 10.8 KiB five
seconds after the storm and 11.9 after two minutes; what grows was not looked into.
"""

_PAGE: Final = """
Browser, hub and 8,000 modems share two processors here and there is no graphics card. Only rows whose modem changed
are drawn again, and no row outside the view is there. Taken apart with traces of the browser; what was compared ran
in turns on a machine that had other work too:

| from the sign-in to the first table, before | ms |
| --- | --- |
| the password's hash, on purpose | 220 to 450 |
| the frame's files, asked for only then, and drawing it | 150 |
| the whole fleet in one answer, 3.4 MB of JSON in 245 KB | 740 to 850 |
| reading it into objects | 70 |
| putting 10,000 rows in order twice, counting, the first drawing | 220 to 370 |

- The hub writes the fleet line by line in the order of ports and the page shows the first hundred at once: a first
  table after 950 ms with recorded answers, 2,160 before. In turns before a whole hub, with four to five times the
  work that two processors can do: 1.2 to 4.2 s, 13 to 34 s before.
- Of 200 changes a second the stream made 940 messages, and the browser's processes spent more on passing them on
  than the page on showing them. Gathered for 0.1 s, with one state of each modem: 5 % of a processor on the page's
  thread, 24 before, and 14 % in all of the browser, 68 before; 60 to 80 ms of scripts in all for eight typed
  letters, 170 and more before.
- A letter that hides no row costs 5 to 8 ms of the page's thread, 13 to 20 before; one that changes every row in
  view 35 to 60, as before: that is drawing 28 rows, and painting them comes on top. On a loaded machine the worst
  key is no better.
- Watched for thirty minutes at 200 changes a second (`BENCH_PAGE_MINUTES=30`, beside other work) its objects took
  12.5 MB and grew by 1.8 MB.
- Fetching the frame's files while somebody types made the sign-in itself wait for its turn among thirty small
  files, where the machine was busy; they come with the page now.
"""

NOTES: Final = {
    "relay_roundtrip": _RELAY,
    "bulk": _BULK,
    "polls_under_load": _POLLS,
    "gpi_to_mqtt": _GPI,
    "storm": _STORM,
    "cold_start": _COLD,
    "fifty_thousand": _FIFTY,
    "fleet_memory": _MEMORY,
    "page": _PAGE,
}
"""By benchmark, as Markdown; each figure in a note was measured as the note says."""
