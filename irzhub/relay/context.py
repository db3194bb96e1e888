"""What the client sides of all modems have in common, kept once because there are thousands of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from irzhub.core.clock import Clock
from irzhub.core.metrics import Metrics
from irzhub.relay.line_polls import AllPolls
from irzhub.relay.messages import ToHub
from irzhub.relay.recorder_ring import RecorderRings
from irzhub.relay.relay_metrics import RelayMetrics
from irzhub.relay.settings import RelaySettings

if TYPE_CHECKING:
    from irzhub.relay.channel import Channel
    from irzhub.relay.pipe import Pipe

_NEWS_AGAIN_S: Final = 60.0
_SOURCES_LIMIT: Final = 1024


class ClientSide:
    """The surroundings of a channel: limits, the way to the hub, clocks, flight recorder, counters.

    Args:
        report: takes messages for the hub; must not block.
        may_accept: whether there is a descriptor left for one more program.

    Attributes:
        clients: how many programs are connected to this relay.
        pipes: the open ones, by modem.
        polls: who asked which meter, by line.
        on_presence: called with a channel whose modem has come or gone.
    """

    __slots__ = (
        "_told",
        "clients",
        "clock",
        "dropped",
        "latency",
        "may_accept",
        "monotonic",
        "on_presence",
        "pipes",
        "polls",
        "report",
        "rings",
        "settings",
    )

    def __init__(
        self,
        settings: RelaySettings,
        report: Callable[[ToHub], None],
        clock: Clock,
        metrics: Metrics,
        may_accept: Callable[[], bool] = lambda: True,
    ) -> None:
        self.settings = settings
        self.report = report
        self.clock = clock
        self.monotonic = clock.monotonic
        self.may_accept = may_accept
        self.rings = RecorderRings(settings.ring_modem, settings.ring_total)
        self.polls = AllPolls(clock.monotonic)
        self.clients = 0
        self.pipes: dict[str, Pipe] = {}
        self._told: dict[str, float] = {}
        self.on_presence: Callable[[Channel], None] = _nobody_cares
        counted = RelayMetrics(metrics)
        self.dropped = counted.dropped
        self.latency = counted.latency

    def unix_time(self) -> float:
        """Return the Unix time in seconds, as messages carry it."""
        return self.clock.now().timestamp()

    def is_news(self, source: str) -> bool:
        """Say whether the log has not heard of this source in the last minute; asking is telling."""
        now = self.monotonic()
        if now - self._told.get(source, -_NEWS_AGAIN_S) < _NEWS_AGAIN_S:
            return False
        if len(self._told) >= _SOURCES_LIMIT:
            self._told.clear()
        self._told[source] = now
        return True


def _nobody_cares(channel: "Channel") -> None:
    """Take the place of a listener that is not there yet."""
