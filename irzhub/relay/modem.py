"""What the relay keeps of each modem, online or not, and what all of them share."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from irzhub.core.clock import Clock
from irzhub.core.metrics import Metrics
from irzhub.relay.channel import Channel
from irzhub.relay.keepalive import KeepaliveInterval
from irzhub.relay.messages import ToHub, Traffic
from irzhub.relay.recorder_ring import RecorderRings
from irzhub.relay.relay_metrics import RelayMetrics
from irzhub.relay.settings import ModemSettings, RelaySettings
from irzhub.relay.wheel import Timed, Wheel
from irzhub.relay.zones import Zones

if TYPE_CHECKING:
    from irzhub.relay.conflict import SwapHistory
    from irzhub.relay.session import ModemSession


class Modem:
    """One modem by its id: settings, its line to the programs, and its session while it has one."""

    __slots__ = (
        "generation",
        "interval",
        "is_removed",
        "line",
        "rx_grown",
        "session",
        "settings",
        "swaps",
        "tx_grown",
        "was_heard",
    )

    def __init__(self, settings: ModemSettings, line: Channel) -> None:
        self.settings = settings
        self.line = line
        self.session: ModemSession | None = None
        self.generation = 0
        self.interval = KeepaliveInterval()
        self.swaps: SwapHistory | None = None
        self.rx_grown = 0
        self.tx_grown = 0
        self.was_heard = False
        self.is_removed = False


class Shared:
    """What every session of a relay uses, once for all: settings, clock, wheel, the way to the hub, counters.

    Attributes:
        sessions: how many modems are connected. transports: how many sockets of modems are open.
        heard: modems with traffic since the hub was last told.
        is_closing: the relay stops, no session begins any more.
        leaving: who still closes a socket after its session ended; `due` cuts it.
    """

    __slots__ = (
        "clock",
        "connects",
        "disconnects",
        "handshake",
        "heard",
        "is_closing",
        "leaving",
        "monotonic",
        "relayed",
        "rings",
        "sessions",
        "settings",
        "to_hub",
        "transports",
        "wheel",
        "zones",
    )

    def __init__(
        self,
        settings: RelaySettings,
        to_hub: Callable[[ToHub], None],
        clock: Clock,
        metrics: Metrics,
        wheel: Wheel,
        rings: RecorderRings,
    ) -> None:
        self.settings = settings
        self.to_hub = to_hub
        self.clock = clock
        self.monotonic = clock.monotonic
        self.wheel = wheel
        self.rings = rings
        self.zones = Zones()
        self.sessions = 0
        self.leaving: set[Timed] = set()
        self.transports = 0
        self.is_closing = False
        self.heard: list[Modem] = []
        counted = RelayMetrics(metrics)
        self.connects = counted.connects
        self.disconnects = counted.disconnects
        self.handshake = counted.handshake
        self.relayed = counted.relayed

    def unix_time(self, moment: float | None = None) -> float:
        """Return Unix seconds of now, or of the monotonic `moment`."""
        now = self.clock.now().timestamp()
        return now if moment is None else now - max(self.monotonic() - moment, 0.0)

    def tell_traffic(self, modems: Iterable[Modem]) -> None:
        """Tell the hub what grew at these modems since it was last told."""
        grown = {}
        rx_total = tx_total = 0
        for modem in modems:
            if modem.was_heard and modem.session is not None:
                at = round(self.unix_time(modem.session.life.last_byte), 3)
                grown[modem.settings.modem] = (modem.rx_grown, modem.tx_grown, at)
                rx_total += modem.rx_grown
                tx_total += modem.tx_grown
            modem.rx_grown = modem.tx_grown = 0
            modem.was_heard = False
        if grown:
            self.relayed.add(rx_total, "rx")
            self.relayed.add(tx_total, "tx")
            self.to_hub(Traffic(grown=grown))

    def local_time(self, zone: str) -> datetime:
        """Return the present time on a clock in `zone` (IANA), which was loaded before."""
        return self.zones.local_time(zone, self.clock.now())
