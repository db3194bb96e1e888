"""The hub's side of the port for modems when workers carry the traffic: it reads hellos, and gives sockets away."""

import asyncio
import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from irzhub.codec.drivers import build_drivers
from irzhub.core.clock import Clock
from irzhub.core.handover import Handover
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


@dataclass(frozen=True, slots=True)
class LeftDialIn:
    """A socket that had not said hello when the hub went: `heard` was read of it."""

    sock: socket.socket
    peer: str
    accepted: float
    heard: bytes


@dataclass(frozen=True, slots=True)
class FrontNote:
    """What the front of the hub before left; `host` and `port` as they were set."""

    listener: socket.socket
    host: str
    port: int
    dial_ins: tuple[LeftDialIn, ...]

    def close(self) -> None:
        """Nobody can use it: close the listener and who has not said hello."""
        for sock in (self.listener, *(each.sock for each in self.dial_ins)):
            sock.close()


def read_note(note: dict[str, Any], handover: Handover) -> FrontNote:
    """Return the note of `Front.leave` with its descriptors claimed."""
    return FrontNote(
        listener=handover.claim(note["listener"]),
        host=note["host"],
        port=note["port"],
        dial_ins=tuple(
            LeftDialIn(handover.claim(each["sock"]), each["peer"], each["accepted"], bytes.fromhex(each["heard"]))
            for each in note["dial_ins"]
        ),
    )


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

    async def open(self, left: FrontNote | None = None) -> None:
        """Listen.

        Args:
            left: what the hub before this one left.

        Raises:
            StartError: the port cannot be bound; the text says which setting to change.
        """
        limit = raise_limit()
        await self._descriptors.calibrate()
        listener = None
        if left is not None and (left.host, left.port) == (self._settings.host, self._settings.port):
            listener = left.listener
        elif left is not None:
            left.listener.close()
        port = await self._acceptor.open(listener=listener)
        self._wheel.start()
        for dialled in left.dial_ins if left is not None else ():
            self._acceptor.take(dialled.sock, dialled.peer, dialled.accepted, dialled.heard)
        self._tasks.spawn(self._beat(), "beat")
        _log.info("modems dial in at %s:%d; at most %d open files in each process", self._settings.host, port, limit)
        self._to_hub(ModemsListening(port=port))

    def rest(self) -> None:
        """Accept nobody until `go_on`; modems that dial wait in the kernel's queue."""
        self._acceptor.rest()

    def go_on(self) -> None:
        """Accept again."""
        self._acceptor.go_on()

    def leave(self, handover: Handover) -> dict[str, Any]:
        """Return the note for the front of the next hub, with the listener and all who have not said hello yet.

        They are not read any more here: what they say goes on behind what was heard.
        """
        dial_ins = []
        for dial_in in self._acceptor.dial_ins:
            dial_ins.append(
                {
                    "sock": handover.keep(dial_in.sock.fileno()),
                    "peer": dial_in.peer,
                    "accepted": dial_in.accepted,
                    "heard": dial_in.heard.hex(),
                }
            )
            dial_in.end("")
        return {
            "listener": handover.keep(self._acceptor.listener),
            "host": self._settings.host,
            "port": self._settings.port,
            "dial_ins": dial_ins,
        }

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
