"""What signal, temperature and traffic did in each ten minutes, gathered in memory until it is written."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from irzhub.core.state import ModemState
from irzhub.storage.history_series import SLOT_S, SlotRow

SLOTS_LIMIT: Final = 150_000
"""Slots kept while the database is away: some 50 MB. Beyond it the oldest go."""

_SIGNAL: Final = frozenset({"csq", "observed_at"})
_TEMPERATURE: Final = frozenset({"temperature_c", "observed_at"})
_TRAFFIC: Final = frozenset({"rx_bytes", "tx_bytes"})
_Key = tuple[datetime, str]


class SeriesBuffer:
    """The slots that changed since they were last written, and the present ones."""

    def __init__(self, hub: str) -> None:
        self._hub = hub
        self._slots: dict[_Key, SlotRow] = {}
        self._changed: dict[_Key, None] = {}
        self._totals: dict[str, tuple[int, int]] = {}
        self.dropped = 0

    def observe(self, state: ModemState, fields: frozenset[str], now: datetime) -> None:
        """Take from a changed state what belongs into its slots."""
        if fields & _SIGNAL and state.csq is not None:
            _sample(self._slot(state.modem, now), "csq", state.csq)
        if fields & _TEMPERATURE and state.temperature_c is not None:
            _sample(self._slot(state.modem, now), "temperature", state.temperature_c)
        if fields & _TRAFFIC:
            before = self._totals.get(state.modem)
            self._totals[state.modem] = (state.rx_bytes, state.tx_bytes)
            if before is not None and (state.rx_bytes > before[0] or state.tx_bytes > before[1]):
                slot = self._slot(state.modem, now)
                slot.rx_bytes += max(0, state.rx_bytes - before[0])
                slot.tx_bytes += max(0, state.tx_bytes - before[1])

    def forget(self, modem: str) -> None:
        """Stop to follow a modem that was deleted."""
        self._totals.pop(modem, None)

    def merge(self, stored: Iterable[SlotRow]) -> None:
        """Add what was stored of the present slots before this start of the hub."""
        for row in stored:
            present = self._slots.setdefault((row.start, row.modem), row)
            if present is not row:
                _merge(present, row)

    def take(self, limit: int) -> list[SlotRow]:
        """Return changed slots to be written; those not written must be given back."""
        keys = list(self._changed)[:limit]
        for key in keys:
            del self._changed[key]
        return [self._slots[key] for key in keys]

    def give_back(self, rows: Sequence[SlotRow]) -> None:
        """Note that these were not written."""
        self._changed = {(row.start, row.modem): None for row in rows if self._is_kept(row)} | self._changed

    def drop_past(self, now: datetime) -> None:
        """Forget slots that are over and written, and the oldest ones beyond the limit."""
        present = slot_start(now)
        over = [key for key in self._slots if key[0] < present and key not in self._changed]
        for key in over:
            del self._slots[key]
        surplus = list(self._slots)[: max(0, len(self._slots) - SLOTS_LIMIT)]
        for key in surplus:
            del self._slots[key]
            self._changed.pop(key, None)
        self.dropped += len(surplus)

    def __len__(self) -> int:
        return len(self._changed)

    def _slot(self, modem: str, now: datetime) -> SlotRow:
        key = (slot_start(now), modem)
        self._changed[key] = None
        slot = self._slots.get(key)
        if slot is None:
            slot = self._slots[key] = SlotRow(self._hub, modem, SLOT_S, key[0])
        return slot

    def _is_kept(self, row: SlotRow) -> bool:
        return self._slots.get((row.start, row.modem)) is row


def slot_start(moment: datetime, slot_s: int = SLOT_S) -> datetime:
    """Return when the slot began that `moment` lies in (UTC)."""
    return moment - timedelta(seconds=moment.timestamp() % slot_s)


def _sample(slot: SlotRow, name: str, value: int) -> None:
    low, high = getattr(slot, f"{name}_min"), getattr(slot, f"{name}_max")
    setattr(slot, f"{name}_min", value if low is None else min(low, value))
    setattr(slot, f"{name}_max", value if high is None else max(high, value))
    setattr(slot, f"{name}_sum", getattr(slot, f"{name}_sum") + value)
    setattr(slot, f"{name}_count", getattr(slot, f"{name}_count") + 1)
    setattr(slot, f"{name}_last", value)


def _merge(slot: SlotRow, earlier: SlotRow) -> None:
    for name in ("csq", "temperature"):
        for end, choose in (("min", min), ("max", max)):
            known = [x for x in (getattr(slot, f"{name}_{end}"), getattr(earlier, f"{name}_{end}")) if x is not None]
            setattr(slot, f"{name}_{end}", choose(known) if known else None)
        for part in ("sum", "count"):
            setattr(slot, f"{name}_{part}", getattr(slot, f"{name}_{part}") + getattr(earlier, f"{name}_{part}"))
        if getattr(slot, f"{name}_last") is None:
            setattr(slot, f"{name}_last", getattr(earlier, f"{name}_last"))
    slot.rx_bytes += earlier.rx_bytes
    slot.tx_bytes += earlier.tx_bytes
