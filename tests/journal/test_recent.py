"""The newest events: read by number, bounded, and silent about what is no longer here."""

import dataclasses

from irzhub.core.events import ModemRejected
from irzhub.journal.recent import KEPT, RecentEvents
from tests.journal.bench import START

EVENT = ModemRejected(ts=START, reason="test", peer="10.0.0.1:5")


def filled(first: int, count: int) -> RecentEvents:
    recent = RecentEvents()
    for seq in range(first, first + count):
        recent.add(dataclasses.replace(EVENT, seq=seq))
    return recent


def seqs(recent: RecentEvents, after_seq: int, limit: int = 100) -> list[int] | None:
    found = recent.read(after_seq, limit)
    return None if found is None else [event.seq for event in found]


def test_what_follows_a_number_is_read_in_order() -> None:
    recent = filled(first=11, count=5)
    assert seqs(recent, 10) == [11, 12, 13, 14, 15]
    assert seqs(recent, 12, limit=2) == [13, 14]
    assert seqs(recent, 15) == []


def test_it_does_not_know_what_was_before_the_first_it_keeps() -> None:
    assert seqs(filled(first=11, count=5), 9) is None
    assert seqs(RecentEvents(), 0) is None
    overfull = filled(first=1, count=KEPT + 3)
    assert seqs(overfull, 2) is None
    assert seqs(overfull, 3, limit=1) == [4]


def test_after_a_gap_it_begins_anew() -> None:
    recent = filled(first=1, count=5)
    recent.clear()
    recent.add(dataclasses.replace(EVENT, seq=7))
    assert (seqs(recent, 5), seqs(recent, 6)) == (None, [7])
