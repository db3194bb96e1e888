"""What was lost, repeated, invented or turned round: the simulator's truth against what a subscriber received.

Made after Jepsen's total-queue checker. A pure function of two histories; its own tests feed it broken ones.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

Pin: TypeAlias = tuple[str, int]
"""IMEI and number of the pin."""

READABLE_S = 1.0
"""A change that was written longer than this before a fault had to survive it."""
SETTLE_S = 0.5
"""How long after a fault a modem may still write into a connection that is dead already."""
_SKEW_S = 0.05
_ERROR = 1e9


@dataclass(frozen=True, slots=True)
class Attempt:
    """One change of an input at Unix time `t`; `sent`: its report was written to a living connection.

    `is_first`: that report may be the first one of its session, which is compared with the level known before:
    a change and its return, of which the first fell into the pause before the session, may look like none.
    """

    t: float
    imei: str
    pin: int
    level: str
    sent: bool = True
    is_first: bool = field(default=False, repr=False)


@dataclass(frozen=True, slots=True)
class Received:
    """One delivery of one event to the subscriber at Unix time `t`; `source` is that of `gpi_changed`."""

    t: float
    event_id: str
    seq: int
    imei: str
    pin: int
    level: str
    source: str = "report"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a history.

    Args:
        attempted: all changes. acked: those that had to arrive. lost: of these, the ones that did not.
        unexpected: events that no change explains, or an id that came back with other contents.
        duplicated: repeated deliveries of one event, which are allowed.
        recovered: changes that arrived although they did not have to.
        order_violations: first deliveries of a modem whose number does not exceed all before.
        max_latency: the longest time from a change that had to arrive to its first delivery, in seconds.
        details: one line for each loss, unexpected event and violation.
    """

    attempted: int
    acked: int
    lost: int
    unexpected: int
    duplicated: int
    recovered: int
    order_violations: int
    max_latency: float
    details: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_good(self) -> bool:
        """Nothing lost, nothing invented, nothing turned round."""
        return not (self.lost or self.unexpected or self.order_violations)


def check_history(attempts: Iterable[Attempt], received: Iterable[Received], faults: Sequence[float] = ()) -> Verdict:
    """Compare two histories; `faults` are the Unix times at which something was killed.

    Attempts count in their order in time, deliveries in their order of arrival.
    """
    changes = sorted(attempts, key=lambda attempt: attempt.t)
    firsts, duplicated, details = _first_deliveries(received)
    unexpected = len(details)
    violations = _order_violations(firsts)
    lost, recovered, latency = 0, 0, 0.0
    truth, told = defaultdict[Pin, list[Attempt]](list), defaultdict[Pin, list[Received]](list)
    for change in changes:
        truth[change.imei, change.pin].append(change)
    for event in sorted(firsts, key=lambda event: event.seq):
        told[event.imei, event.pin].append(event)
    for pin in sorted(truth.keys() | told.keys()):
        must = [_had_to_arrive(attempt, faults) for attempt in truth[pin]]
        pairs = _align(truth[pin], must, told[pin])
        matched, explained = {attempt for attempt, _ in pairs}, {event for _, event in pairs}
        losses = [attempt for number, attempt in enumerate(truth[pin]) if must[number] and number not in matched]
        inventions = [event for number, event in enumerate(told[pin]) if number not in explained]
        details += [f"lost: {attempt}" for attempt in losses] + [f"unexpected: {event}" for event in inventions]
        lost += len(losses)
        unexpected += len(inventions)
        recovered += sum(not must[attempt] for attempt in matched)
        late = [told[pin][event].t - truth[pin][attempt].t for attempt, event in pairs if must[attempt]]
        latency = max([latency, *late])
    return Verdict(
        attempted=len(changes),
        acked=sum(_had_to_arrive(change, faults) for change in changes),
        lost=lost,
        unexpected=unexpected,
        duplicated=duplicated,
        recovered=recovered,
        order_violations=len(violations),
        max_latency=latency,
        details=tuple(details + violations),
    )


def missing_numbers(seqs: Iterable[int]) -> list[int]:
    """Return the numbers that are missing between the lowest and the highest of the hub's `seq`."""
    seen = set(seqs)
    return [seq for seq in range(min(seen), max(seen)) if seq not in seen] if seen else []


def differing_levels(truth: Mapping[Pin, str], shown: Mapping[Pin, str]) -> list[str]:
    """Return one line for each input whose shown level is not the true one, or is not shown at all."""
    return [
        f"{imei} pin {pin}: is {level}, shown {shown.get((imei, pin), 'not at all')}"
        for (imei, pin), level in sorted(truth.items())
        if shown.get((imei, pin)) != level
    ]


def read_truth(path: Path) -> list[Attempt]:
    """Return the changes of a truth file of `irzhub simulate`; a last line that is not whole is left out."""
    text = path.read_text(encoding="utf-8")
    return [Attempt(**json.loads(line)) for line in text[: text.rfind("\n") + 1].splitlines()]


def as_received(payload: Mapping[str, Any], t: float) -> Received | None:
    """Return the delivery of a `gpi_changed` event as JSON, None for other events."""
    if payload["type"] != "gpi_changed":
        return None
    datetime.fromisoformat(payload["ts"])
    data = payload["data"]
    return Received(t, payload["id"], payload["seq"], payload["modem"], data["pin"], data["level"], data["source"])


def _had_to_arrive(attempt: Attempt, faults: Sequence[float]) -> bool:
    if not attempt.sent or attempt.is_first:
        return False
    return not any(fault - READABLE_S <= attempt.t <= fault + SETTLE_S for fault in faults)


def _first_deliveries(received: Iterable[Received]) -> tuple[list[Received], int, list[str]]:
    firsts: dict[str, Received] = {}
    repeats, complaints = 0, list[str]()
    for event in received:
        first = firsts.setdefault(event.event_id, event)
        if first is event:
            continue
        if (first.seq, first.imei, first.pin, first.level) == (event.seq, event.imei, event.pin, event.level):
            repeats += 1
        else:
            complaints.append(f"unexpected: {event} has the id of {first}")
    return list(firsts.values()), repeats, complaints


def _order_violations(firsts: Iterable[Received]) -> list[str]:
    highest: dict[str, int] = {}
    violations = []
    for event in firsts:
        if event.seq <= highest.get(event.imei, 0):
            violations.append(f"order: {event} came after number {highest[event.imei]}")
        highest[event.imei] = max(event.seq, highest.get(event.imei, 0))
    return violations


def _align(attempts: list[Attempt], must: list[bool], events: list[Received]) -> list[tuple[int, int]]:
    """Pair attempts with events in order so that the fewest are lost or unexplained, then with the least delay.

    The same idea as the edit distance: a skipped attempt costs an error if it had to arrive, a skipped
    event always does, a pair must agree in level, and must not arrive before it happened.
    """
    rows, columns = len(attempts) + 1, len(events) + 1
    cost = [[0.0] * columns for _ in range(rows)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            if row + 1 < rows or column + 1 < columns:
                cost[row][column] = min(_choices(attempts, must, events, cost, row, column))[0]
    pairs, row, column = list[tuple[int, int]](), 0, 0
    while row + 1 < rows or column + 1 < columns:
        _, down, right = min(_choices(attempts, must, events, cost, row, column))
        if down and right:
            pairs.append((row, column))
        row, column = row + down, column + right
    return pairs


def _choices(
    attempts: list[Attempt],
    must: list[bool],
    events: list[Received],
    cost: list[list[float]],
    row: int,
    column: int,
) -> Iterable[tuple[float, int, int]]:
    if row < len(attempts):
        yield cost[row + 1][column] + (_ERROR if must[row] else 0.0), 1, 0
    if column < len(events):
        yield cost[row][column + 1] + _ERROR, 0, 1
    if row < len(attempts) and column < len(events):
        attempt, event = attempts[row], events[column]
        delay = event.t - attempt.t
        # A report needs a sender; what was never sent can only be asked for or inferred.
        is_told = attempt.sent or event.source != "report"
        if is_told and delay >= -_SKEW_S and attempt.level == event.level:
            yield cost[row + 1][column + 1] + max(delay, 0.0), 1, 1
