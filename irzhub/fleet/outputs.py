"""Outputs as people mean them: what each was told, and whether it did it.

An output with a feedback input is one object: commanded, then confirmed once the feedback shows the level, or
stuck when it does not in time. Without a feedback the output's own level, read back after the command, must do.
"""

import asyncio
import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from irzhub.core.bus import Bus
from irzhub.core.clock import Clock
from irzhub.core.events import Level, OutputStuck
from irzhub.core.state import StateChanged, StateStore
from irzhub.journal.journal import Journal
from irzhub.storage.commands import CommandRow
from irzhub.storage.local import LocalStore
from irzhub.storage.outputs import OutputRow, delete_outputs, load_outputs, save_outputs

_JUDGED: Final = frozenset({"gpi", "gpo", "link"})


@dataclass(slots=True)
class OutputDesk:
    """Keeps the outputs of all modems that were named or switched."""

    store: LocalStore
    states: StateStore
    journal: Journal
    clock: Clock
    _rows: dict[str, dict[int, OutputRow]] = field(default_factory=dict)
    _timers: dict[tuple[str, int], asyncio.TimerHandle] = field(default_factory=dict)

    async def load(self, bus: Bus) -> None:
        """Read what is stored and begin to follow the modems' pins."""
        for row in await self.store.read(load_outputs):
            self._rows.setdefault(row.modem, {})[row.pin] = row
        bus.subscribe(StateChanged, self._changed)

    def close(self) -> None:
        """Judge nothing any more."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def of(self, modem: str) -> Mapping[int, OutputRow]:
        """Return a modem's outputs by pin number."""
        return self._rows.get(modem, {})

    async def edit(self, modem: str, changed: Mapping[int, OutputRow]) -> None:
        """Take names and feedback inputs as people set them; what an output was told stays."""
        rows = [self._merged(row) for row in changed.values()]
        for row in rows:
            self._rows.setdefault(modem, {})[row.pin] = row
        # In one line with what the outputs themselves tell, so that no older row comes behind.
        self.journal.write_state(lambda connection: save_outputs(connection, rows))
        for row in rows:
            self._judge(row)
        await self.journal.flush()

    def command_done(self, command: CommandRow) -> None:
        """A command ended; one that set an output says what that was told."""
        if command.command != "set_output" or command.status != "done":
            return
        pin, level = int(command.args["output"]), "ON" if command.args["on"] else "OFF"
        row = self._rows.get(command.modem, {}).get(pin) or OutputRow(command.modem, pin)
        row = dataclasses.replace(row, commanded=level, commanded_at=self.clock.now(), state="commanded")
        self._put(row)
        self._stop_timer(row)
        if not self._judge(row):
            self._start_timer(row)

    def forget(self, modem: str) -> None:
        """A modem was deleted."""
        for row in self._rows.pop(modem, {}).values():
            self._stop_timer(row)
        self.journal.write_state(lambda connection: delete_outputs(connection, modem))

    def _merged(self, row: OutputRow) -> OutputRow:
        known = self._rows.get(row.modem, {}).get(row.pin)
        if known is None:
            return row
        return dataclasses.replace(row, commanded=known.commanded, commanded_at=known.commanded_at, state=known.state)

    def _changed(self, change: StateChanged) -> None:
        modem = change.state.modem
        if modem not in self._rows or not change.fields & _JUDGED:
            return
        for row in tuple(self._rows[modem].values()):
            if change.state.link != "online":
                self._stop_timer(row)
            elif not self._judge(row) and self._is_awaited(row):
                self._start_timer(row)

    def _is_awaited(self, row: OutputRow) -> bool:
        """Whether another level than the commanded one is news: after a command, and where a feedback watches."""
        return row.state == "commanded" or (row.state == "confirmed" and row.feedback is not None)

    def _judge(self, row: OutputRow) -> bool:
        """Confirm an output whose level is the wanted one; say whether there is nothing to wait for."""
        if row.commanded is None:
            return True
        if self._seen(row) != row.commanded:
            return False
        self._stop_timer(row)
        if row.state != "confirmed":
            self._put(dataclasses.replace(row, state="confirmed"))
        return True

    def _seen(self, row: OutputRow) -> Level | None:
        """Return the level that the output shows, by its feedback where it has one."""
        if row.modem not in self.states:
            return None
        state = self.states.get(row.modem)
        if row.feedback is None:
            return state.gpo.get(row.pin)
        level = state.gpi.get(row.feedback)
        if level is None or not row.invert:
            return level
        return "OFF" if level == "ON" else "ON"

    def _start_timer(self, row: OutputRow) -> None:
        key = row.modem, row.pin
        if key not in self._timers:
            self._timers[key] = asyncio.get_running_loop().call_later(row.confirm_s, self._late, *key)

    def _stop_timer(self, row: OutputRow) -> None:
        if (timer := self._timers.pop((row.modem, row.pin), None)) is not None:
            timer.cancel()

    def _late(self, modem: str, pin: int) -> None:
        self._timers.pop((modem, pin), None)
        row = self._rows.get(modem, {}).get(pin)
        if row is None or self._judge(row) or modem not in self.states or self.states.get(modem).link != "online":
            return
        seen = self._seen(row)
        if row.feedback is None and seen is None:
            return  # outputs 5-8 cannot be read back: nobody knows
        stuck = self._rows[modem][pin] = dataclasses.replace(row, state="stuck")
        event = OutputStuck(
            ts=self.clock.now(),
            modem=modem,
            output=pin,
            commanded="ON" if row.commanded == "ON" else "OFF",
            seen=seen,
            feedback=row.feedback,
            name=row.name or None,
        )
        self.journal.append(event, write=lambda connection: save_outputs(connection, [stuck]))

    def _put(self, row: OutputRow) -> None:
        self._rows.setdefault(row.modem, {})[row.pin] = row

        def write(connection: Any) -> None:
            save_outputs(connection, [row])

        self.journal.write_state(write)
