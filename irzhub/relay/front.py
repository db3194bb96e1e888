"""The hub's side of the port for modems when workers carry the traffic: it reads hellos, and gives sockets away."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from irzhub.codec.drivers import build_drivers
from irzhub.core.clock import Clock
from irzhub.core.tasks import Tasks
from irzhub.relay.acceptor import Acceptor
from irzhub.relay.descriptors import Descriptors, raise_limit
from irzhub.relay.dial_in import DialledIn
from irzhub.relay.messages import ModemsListening, ToHub
from irzhub.relay.rejections import Rejections
from irzhub.relay.settings import RelaySettings
from irzhub.relay.wheel import Wheel

_log = logging.getLogger(__name__)
_CALIBRATE_EVERY: Final = 30


class Front:
    """Accepts modems and reads their hellos.

    Args:
        hand_over: takes a socket that has said hello; False when it cannot, the socket is closed then.
        waiting: how many sockets wait to be handed over.
        on_beat: called once a second.
    """

    def __init__(
        self,
        settings: RelaySettings,
        to_hub: Callable[[ToHub], None],
        hand_over: Callable[[DialledIn], bool],
        waiting: Callable[[], int],
        on_beat: Callable[[], None],
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._to_hub = to_hub
        self._hand_over = hand_over
        self._on_beat = on_beat
        self._tasks = Tasks("front")
        self._wheel = Wheel(clock)
        self._descriptors = Descriptors(settings.descriptor_reserve, lambda: 1 + self._acceptor.silent + waiting())
        self._rejections = Rejections(clock, to_hub)
        drivers = build_drivers(settings.raw_pattern, settings.raw_heartbeat, settings.answer_end)
        self._acceptor = Acceptor(
            settings, drivers, self._descriptors, self._rejections, self._wheel, clock, self._adopt
        )

    async def open(self) -> None:
        """Listen.

        Raises:
            StartError: the port cannot be bound; the text says which setting to change.
        """
        limit = raise_limit()
        await self._descriptors.calibrate()
        port = await self._acceptor.open()
        self._wheel.start()
        self._tasks.spawn(self._beat(), "beat")
        _log.info("modems dial in at %s:%d; at most %d open files in each process", self._settings.host, port, limit)
        self._to_hub(ModemsListening(port=port))

    def shut(self) -> None:
        """Listen no more; the rest goes on until `close`."""
        self._acceptor.close()

    async def close(self) -> None:
        """Listen no more, and beat no more."""
        self._acceptor.close()
        await self._tasks.close()
        self._wheel.stop()

    def take_worst_lag(self) -> float:
        """Return how late the hub's own loop was at the worst since the last question, in seconds."""
        return self._wheel.take_worst_lag()

    def _adopt(self, dialled: DialledIn) -> None:
        if not self._hand_over(dialled):
            dialled.sock.close()
            self._rejections.tell("too many modems wait for their worker", dialled.peer)

    async def _beat(self) -> None:
        beat = 0
        while True:
            await asyncio.sleep(1.0)
            beat += 1
            self._rejections.sweep()
            self._on_beat()
            if beat % _CALIBRATE_EVERY == 0 or self._descriptors.is_short:
                await self._descriptors.calibrate()
