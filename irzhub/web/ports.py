"""What the web asks of the fleet and of the journal, no more."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, Unpack

from irzhub.core.events import Event
from irzhub.storage.inputs import InputRow
from irzhub.storage.meters import MeterRow
from irzhub.storage.modems import ModemRow, RowEdit
from irzhub.storage.outputs import OutputRow


class Newcomer(Protocol):
    """A modem that knocks and is not let in (yet)."""

    modem: str
    imei: str
    channel: int | None
    peer: str
    reason: str
    last_seen: datetime


class Registry(Protocol):
    """The modems that the hub knows, with what people set for them."""

    def get(self, modem: str) -> ModemRow:
        """Return a modem's row.

        Raises:
            UnknownModem: it is not registered.
        """

    def inputs(self, modem: str) -> Mapping[int, InputRow]:
        """Return what people set for a modem's inputs, by pin number."""

    def outputs(self, modem: str) -> Mapping[int, OutputRow]:
        """Return a modem's outputs that were named or switched, by pin number."""

    async def edit(
        self,
        modem: str,
        *,
        inputs: Mapping[int, InputRow] | None = None,
        **changes: Unpack[RowEdit],
    ) -> object:
        """Change what people set for a modem, committed when it returns; what is not given stays.

        Raises:
            UnknownModem: it is not registered.
        """

    def address(self, modem: str, towards: str | None = None) -> str:
        """Return where `towards` (an IP address) reaches a modem's port, as `host:port`."""

    def lineage(self, modem: str) -> tuple[str, ...]:
        """Return a modem and those in whose place it stands, the latest first."""

    def meters_of(self, modem: str) -> Sequence[MeterRow]:
        """Return the meters that people entered behind a modem."""

    def quarantined(self) -> Sequence[Newcomer]:
        """Return the modems that knocked and were not let in."""


class EventLog(Protocol):
    """The journal, read back."""

    async def read(self, after_seq: int, limit: int) -> list[Event]:
        """Return at most `limit` events whose number is greater than `after_seq`, in order."""

    @property
    def first_seq(self) -> int:
        """The number of the oldest event that is kept."""

    @property
    def last_seq(self) -> int:
        """The number of the newest event."""

    @property
    def pending(self) -> int:
        """How many events wait for their commit."""
