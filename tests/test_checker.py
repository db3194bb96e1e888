"""The checker against histories broken by hand: each line of a history is one change or one delivery.

`A 1.0 m1.2 ON` is a change of modem m1's pin 2 at 1.0 s whose report was sent, `a` one that was not;
`E 1.1 x 5 m1.2 ON` is the delivery at 1.1 s of the event with id x and number 5, `I` that of an inferred one.
"""

from dataclasses import asdict
from pathlib import Path

import pytest

from tests.checker import (
    Attempt,
    Received,
    Verdict,
    as_received,
    check_history,
    differing_levels,
    missing_numbers,
    read_truth,
)


def judge(history: str, *faults: float) -> Verdict:
    attempts, received = [], []
    for line in filter(None, map(str.strip, history.splitlines())):
        kind, t, *words = line.split()
        imei, _, pin = words[-2].partition(".")
        if kind in "Aa":
            attempts.append(Attempt(float(t), imei, int(pin), words[-1], sent=kind == "A"))
        else:
            source = "inferred" if kind == "I" else "report"
            received.append(Received(float(t), words[0], int(words[1]), imei, int(pin), words[-1], source))
    return check_history(attempts, received, faults)


def findings(verdict: Verdict) -> dict[str, float]:
    """Return what is not zero, without the plain counts."""
    return {name: value for name, value in asdict(verdict).items() if value and name not in _PLAIN}


_PLAIN = ("attempted", "acked", "max_latency", "details")

GOOD = """
    A 1.0 m1.1 ON
    E 1.1 a 1 m1.1 ON
    A 2.0 m1.1 OFF
    A 2.1 m2.1 ON
    E 2.2 b 2 m1.1 OFF
    E 2.6 c 3 m2.1 ON
"""


def test_whole_history_is_good() -> None:
    verdict = judge(GOOD)

    assert (verdict.attempted, verdict.acked, findings(verdict)) == (3, 3, {})
    assert verdict.max_latency == pytest.approx(0.5)
    assert verdict.is_good
    assert verdict.details == ()


def test_empty_history_is_good() -> None:
    assert judge("") == Verdict(0, 0, 0, 0, 0, 0, 0, 0.0)


BROKEN: dict[str, tuple[str, dict[str, float]]] = {
    "one change without its event": ("A 1 m1.1 ON", {"lost": 1}),
    "the middle one lost": (
        "A 1 m1.1 ON \n A 2 m1.1 OFF \n A 3 m1.1 ON \n E 1.1 a 1 m1.1 ON \n E 3.1 b 2 m1.1 ON",
        {"lost": 1},
    ),
    "a pair of opposite changes lost": (
        "A 1 m1.1 ON \n A 2 m1.1 OFF \n A 3 m1.1 ON \n A 4 m1.1 OFF \n E 1.1 a 1 m1.1 ON \n E 4.1 b 2 m1.1 OFF",
        {"lost": 2},
    ),
    "all of one modem lost": ("A 1 m1.1 ON \n A 1 m2.1 ON \n E 1.1 a 1 m2.1 ON", {"lost": 1}),
    "all lost": ("A 1 m1.1 ON \n A 2 m1.1 OFF \n A 3 m1.2 ON", {"lost": 3}),
    "event of a change that never was": ("E 1 a 1 m1.1 ON", {"unexpected": 1}),
    "event before its change": ("E 1 a 1 m1.1 ON \n A 2 m1.1 ON", {"lost": 1, "unexpected": 1}),
    "event of another modem": ("A 1 m1.1 ON \n E 1.1 a 1 m2.1 ON", {"lost": 1, "unexpected": 1}),
    "event of another pin": ("A 1 m1.1 ON \n E 1.1 a 1 m1.2 ON", {"lost": 1, "unexpected": 1}),
    "event with the other level": ("A 1 m1.1 ON \n E 1.1 a 1 m1.1 OFF", {"lost": 1, "unexpected": 1}),
    "one change told twice under two ids": (
        "A 1 m1.1 ON \n E 1.1 a 1 m1.1 ON \n E 1.2 b 2 m1.1 ON",
        {"unexpected": 1},
    ),
    "a repeat with the same id is allowed": (
        "A 1 m1.1 ON \n E 1.1 a 1 m1.1 ON \n E 9 a 1 m1.1 ON \n E 9 a 1 m1.1 ON",
        {"duplicated": 2},
    ),
    "a repeat with another level": (
        "A 1 m1.1 ON \n E 1.1 a 1 m1.1 ON \n E 9 a 1 m1.1 OFF",
        {"unexpected": 1},
    ),
    "a repeat with another number": (
        "A 1 m1.1 ON \n E 1.1 a 1 m1.1 ON \n E 9 a 2 m1.1 ON",
        {"unexpected": 1},
    ),
    "two events of one modem in the wrong order": (
        "A 1 m1.1 ON \n A 2 m1.1 OFF \n E 2.1 b 2 m1.1 OFF \n E 2.2 a 1 m1.1 ON",
        {"order_violations": 1},
    ),
    "wrong order over two pins of one modem": (
        "A 1 m1.1 ON \n A 2 m1.2 ON \n E 2.1 b 2 m1.2 ON \n E 2.2 a 1 m1.1 ON",
        {"order_violations": 1},
    ),
    "one number used twice by a modem": (
        "A 1 m1.1 ON \n A 2 m1.2 ON \n E 1.1 a 1 m1.1 ON \n E 2.1 b 1 m1.2 ON",
        {"order_violations": 1},
    ),
    "no order is promised between modems": (
        "A 1 m1.1 ON \n A 2 m2.1 ON \n E 2.1 b 2 m2.1 ON \n E 2.2 a 1 m1.1 ON",
        {},
    ),
    "a resend from the start is no wrong order": (
        "A 1 m1.1 ON \n A 2 m1.1 OFF \n E 1.1 a 1 m1.1 ON \n E 2.1 b 2 m1.1 OFF \n E 9 a 1 m1.1 ON \n E 9 b 2 m1.1 OFF",
        {"duplicated": 2},
    ),
    "numbers that swap the truth": (
        "A 1 m1.1 ON \n A 2 m1.1 OFF \n E 1.1 a 2 m1.1 ON \n E 2.1 b 1 m1.1 OFF",
        {"order_violations": 1, "lost": 1, "unexpected": 1},
    ),
    "a change that was not sent need not come": ("a 1 m1.1 ON", {}),
    "a change that was not sent may be inferred": ("a 1 m1.1 ON \n I 60 a 1 m1.1 ON", {"recovered": 1}),
    "one event for a change that was not sent and one that was": (
        "a 1 m1.1 ON \n a 2 m1.1 OFF \n A 3 m1.1 ON \n E 3.1 a 1 m1.1 ON",
        {},
    ),
    "a report of what was never sent": ("a 1 m1.1 ON \n E 1.1 a 1 m1.1 ON", {"unexpected": 1}),
    "an inferred event explains the change that had to arrive": (
        "A 1 m1.1 ON \n a 2 m1.1 OFF \n a 3 m1.1 ON \n I 3.1 a 1 m1.1 ON",
        {},
    ),
    "inferred change back and a lost one after it": (
        "A 1 m1.1 ON \n a 2 m1.1 OFF \n A 3 m1.1 ON \n E 1.1 a 1 m1.1 ON \n I 2.5 b 2 m1.1 OFF",
        {"recovered": 1, "lost": 1},
    ),
}


@pytest.mark.parametrize(("history", "found"), BROKEN.values(), ids=BROKEN.keys())
def test_finds_what_is_wrong_and_nothing_else(history: str, found: dict[str, float]) -> None:
    verdict = judge(history)

    assert findings(verdict) == found
    assert verdict.is_good == (not found.keys() & {"lost", "unexpected", "order_violations"})
    assert len(verdict.details) == verdict.lost + verdict.unexpected + verdict.order_violations


@pytest.mark.parametrize(
    ("t", "found"),
    [(8.9, {"lost": 1}), (9.1, {}), (10.0, {}), (10.4, {}), (10.6, {"lost": 1})],
    ids=["readable long before", "in doubt before", "at the kill", "in doubt after", "after the restart"],
)
def test_what_was_in_doubt_at_a_kill_may_be_gone(t: float, found: dict[str, float]) -> None:
    assert findings(judge(f"A {t} m1.1 ON", 10.0)) == found


def test_what_was_in_doubt_and_survived_is_recovered() -> None:
    assert findings(judge("A 9.5 m1.1 ON \n E 12 a 1 m1.1 ON", 3.0, 10.0)) == {"recovered": 1}


def test_latency_is_that_of_the_slowest_first_delivery() -> None:
    assert judge("A 1 m1.1 ON \n E 1.25 a 1 m1.1 ON \n E 9 a 1 m1.1 ON").max_latency == pytest.approx(0.25)


def test_details_name_what_is_wrong() -> None:
    (detail,) = judge("A 1 m1.1 ON").details

    assert detail == "lost: Attempt(t=1.0, imei='m1', pin=1, level='ON', sent=True)"


@pytest.mark.parametrize(("seqs", "missing"), [([], []), ([7], []), ([3, 1, 2], []), ([1, 5, 3, 3], [2, 4])])
def test_missing_numbers(seqs: list[int], missing: list[int]) -> None:
    assert missing_numbers(seqs) == missing


def test_differing_levels_are_named() -> None:
    truth = {("m1", 1): "ON", ("m1", 2): "OFF", ("m2", 1): "ON"}

    assert differing_levels(truth, {("m1", 1): "ON", ("m1", 2): "ON", ("m3", 1): "ON"}) == [
        "m1 pin 2: is OFF, shown ON",
        "m2 pin 1: is ON, shown not at all",
    ]


def test_reads_a_truth_file_up_to_its_last_whole_line(tmp_path: Path) -> None:
    file = tmp_path / "truth.jsonl"
    file.write_text('{"t": 1.5, "imei": "m1", "pin": 2, "level": "ON", "sent": true}\n{"t": 2')

    assert read_truth(file) == [Attempt(1.5, "m1", 2, "ON")]


def test_takes_events_as_they_are_published() -> None:
    payload = {
        "id": "01J",
        "seq": 7,
        "ts": "2026-11-21T18:57:03.120Z",
        "type": "gpi_changed",
        "modem": "868441036775234",
        "data": {"pin": 2, "level": "ON", "previous": "OFF", "source": "report"},
    }

    assert as_received(payload, 1.0) == Received(1.0, "01J", 7, "868441036775234", 2, "ON", "report")
    assert as_received({**payload, "type": "connected"}, 1.0) is None
