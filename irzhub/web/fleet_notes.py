"""What the fleet view says beside a modem's state: why its link was lost, whose its line is, which meter is silent.

Kept from the events of this run of the hub alone; what happened before stands in the journal.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from irzhub.core.bus import Bus, Unsubscribe
from irzhub.core.clock import format_time
from irzhub.core.events import (
    ClientConnected,
    ClientDisconnected,
    MeterAnswering,
    MeterSilent,
    ModemConnected,
    ModemDisconnected,
)
from irzhub.core.state import ModemForgotten


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something is as it is, since when; `detail` is said beside it."""

    code: str
    since: datetime
    detail: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as REST gives it."""
        return {"code": self.code, "since": format_time(self.since), "detail": self.detail}


@dataclass(slots=True)
class FleetNotes:
    """The notes on each modem."""

    bus: Bus
    _lost: dict[str, Cause] = field(default_factory=dict)
    _silent: dict[str, dict[str, Cause]] = field(default_factory=dict)
    _lines: dict[str, dict[str, tuple[str, datetime]]] = field(default_factory=dict)

    def follow(self) -> Unsubscribe:
        """Listen to the bus until the returned function is called."""
        ends = [
            self.bus.subscribe(ModemDisconnected, self._disconnected),
            self.bus.subscribe(ModemConnected, self._connected),
            self.bus.subscribe(ModemForgotten, self._forgotten),
            self.bus.subscribe(ClientConnected, self._came),
            self.bus.subscribe(ClientDisconnected, self._left),
            self.bus.subscribe(MeterSilent, self._fell_silent),
            self.bus.subscribe(MeterAnswering, self._answers),
        ]

        def end() -> None:
            for each in ends:
                each()

        return end

    def cause(self, modem: str) -> Cause | None:
        """Return why a modem is away, else which of its meters has been silent longest; None when all is well."""
        silent = self._silent.get(modem, {})
        return self._lost.get(modem) or next(iter(silent.values()), None)

    def line(self, modem: str) -> list[tuple[str, str, datetime]]:
        """Return the programs on a modem's line in order of coming: id, address without the port, and since when."""
        return [(client, *each) for client, each in self._lines.get(modem, {}).items()]

    def _disconnected(self, event: ModemDisconnected) -> None:
        assert event.modem is not None
        self._lost[event.modem] = Cause(event.reason, event.ts, event.detail)
        self._lines.pop(event.modem, None)

    def _connected(self, event: ModemConnected) -> None:
        self._lost.pop(event.modem or "", None)

    def _forgotten(self, gone: ModemForgotten) -> None:
        for notes in (self._lost, self._silent, self._lines):
            notes.pop(gone.state.modem, None)

    def _came(self, event: ClientConnected) -> None:
        assert event.modem is not None
        self._lines.setdefault(event.modem, {})[event.client] = (event.peer.rpartition(":")[0], event.ts)

    def _left(self, event: ClientDisconnected) -> None:
        self._lines.get(event.modem or "", {}).pop(event.client, None)

    def _fell_silent(self, event: MeterSilent) -> None:
        assert event.modem is not None
        cause = Cause("meter_silent", event.last_answered or event.ts, event.serial or event.address)
        self._silent.setdefault(event.modem, {})[event.address] = cause

    def _answers(self, event: MeterAnswering) -> None:
        self._silent.get(event.modem or "", {}).pop(event.address, None)
