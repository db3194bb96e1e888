"""Keeps the pins of all modems: reports come in, stored levels and events go out together."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from irzhub.core.clock import Clock
from irzhub.core.events import Event, GpiChanged, GpoChanged, Level
from irzhub.core.state import StateStore
from irzhub.fleet.inputs import PLAIN, InputRule, KnownPin, ModemPins, Observation, PinChange, RawPin, Ripening
from irzhub.fleet.picture import shared_levels, split_levels
from irzhub.fleet.registry import Registry
from irzhub.journal.journal import Journal
from irzhub.relay.messages import PinsSeen
from irzhub.storage.inputs import InputRow
from irzhub.storage.pins import PinRow, save_pins


@dataclass(slots=True)
class PinDesk:
    """One `ModemPins` for each modem that has ever reported; a timer only while something has to last."""

    registry: Registry
    states: StateStore
    journal: Journal
    clock: Clock
    _pins: dict[str, ModemPins] = field(default_factory=dict)
    _timers: dict[str, tuple[datetime, asyncio.TimerHandle]] = field(default_factory=dict)

    def restore(self, modem: str, rows: list[PinRow], seen_at: Mapping[int, datetime]) -> Mapping[int, KnownPin]:
        """Take the stored pins of a modem at the start; return them as known."""
        pins = self._of(modem)
        for row in rows:
            # The level was committed at `row.at`; the snapshot may know a later moment at which it still held.
            seen = max(row.at, seen_at.get(row.pin, row.at))
            pins.known[row.pin] = KnownPin(row.pin, row.is_output, _level(row.level), seen)
        return pins.known

    def seen_at(self, modem: str) -> dict[int, datetime]:
        """Return until when each pin of a modem was seen at its stored level."""
        pins = self._pins.get(modem)
        return {} if pins is None else {number: pin.seen_at for number, pin in pins.known.items()}

    def session_began(self, modem: str) -> None:
        """The next report of this modem is compared with what was stored before."""
        self._of(modem).begin_session()
        self._stop_timer(modem)

    def session_lives(self, modem: str, *, has_reported: bool) -> None:
        """A session goes on that another hub saw begin, and perhaps its first report too."""
        if has_reported:
            self._of(modem).resume_session()

    def leave(self) -> dict[str, dict[int, Ripening]]:
        """Return the levels that still have to last, by modem and pin, and see to them no more."""
        for modem in tuple(self._timers):
            self._stop_timer(modem)
        return {modem: waiting for modem, pins in self._pins.items() if (waiting := pins.ripening)}

    def ripen_on(self, modem: str, pin: int, waiting: Ripening) -> None:
        """Go on with a level that had to last in the hub before."""
        pins = self._of(modem)
        pins.ripen_on(pin, waiting)
        self._start_timer(modem, pins)

    def session_ended(self, modem: str) -> None:
        """The modem is away: what was ripening was not seen to last."""
        self._stop_timer(modem)

    def seen(self, message: PinsSeen) -> None:
        """Take one report of the relay."""
        if message.modem not in self.registry:
            return
        moment = datetime.fromtimestamp(int(message.at * 1000) / 1000, UTC)
        raw = (RawPin(number, is_output, is_high) for number, is_output, is_high in message.pins)
        pins = self._of(message.modem)
        self._apply(message.modem, pins, pins.observe(raw, moment, asked=message.asked), moment)

    def rules_changed(self, modem: str) -> None:
        """People changed an input's settings: what is shown changes with them, silently."""
        pins = self._of(modem)
        turned = pins.change_rules(self._rules(modem))
        if turned:
            self._store(modem, pins, turned)

    def forget(self, modem: str) -> None:
        """A modem was deleted."""
        self._stop_timer(modem)
        self._pins.pop(modem, None)

    def _apply(self, modem: str, pins: ModemPins, seen: Observation, moment: datetime) -> None:
        for change in seen.changes:
            self._tell(modem, pins, change, moment)
        if seen.stored and not seen.changes:
            self._store(modem, pins, seen.stored)
        elif seen.stored:
            changed = {change.pin for change in seen.changes}
            if rest := tuple(pin for pin in seen.stored if pin.number not in changed):
                self._store(modem, pins, rest)
        if modem in self.states:
            self.states.update(modem, observed_at=moment)
        self._start_timer(modem, pins)

    def _tell(self, modem: str, pins: ModemPins, change: PinChange, moment: datetime) -> None:
        """Commit one change together with the level it leaves, then show both."""
        rule = pins.rules.get(change.pin, PLAIN)
        event: Event
        if change.is_output:
            event = GpoChanged(
                ts=change.at,
                modem=modem,
                pin=change.pin,
                level=change.level,
                previous=change.previous,
                source=change.source,
                not_before=change.not_before,
            )
        else:
            event = GpiChanged(
                ts=change.at,
                modem=modem,
                pin=change.pin,
                level=change.level,
                previous=change.previous,
                source=change.source,
                not_before=change.not_before,
                name=rule.name or None,
                alarm=None if rule.normal is None else change.level != rule.normal,
            )
        row = PinRow(modem=modem, pin=change.pin, is_output=change.is_output, level=change.level, at=moment)
        self.journal.append(
            event,
            write=lambda conn: save_pins(conn, [row]),
            then=lambda _event: self._show(modem, row.pin, row.is_output, change.level),
        )

    def _store(self, modem: str, pins: ModemPins, stored: tuple[KnownPin, ...]) -> None:
        """Commit levels that are no news, in order with the events around them, and show them."""
        rows = [
            PinRow(modem=modem, pin=pin.number, is_output=pin.is_output, level=pin.level, at=pin.seen_at)
            for pin in stored
        ]
        gpi, gpo = split_levels(pins.known)

        def show() -> None:
            if modem in self.states:
                self.states.update(modem, gpi=gpi, gpo=gpo)

        self.journal.write_state(partial(_save, rows), show)

    def _show(self, modem: str, pin: int, is_output: bool, level: Level) -> None:
        if modem not in self.states:
            return
        state = self.states.get(modem)
        field_name = "gpo" if is_output else "gpi"
        levels: Mapping[int, Level | None] = state.gpo if is_output else state.gpi
        self.states.update(modem, **{field_name: shared_levels(tuple(sorted({**levels, pin: level}.items())))})

    def _start_timer(self, modem: str, pins: ModemPins) -> None:
        due = pins.next_due
        if due is not None and modem in self._timers and self._timers[modem][0] == due:
            return  # it runs by the monotonic clock already: a wall clock that is set meanwhile must not move it
        self._stop_timer(modem)
        if due is not None:
            delay = max((due - self.clock.now()) / timedelta(seconds=1), 0)
            self._timers[modem] = due, asyncio.get_running_loop().call_later(delay, self._ripen, modem, due)

    def _stop_timer(self, modem: str) -> None:
        if (timer := self._timers.pop(modem, None)) is not None:
            timer[1].cancel()

    def _ripen(self, modem: str, due: datetime) -> None:
        del self._timers[modem]
        pins, now = self._of(modem), max(self.clock.now(), due)
        self._apply(modem, pins, pins.ripen(now), now)

    def _of(self, modem: str) -> ModemPins:
        if (pins := self._pins.get(modem)) is None:
            pins = self._pins[modem] = ModemPins(rules=self._rules(modem))
        return pins

    def _rules(self, modem: str) -> dict[int, InputRule]:
        return {number: build_rule(row) for number, row in self.registry.inputs(modem).items()}


def build_rule(row: InputRow) -> InputRule:
    """Return the rule that a stored input setting means."""
    return InputRule(
        name=row.name,
        invert=row.invert,
        debounce=timedelta(seconds=row.debounce_s),
        normal=None if row.normal is None else _level(row.normal),
    )


def _save(rows: list[PinRow], conn: Any) -> None:
    save_pins(conn, rows)


def _level(text: str) -> Level:
    return "ON" if text == "ON" else "OFF"
