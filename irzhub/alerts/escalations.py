"""Ladders that climb while nobody has an incident in hand: each step tells more people, the last one repeats."""

import heapq
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, cast

from irzhub.alerts.directory_entries import Ladder
from irzhub.alerts.messages import Message, Recipient, Severity
from irzhub.alerts.outbox_ports import Incidents
from irzhub.alerts.outbox_rows import ESCALATION
from irzhub.core.clock import format_time, parse_time
from irzhub.storage.directory import EscalationRow

_log = logging.getLogger(__name__)

_ID_LENGTH: Final = 64
_LOOK_AGAIN_S: Final = 30.0


class Escalations:
    """The ladders that climb, by incident and name; sans-IO: `take_changed` gives what the disk has to learn.

    Args:
        ladder_of: returns a ladder by its name, None when it was deleted meanwhile.
        incidents: says whether an incident is open, and in somebody's hand.
    """

    def __init__(self, ladder_of: Callable[[str], Ladder | None], incidents: Incidents) -> None:
        self._ladder_of = ladder_of
        self._incidents = incidents
        self.runs: dict[tuple[int, str], EscalationRow] = {}
        self._due: list[tuple[datetime, int, str]] = []
        self._changed: dict[tuple[int, str], EscalationRow] = {}

    def restore(self, rows: Iterable[EscalationRow]) -> None:
        """Go on with the ladders of an earlier life."""
        for row in rows:
            self._put(row)
        self._changed.clear()

    def start(self, message: Message, name: str, now: datetime) -> None:
        """Begin to climb a ladder for a message's incident, unless it climbs already or somebody has it in hand."""
        assert message.incident is not None
        incident = self._incidents.root_of(message.incident)
        if (incident, name) in self.runs or self._incidents.is_acknowledged(incident):
            return
        ladder = self._ladder_of(name)
        if ladder is None:
            return
        first_at = now + timedelta(seconds=ladder.steps[0].wait_s)
        kept = as_json(replace(message, incident=incident))
        self._put(EscalationRow(incident=incident, ladder=name, began_at=now, next_at=first_at, message=kept))

    def stop(self, incident: int, by: str, now: datetime) -> list[str]:
        """End all ladders of an incident; return their names."""
        ended = [row for key, row in list(self.runs.items()) if key[0] == incident]
        for row in ended:
            self._end(row, by, now)
        return [row.ladder for row in ended]

    def hasten(self, incident: int, now: datetime) -> list[str]:
        """Climb the next step of an incident's ladders at once; return their names."""
        climbing = [row for key, row in self.runs.items() if key[0] == incident]
        for row in climbing:
            row.next_at = now
            self._put(row)
        return [row.ladder for row in climbing]

    def is_climbing(self, incident: int) -> bool:
        """Say whether a ladder of an incident has a step to climb."""
        return any(key[0] == incident for key in self.runs)

    def resume(self, rows: Iterable[EscalationRow], now: datetime) -> None:
        """Climb again from the beginning what had ended: nobody has the incident in hand after all."""
        for row in rows:
            if (row.incident, row.ladder) not in self.runs and self._ladder_of(row.ladder) is not None:
                self._put(replace(row, next_at=now, step=0, repeats=0, began_at=now, ended_at=None, ended_by=""))

    def tick(self, now: datetime) -> list[Message]:
        """Return what is to be said by now."""
        said = []
        while self._due and self._due[0][0] <= now:
            at, incident, name = heapq.heappop(self._due)
            row = self.runs.get((incident, name))
            if row is not None and row.next_at == at and (message := self._climb(row, now)) is not None:
                said.append(message)
        return said

    def next_due(self) -> datetime | None:
        """Return when `tick` has something to do again."""
        return self._due[0][0] if self._due else None

    def take_changed(self) -> list[EscalationRow]:
        """Return the runs that the disk has to learn, once."""
        changed = [replace(row) for row in self._changed.values()]
        self._changed = {}
        return changed

    def _climb(self, row: EscalationRow, now: datetime) -> Message | None:
        """Say what the present step says, and plan the next."""
        ladder = self._ladder_of(row.ladder)
        if ladder is None:
            self._end(row, "the ladder was deleted", now)
            return None
        if not self._incidents.is_open(row.incident) or self._incidents.is_acknowledged(row.incident):
            self._end(row, "over", now)
            return None
        if self._incidents.is_silenced(row.incident):
            row.next_at = now + timedelta(seconds=_LOOK_AGAIN_S)
            self._put(row)
            return None
        step = ladder.steps[min(row.step, len(ladder.steps) - 1)]
        message = from_json(row.message)
        said = replace(
            message,
            rule=f"{ESCALATION}{row.ladder}",
            event_id=f"{message.event_id[: _ID_LENGTH - 24]}/{int(row.began_at.timestamp())}/{row.step}.{row.repeats}",
            targets=step.targets,
            recipients=(),
            channels=step.channels,
            damp_s=0.0,
        )
        self._plan_next(row, ladder, now)
        return said

    def _plan_next(self, row: EscalationRow, ladder: Ladder, now: datetime) -> None:
        last = len(ladder.steps) - 1
        if row.step < last:
            row.step += 1
            row.next_at = now + timedelta(seconds=ladder.steps[row.step].wait_s)
        elif row.repeats < ladder.repeats:
            row.repeats += 1
            row.next_at = now + timedelta(seconds=ladder.repeat_every_s)
        else:
            self._end(row, "nobody answered", now)
            _log.warning("nobody has answered to incident %d: the ladder %s has ended", row.incident, row.ladder)
            return
        self._put(row)

    def _put(self, row: EscalationRow) -> None:
        key = (row.incident, row.ladder)
        self.runs[key] = self._changed[key] = row
        if row.next_at is not None:
            heapq.heappush(self._due, (row.next_at, row.incident, row.ladder))

    def _end(self, row: EscalationRow, by: str, now: datetime) -> None:
        row.next_at, row.ended_at, row.ended_by = None, now, by[:100]
        self.runs.pop((row.incident, row.ladder), None)
        self._changed[row.incident, row.ladder] = row


def as_json(message: Message) -> dict[str, Any]:
    """Return a message as JSON, for a run that outlives the hub."""
    return {
        "rule": message.rule,
        "subject": message.subject,
        "event_id": message.event_id,
        "ts": format_time(message.ts),
        "text": message.text,
        "title": message.title,
        "severity": message.severity,
        "modem": message.modem,
        "incident": message.incident,
        "event": message.event,
        "recipients": [[each.channel, each.address, each.contact] for each in message.recipients],
    }


def from_json(kept: dict[str, Any]) -> Message:
    """Return the message that `as_json` kept."""
    return Message(
        rule=str(kept["rule"]),
        subject=str(kept["subject"]),
        event_id=str(kept["event_id"]),
        ts=parse_time(kept["ts"]),
        text=str(kept["text"]),
        title=str(kept.get("title", "")),
        severity=cast("Severity", kept.get("severity", "alarm")),
        modem=kept.get("modem"),
        incident=kept.get("incident"),
        event=dict(kept.get("event", {})),
        recipients=tuple(Recipient(*each) for each in kept.get("recipients", ())),
    )
