"""From pins as the modem reports them to levels and changes as people see them.

Three rules, each in one place below (ARCHITECTURE D7):

1. The first value ever of a pin is state only: nobody is told of a door because a modem was installed.
2. The first report of a session is compared with the stored level. A difference happened while nobody
   looked: a change with source `inferred` and `not_before`, the moment until which the stored one was seen.
3. A later difference of an input counts once it has lasted for the input's `debounce`; its time is when
   it was first seen. A level that returns before that was never there.

A pin that turned from input to output or back begins anew by rule 1. No I/O and no clock here: `now` comes
in, and the caller asks `next_due` when to call `ripen`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from irzhub.core.events import Level, PinSource


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRule:
    """What people set for one input: `normal` is the level of the quiet state, None when not said."""

    name: str = ""
    invert: bool = False
    debounce: timedelta = timedelta()
    normal: Level | None = None


PLAIN: Final = InputRule()


@dataclass(frozen=True, slots=True)
class RawPin:
    """A pin as the modem reports it."""

    number: int
    is_output: bool
    is_high: bool


@dataclass(slots=True)
class KnownPin:
    """A pin as it is shown, and until when it was seen so."""

    number: int
    is_output: bool
    level: Level
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PinChange:
    """One change that people are told of."""

    pin: int
    is_output: bool
    level: Level
    previous: Level
    source: PinSource
    at: datetime
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """What one report means: changes for people, and pins whose stored value is another now."""

    changes: tuple[PinChange, ...]
    stored: tuple[KnownPin, ...]


@dataclass(frozen=True, slots=True)
class Ripening:
    """A level that still has to last until `due`; `at` is when it was first seen."""

    level: Level
    source: PinSource
    at: datetime
    due: datetime


@dataclass(slots=True)
class ModemPins:
    """The pins of one modem: `known` as shown, `rules` as set, and what still has to last."""

    known: dict[int, KnownPin] = field(default_factory=dict)
    rules: Mapping[int, InputRule] = field(default_factory=dict)
    _ripening: dict[int, Ripening] = field(default_factory=dict)
    _compared: bool = False

    def begin_session(self) -> None:
        """A session begins: its first report is compared by rule 2, and what was ripening is void."""
        self._compared = False
        self._ripening.clear()

    def resume_session(self) -> None:
        """A session goes on whose first report was compared already."""
        self._compared = True

    @property
    def ripening(self) -> dict[int, Ripening]:
        """What still has to last, by pin."""
        return dict(self._ripening)

    def ripen_on(self, pin: int, waiting: Ripening) -> None:
        """Go on with what had to last already."""
        if pin in self.known:
            self._ripening[pin] = waiting

    def observe(self, pins: Iterable[RawPin], now: datetime, *, asked: bool) -> Observation:
        """Take one report; return what it changes at once."""
        changes: list[PinChange] = []
        stored: list[KnownPin] = []
        source: PinSource = "query" if asked else "report"
        for raw in pins:
            level = self._shown(raw)
            known = self.known.get(raw.number)
            if known is None or known.is_output != raw.is_output:
                self._ripening.pop(raw.number, None)
                stored.append(self._store(raw, level, now))
            elif level == known.level:
                self._ripening.pop(raw.number, None)
                known.seen_at = now
            elif not self._compared:
                changes.append(_change(known, level, "inferred", now, not_before=known.seen_at))
                stored.append(self._store(raw, level, now))
            else:
                self._begin_ripening(raw, level, source, now)
        self._compared = True
        ripe = self.ripen(now)
        return Observation((*changes, *ripe.changes), (*stored, *ripe.stored))

    def ripen(self, now: datetime) -> Observation:
        """Return the changes that have lasted long enough by `now`."""
        changes: list[PinChange] = []
        stored: list[KnownPin] = []
        for number, waiting in sorted(self._ripening.items()):
            if waiting.due > now:
                continue
            known = self.known[number]
            changes.append(_change(known, waiting.level, waiting.source, waiting.at))
            stored.append(self._store(RawPin(number, known.is_output, is_high=False), waiting.level, now))
        for change in changes:
            del self._ripening[change.pin]
        return Observation(tuple(changes), tuple(stored))

    @property
    def next_due(self) -> datetime | None:
        """When the next change may be ripe; None when nothing waits."""
        return min((waiting.due for waiting in self._ripening.values()), default=None)

    def change_rules(self, rules: Mapping[int, InputRule]) -> tuple[KnownPin, ...]:
        """Set new rules; return the pins that are shown otherwise from now on (inversion), without a change."""
        turned = [
            pin
            for number, pin in self.known.items()
            if not pin.is_output and rules.get(number, PLAIN).invert != self.rules.get(number, PLAIN).invert
        ]
        for pin in turned:
            pin.level = _other(pin.level)
            self._ripening.pop(pin.number, None)
        self.rules = rules
        return tuple(turned)

    def _shown(self, raw: RawPin) -> Level:
        inverted = not raw.is_output and self.rules.get(raw.number, PLAIN).invert
        return "ON" if raw.is_high != inverted else "OFF"

    def _store(self, raw: RawPin, level: Level, now: datetime) -> KnownPin:
        pin = self.known[raw.number] = KnownPin(raw.number, raw.is_output, level, now)
        return pin

    def _begin_ripening(self, raw: RawPin, level: Level, source: PinSource, now: datetime) -> None:
        waiting = self._ripening.get(raw.number)
        if waiting is not None and waiting.level == level:
            return  # it lasts
        debounce = timedelta() if raw.is_output else self.rules.get(raw.number, PLAIN).debounce
        self._ripening[raw.number] = Ripening(level, source, now, now + debounce)


def _change(
    known: KnownPin, level: Level, source: PinSource, at: datetime, not_before: datetime | None = None
) -> PinChange:
    return PinChange(
        pin=known.number,
        is_output=known.is_output,
        level=level,
        previous=known.level,
        source=source,
        at=at,
        not_before=not_before,
    )


def _other(level: Level) -> Level:
    return "OFF" if level == "ON" else "ON"
