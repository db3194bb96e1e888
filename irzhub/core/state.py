"""What is: the live state of each modem, kept here and nowhere else.

Only the store emits `StateChanged`. A state is replaced, never changed, so whoever holds one holds a
consistent picture. Unknown is None, never 0 (CONTRACT 1).
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from irzhub.core.bus import Bus
from irzhub.core.events import Level
from irzhub.core.exceptions import UnknownModem

Link: TypeAlias = Literal["online", "offline", "standby", "quarantined"]
Presence: TypeAlias = Literal["always", "schedule", "on_request"]
Levels: TypeAlias = Mapping[int, Level | None]
NO_LEVELS: Final[Levels] = MappingProxyType({})


def _no_levels() -> Levels:
    return NO_LEVELS  # one empty mapping for all: it cannot be changed


@dataclass(frozen=True, slots=True, kw_only=True)
class ModemState:
    """All that is known of one modem at a moment.

    Args:
        modem: modem id (CONTRACT 1); `imei` and `channel` are its parts, `channel` None for a single one.
        link: `online` while a session lives; `confirmed` is False while `online` is only remembered from
            before a restart (ARCHITECTURE D15).
        address: `host:port` as advertised; `port` its number.
        sim: active SIM slot, 1 or 2. csq: 0..31 as the modem gives it.
        cell: the serving cell as `MCC-MNC-LAC-CID`, or as the modem told it where that cannot be read.
        gpi, gpo: level by the modem's pin number, after inversion; None while unknown.
        rx_bytes, tx_bytes: meter bytes from and to the modem since registration.
        observed_at: when any of the values was last told by the modem; last_seen: its last byte (UTC).
        problem: why its port is not open, in words, else None.
        presence: when it is to be online. is_expected: whether it is to be online now.
        group: path in the tree of groups, `/` between the names; organisation, site: ids, empty for none.
        phone_sim1, phone_sim2: numbers of its SIM cards, empty while unknown.
        commissioning: it is being set up: what happens is recorded, and nobody is told.
    """

    modem: str
    imei: str
    channel: int | None = None
    link: Link = "offline"
    confirmed: bool = True
    name: str = ""
    group: str = ""
    comment: str = ""
    organisation: str = ""
    site: str = ""
    phone_sim1: str = ""
    phone_sim2: str = ""
    commissioning: bool = False
    model: str | None = None
    firmware: str | None = None
    address: str | None = None
    port: int | None = None
    peer: str | None = None
    sim: int | None = None
    csq: int | None = None
    iccid: str | None = None
    temperature_c: int | None = None
    cell: str | None = None
    clients: int = 0
    gpi: Levels = field(default_factory=_no_levels)
    gpo: Levels = field(default_factory=_no_levels)
    rx_bytes: int = 0
    tx_bytes: int = 0
    last_seen: datetime | None = None
    observed_at: datetime | None = None
    registered_at: datetime | None = None
    encapsulated: bool | None = None
    default_password: bool = False
    problem: str | None = None
    presence: Presence = "always"
    is_expected: bool = True

    @property
    def rssi_dbm(self) -> int | None:
        """The signal in dBm, from the CSQ (3GPP TS 27.007, 8.5)."""
        return None if self.csq is None else -113 + 2 * self.csq


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The state of one modem is another now; `fields` names what differs, all of them for a new modem."""

    state: ModemState
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class ModemForgotten:
    """A modem was deleted; `state` is the last one."""

    state: ModemState


_NAMES: Final = tuple(each.name for each in dataclasses.fields(ModemState))
_ALL_FIELDS: Final = frozenset(_NAMES)
_read_all: Final = attrgetter(*_NAMES)
_WRITERS: Final = {name: getattr(ModemState, name).__set__ for name in _NAMES}


def _replaced(old: ModemState, changes: dict[str, Any]) -> ModemState:
    """Return what `dataclasses.replace` does, in a third of its time: each message of each modem comes by here."""
    new: ModemState = object.__new__(ModemState)
    for write, value in zip(_WRITERS.values(), _read_all(old), strict=True):
        write(new, value)
    for name, value in changes.items():
        _WRITERS[name](new, value)
    return new


@dataclass(slots=True)
class StateStore:
    """The present state of all modems, by id."""

    bus: Bus
    _states: dict[str, ModemState] = field(default_factory=dict)

    def get(self, modem: str) -> ModemState:
        """Return the state of a modem.

        Raises:
            UnknownModem: it is not registered.
        """
        try:
            return self._states[modem]
        except KeyError:
            raise UnknownModem(f"no modem {modem!r} is registered") from None

    def add(self, state: ModemState) -> None:
        """Start to keep a modem; emits `StateChanged` with every field."""
        self._states[state.modem] = state
        self.bus.publish(StateChanged(state, _ALL_FIELDS))

    def update(self, modem: str, **changes: Any) -> ModemState:
        """Replace some fields; emits `StateChanged` only when one of them differs."""
        old = self.get(modem)
        differing = frozenset(name for name, value in changes.items() if getattr(old, name) != value)
        if not differing:
            return old
        new = self._states[modem] = _replaced(old, changes)
        self.bus.publish(StateChanged(new, differing))
        return new

    def forget(self, modem: str) -> None:
        """Stop to keep a modem; emits `ModemForgotten`."""
        if (state := self._states.pop(modem, None)) is not None:
            self.bus.publish(ModemForgotten(state))

    def __iter__(self) -> Iterator[ModemState]:
        return iter(tuple(self._states.values()))

    def __len__(self) -> int:
        return len(self._states)

    def __contains__(self, modem: object) -> bool:
        return modem in self._states
