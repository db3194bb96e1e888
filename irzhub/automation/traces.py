"""What each run of a rule did and why: the last ones of every rule, for people who ask why nobody was told."""

import itertools
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from irzhub.core.clock import format_time

Result: TypeAlias = Literal["running", "done", "stopped", "failed", "conditions", "skipped", "broken", "cancelled"]
KEPT: Final = 20
KEPT_UNMET: Final = 5
"""Runs that ended at their conditions are many and say little: fewer of them are kept."""
MOST: Final = 6_000
LEAST: Final = 2
"""So many in all, some 4 KB each: of very many rules each has fewer, but never less than the last ones."""
MOST_STEPS: Final = 60
_LONGEST: Final = 300


@dataclass(slots=True, kw_only=True)
class Trace:
    """One run.

    Args:
        result: how it ended; `conditions`: they did not hold, `skipped`: the mode or a limit left it out,
            `broken`: the loop breaker stopped it.
        steps: what was done, each with `path` and `result`, and with `error` or `text` where there is one.
        event: what set it off, as events look on the wire.
    """

    id: str
    rule: str
    ts: datetime
    trigger: int
    event: dict[str, Any]
    result: Result = "running"
    error: str | None = None
    steps: list[dict[str, Any]] = field(default_factory=list)
    ended_at: datetime | None = None

    def step(self, path: str, result: Any, **more: Any) -> None:
        """Note a step; beyond the limit the steps in the middle are left out."""
        if len(self.steps) >= MOST_STEPS:
            del self.steps[MOST_STEPS // 2]
        shown = {key: value[:_LONGEST] if isinstance(value, str) else value for key, value in more.items()}
        self.steps.append({"path": path, "result": result, **shown})

    def to_json(self) -> dict[str, Any]:
        """Return it as it is stored and shown."""
        return {
            "id": self.id,
            "rule": self.rule,
            "ts": format_time(self.ts),
            "ended_at": None if self.ended_at is None else format_time(self.ended_at),
            "trigger": self.trigger,
            "event": self.event,
            "result": self.result,
            "error": self.error,
            "steps": self.steps,
        }


@dataclass(slots=True)
class Traces:
    """The last traces of each rule, and how many of its runs ended how since the start.

    `changed` names the rules that have others than when they were taken last.
    """

    changed: set[str] = field(default_factory=set)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    _ended: dict[str, deque[dict[str, Any]]] = field(default_factory=dict)
    _unmet: dict[str, deque[dict[str, Any]]] = field(default_factory=dict)

    def add(self, trace: Trace) -> None:
        """Keep a run that has ended."""
        self._put(trace.rule, trace.to_json())
        self.changed.add(trace.rule)
        counts = self.counts.setdefault(trace.rule, {})
        counts[trace.result] = counts.get(trace.result, 0) + 1

    def load(self, rule: str, stored: list[dict[str, Any]]) -> None:
        """Take in what was kept before a restart."""
        for trace in sorted(stored, key=lambda each: str(each.get("id"))):
            self._put(rule, trace)

    def _put(self, rule: str, trace: dict[str, Any]) -> None:
        shelf, size = (self._unmet, KEPT_UNMET) if trace.get("result") == "conditions" else (self._ended, KEPT)
        kept = shelf.setdefault(rule, deque())
        kept.append(trace)
        size = max(LEAST, min(size, MOST // len(shelf)))
        while len(kept) > size:
            kept.popleft()

    def of(self, rule: str) -> list[dict[str, Any]]:
        """Return the traces of a rule, the newest first."""
        found = [*self._ended.get(rule, ()), *self._unmet.get(rule, ())]
        return sorted(found, key=lambda trace: str(trace["id"]), reverse=True)

    def take_changed(self, limit: int | None = None) -> dict[str, list[dict[str, Any]]]:
        """Return the traces of the rules that have new ones, of at most `limit` rules; the others have them later."""
        taken = list(itertools.islice(self.changed, limit))
        self.changed.difference_update(taken)
        return {rule: self.of(rule) for rule in taken}

    def forget(self, rule: str) -> None:
        """A rule is gone."""
        self._ended.pop(rule, None)
        self._unmet.pop(rule, None)
        self.counts.pop(rule, None)
        self.changed.add(rule)
