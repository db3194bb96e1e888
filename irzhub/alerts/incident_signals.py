"""What events mean for incidents: for each type of event, which incident begins, goes on or ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from irzhub.alerts import incident_kinds as kinds
from irzhub.alerts.incident_book import IncidentBook
from irzhub.alerts.incident_kinds import input_subject, meter_subject, output_subject
from irzhub.core.events import (
    CommandFinished,
    Event,
    GpiChanged,
    GpoChanged,
    ImeiConflict,
    MeterAnswering,
    MeterSilent,
    MissedSchedule,
    ModemConnected,
    ModemDeleted,
    ModemRejected,
    OutputStuck,
)


@dataclass(slots=True)
class EventSignals:
    """Turns events into signals for the book.

    Args:
        why_muted: returns why nobody is told of a modem at a moment, empty when people are.
    """

    book: IncidentBook
    why_muted: Callable[[str | None, datetime], str]
    _by_type: Mapping[type[Event], Callable[[Any], None]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_type = {
            GpiChanged: self._gpi_changed,
            GpoChanged: self._gpo_changed,
            MeterSilent: self._meter_silent,
            MeterAnswering: self._meter_answering,
            MissedSchedule: self._missed_schedule,
            ModemConnected: self._connected,
            ImeiConflict: self._imei_conflict,
            ModemRejected: self._rejected,
            OutputStuck: self._output_stuck,
            CommandFinished: self._command_finished,
            ModemDeleted: self._deleted,
        }

    def take(self, event: Event) -> None:
        """Note what an event means; most mean nothing."""
        if (signal := self._by_type.get(type(event))) is not None:
            signal(event)

    def _bad(self, kind: str, subject: str, event: Event, **facts: Any) -> None:
        muted = self.why_muted(event.modem, event.ts)
        self.book.bad(kind, subject, event.ts, modem=event.modem, facts=facts, muted=muted)

    def _gpi_changed(self, event: GpiChanged) -> None:
        subject = input_subject(str(event.modem), event.pin)
        if event.alarm:
            self._bad(
                kinds.GPI_ALARM, subject, event, pin=event.pin, level=event.level, name=event.name or "",
                source=event.source,
            )  # fmt: skip
        else:
            self.book.good(kinds.GPI_ALARM, subject, event.ts)
        self._feedback_moved(event)

    def _gpo_changed(self, event: GpoChanged) -> None:
        subject = output_subject(str(event.modem), event.pin)
        row = self.book.find(kinds.OUTPUT_STUCK, subject)
        if row is not None and row.facts.get("feedback") is None and event.level == row.facts.get("commanded"):
            self.book.good(kinds.OUTPUT_STUCK, subject, event.ts)

    def _feedback_moved(self, event: GpiChanged) -> None:
        for pin in range(1, 9):
            subject = output_subject(str(event.modem), pin)
            row = self.book.find(kinds.OUTPUT_STUCK, subject)
            if row is not None and row.facts.get("feedback") == event.pin and event.level != row.facts.get("seen"):
                self.book.good(kinds.OUTPUT_STUCK, subject, event.ts)

    def _output_stuck(self, event: OutputStuck) -> None:
        subject = output_subject(str(event.modem), event.output)
        self._bad(
            kinds.OUTPUT_STUCK, subject, event, pin=event.output, commanded=event.commanded, seen=event.seen,
            feedback=event.feedback, name=event.name or "",
        )  # fmt: skip

    def _command_finished(self, event: CommandFinished) -> None:
        """A new order for a stuck output is a new beginning: whether it was done is watched again."""
        if event.command != "set_output" or event.status != "ok":
            return
        pin = event.result.get("output")
        if isinstance(pin, int):
            self.book.good(kinds.OUTPUT_STUCK, output_subject(str(event.modem), pin), event.ts)

    def _meter_silent(self, event: MeterSilent) -> None:
        subject = meter_subject(str(event.modem), event.address)
        answered = None if event.last_answered is None else event.last_answered.isoformat()
        self._bad(
            kinds.METER_SILENT, subject, event, address=event.address, protocol=event.protocol,
            in_vain=event.in_vain, last_answered=answered, program=event.program, name=event.meter or "",
            serial=event.serial or "",
        )  # fmt: skip

    def _meter_answering(self, event: MeterAnswering) -> None:
        self.book.good(kinds.METER_SILENT, meter_subject(str(event.modem), event.address), event.ts)

    def _missed_schedule(self, event: MissedSchedule) -> None:
        since, until = event.since.isoformat(), event.until.isoformat()
        self._bad(kinds.MISSED_SCHEDULE, str(event.modem), event, since=since, until=until)

    def _connected(self, event: ModemConnected) -> None:
        self.book.good(kinds.MISSED_SCHEDULE, str(event.modem), event.ts)
        self.book.good(kinds.REJECTED, str(event.modem), event.ts)

    def _imei_conflict(self, event: ImeiConflict) -> None:
        self._bad(kinds.IMEI_CONFLICT, str(event.modem), event, peers=list(event.peers))

    def _rejected(self, event: ModemRejected) -> None:
        """A modem of ours is turned away; strangers that knock at an open port are nobody's incident."""
        if event.modem is None:
            return
        muted = self.why_muted(event.modem, event.ts)
        facts, times = {"reason": event.reason, "peer": event.peer}, max(event.count, 1)
        self.book.bad(kinds.REJECTED, event.modem, event.ts, modem=event.modem, facts=facts, muted=muted, times=times)

    def _deleted(self, event: ModemDeleted) -> None:
        for row in self.book:
            if row.modem == event.modem:
                self.book.close(row.number, event.ts, event.by, "deleted")
